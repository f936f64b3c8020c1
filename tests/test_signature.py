from __future__ import annotations

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from shadowtap.signature import parse, sign

KEY = b"0123456789abcdef0123456789abcdef"
PARTS = {"method": "POST", "target": b"/orders?x=1", "id": "00ff" * 8}


def signed(**changes: object) -> str:
    return sign(KEY, **{**PARTS, "time": 1_700_000_000, "body": b"body", **changes})  # type: ignore[arg-type]


def test_the_format_does_not_change_between_releases() -> None:
    digest = hashlib.sha256(b"body").hexdigest()
    covered = f"shadowtap-v1\nPOST\n/orders?x=1\n{PARTS['id']}\n1700000000\n{digest}".encode()
    mac = hmac.new(KEY, covered, "sha256").hexdigest()
    assert signed() == f"v1;t=1700000000;d={digest};s={mac}"


def test_what_was_signed_is_verified() -> None:
    claim = parse(signed())
    assert claim is not None
    assert claim.verify(KEY, **PARTS)
    assert claim.covers(b"body")


@given(st.sampled_from(["method", "target", "id"]), st.text("abc/\n", min_size=1, max_size=5))
def test_a_change_of_any_part_is_noticed(part: str, suffix: str) -> None:
    claim = parse(signed())
    assert claim is not None
    changed = PARTS[part] + (suffix.encode() if part == "target" else suffix)  # type: ignore[operator]
    assert not claim.verify(KEY, **{**PARTS, part: changed})


def test_another_key_another_time_and_another_body_are_noticed() -> None:
    claim, later = parse(signed()), parse(signed().replace("t=1700000000", "t=1700000001"))
    assert claim is not None
    assert later is not None
    assert not claim.verify(KEY[::-1], **PARTS)
    assert not later.verify(KEY, **PARTS)
    assert not claim.covers(b"bodY")


@given(
    st.text(max_size=200) | st.sampled_from([signed() + "\n", signed() + "," + signed(), " " + signed(), ""])
)
def test_what_has_not_exactly_the_form_is_not_a_signature(value: str) -> None:
    assert parse(value) is None
