from __future__ import annotations

import contextlib
import gzip
import importlib
import sys
import time
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowtap.exceptions import UnsupportedBody
from shadowtap.redact import Redactor, compressed
from shadowtap.redact.compressed import MAX_SIZE, opened
from tests.redact.asking import JSON, captured, header_values

PLAIN = b'{"email":"bob@x.io","id":7}'


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def optional(coding: str, *names: str) -> Callable[[bytes], bytes]:
    for name in names:
        try:
            compress: Callable[[bytes], bytes] = importlib.import_module(name).compress
        except ImportError:
            continue
        return compress
    pytest.skip(f"no package for {coding} is installed")


def pack(coding: str, data: bytes) -> bytes:
    if coding == "br":
        return optional("br", "brotli", "brotlicffi")(data)
    if coding == "zstd":
        return optional("zstd", "compression.zstd", "backports.zstd", "zstandard")(data)
    return {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "raw": raw_deflate}[
        coding
    ](data)


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "br", "zstd"])
def test_a_compressed_body_is_sent_uncompressed_and_redacted(redactor: Redactor, coding: str) -> None:
    request = captured(headers=[("Content-Encoding", coding)], body=pack(coding, PLAIN), content_type=JSON)
    out = redactor.redact(request)
    assert out.body.startswith(b'{"email":"')
    assert out.body.endswith(b'.example.com","id":7}')
    assert header_values(out, "content-encoding") == []


def test_raw_deflate_which_some_clients_send_is_opened(redactor: Redactor) -> None:
    request = captured(headers=[("Content-Encoding", "deflate")], body=raw_deflate(PLAIN), content_type=JSON)
    assert redactor.redact(request).body.endswith(b'.example.com","id":7}')


@pytest.mark.parametrize("value", ["gzip, gzip", "identity, gzip,GZIP", "deflate, gzip"])
def test_two_codings_are_taken_off_in_turn(redactor: Redactor, value: str) -> None:
    inner = zlib.compress(PLAIN) if value.startswith("deflate") else gzip.compress(PLAIN)
    request = captured(headers=[("Content-Encoding", value)], body=gzip.compress(inner), content_type=JSON)
    assert redactor.redact(request).body.endswith(b'.example.com","id":7}')


def test_three_codings_are_one_too_many() -> None:
    with pytest.raises(UnsupportedBody, match="compressed more than 2 times"):
        opened(gzip.compress(gzip.compress(gzip.compress(PLAIN))), ["gzip", "gzip", "gzip"])


@pytest.mark.parametrize("coding", ["compress", "aws-chunked", "x", "dcb"])
def test_a_coding_that_is_not_known_is_not_sent(coding: str) -> None:
    with pytest.raises(UnsupportedBody, match="compression is not understood"):
        opened(PLAIN, [coding])


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw", "br", "zstd"])
def test_a_bomb_is_not_inflated(coding: str) -> None:
    bomb = pack(coding, b"\0" * (200 * 1024 * 1024 // (1 if coding != "br" else 4)))
    started = time.thread_time()
    with pytest.raises(UnsupportedBody, match="compressed too well"):
        opened(bomb, ["deflate" if coding == "raw" else coding])
    assert time.thread_time() - started < 1.0


def test_a_body_that_grows_less_than_a_hundredfold_may_still_be_too_large() -> None:
    text = b"".join(b"%d," % number for number in range(MAX_SIZE // 6))
    with pytest.raises(UnsupportedBody, match="compressed too well"):
        opened(gzip.compress(text, 1), ["gzip"])


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw", "br", "zstd"])
def test_damaged_content_is_not_sent(coding: str) -> None:
    whole = pack(coding, PLAIN * 50)
    name = "deflate" if coding == "raw" else coding
    for damaged in (whole[:-3], whole[:10], b"", PLAIN):
        with pytest.raises(UnsupportedBody, match="compression is damaged"):
            opened(damaged or b"\xff", [name])


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_follows_the_compressed_content_is_not_sent(coding: str) -> None:
    with pytest.raises(UnsupportedBody, match="compression is damaged"):
        opened(pack(coding, PLAIN) + b"bob@x.io", [coding])


def test_a_file_of_several_gzip_members_is_opened() -> None:
    assert opened(gzip.compress(b"[1,") + gzip.compress(b"2]"), ["gzip"]) == b"[1,2]"


def test_very_many_members_are_too_many() -> None:
    with pytest.raises(UnsupportedBody, match="compression is damaged"):
        opened(gzip.compress(b"") * 50_000, ["gzip"])


@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_without_a_decoder_the_reason_is_told(monkeypatch: pytest.MonkeyPatch, coding: str) -> None:
    for name in ("brotli", "brotlicffi", "compression.zstd", "backports.zstd", "zstandard"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UnsupportedBody, match=f"compressed with {coding}, for which no decoder is installed"):
        opened(PLAIN, [coding])


def test_a_brotli_that_cannot_be_told_to_stop_is_no_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old:
        error = ValueError

        class Decompressor:
            def process(self, data: bytes) -> bytes:
                return data

    monkeypatch.setattr(compressed, "_first_of", lambda *names: Old)
    with pytest.raises(UnsupportedBody, match="no decoder is installed"):
        opened(PLAIN, ["br"])


def test_nothing_in_a_compressed_body_is_nothing(redactor: Redactor) -> None:
    request = captured(headers=[("Content-Encoding", "gzip")], body=gzip.compress(b""), content_type=JSON)
    assert redactor.redact(request).body == b""


@given(st.binary(max_size=3000), st.sampled_from(["gzip", "deflate"]))
def test_what_was_packed_is_what_is_opened(data: bytes, coding: str) -> None:
    if len(data) < 50 * len(pack(coding, data)):
        assert opened(pack(coding, data), [coding]) == data


@given(st.binary(min_size=1, max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_any_bytes_are_opened_or_refused(data: bytes, coding: str) -> None:
    with contextlib.suppress(UnsupportedBody):
        assert len(opened(data, [coding])) <= 100 * len(data)
