"""HAR 1.2: the requests of an archive, and the archive written anew with redacted ones.

Nothing is copied that is not known to be harmless: pages, comments, timings of other
names, addresses of servers and the fields of single browsers are left out.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import shadowtap
from shadowtap.cli.source import InputError
from shadowtap.exchange import CapturedRequest, Headers, RedactedRequest

_MOMENT = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-9:.]{5,18}(?:Z|[+\-][0-9:]{4,5})?")
_VERSION = re.compile(r"(?i)HTTP/[0-9](?:\.[0-9])?|h[23]")
_CHARSET = re.compile(rb"(?i)(;\s*charset\s*=\s*)\"?[\w.:\-]+\"?")
_TIMINGS = ("blocked", "dns", "connect", "send", "wait", "receive", "ssl")
_EPOCH = "1970-01-01T00:00:00.000Z"
_SAFE = "/!$&'()*+,;=:@-._~%?[]"


def entries(content: bytes) -> list[Mapping[str, Any]]:
    """Return the entries of an archive; raise ``InputError`` when it is none."""
    try:
        found = json.loads(content.decode("utf-8-sig"))["log"]["entries"]
        sound = all(
            isinstance(e["request"]["url"], str) and isinstance(e["request"]["method"], str) for e in found
        )
    except (ValueError, LookupError, TypeError, RecursionError):
        sound, found = False, []
    if not sound or not isinstance(found, list):
        raise InputError("not a HAR file: it needs log.entries, each with a request of method and url")
    return found


def is_har(content: bytes) -> bool:
    """Tell whether a content is an archive."""
    try:
        return isinstance(json.loads(content.decode("utf-8-sig"))["log"]["entries"], list)
    except (ValueError, LookupError, TypeError, RecursionError):
        return False


def request_of(entry: Mapping[str, Any]) -> CapturedRequest:
    """Return the request of an entry as a server would have received it."""
    request = entry["request"]
    try:
        url = urlsplit(request["url"])
    except ValueError:
        raise InputError("a url in the HAR file is none") from None
    headers = tuple(_in_utf_8(*field) for field in _headers(request.get("headers")))
    names = {name.lower() for name, _ in headers}
    post = _table(request.get("postData"))
    text = post.get("text") or urlencode([_pair(p) for p in _tables(post.get("params"))])
    if text and b"content-type" not in names and isinstance(post.get("mimeType"), str):
        headers = (*headers, _in_utf_8(b"Content-Type", _bytes(post["mimeType"])))
    if b"host" not in names:
        headers = ((b"Host", _bytes(url.netloc.rpartition("@")[2])), *headers)
    path, query = quote(url.path or "/", safe=_SAFE), quote(url.query, safe=_SAFE)
    body = (_bytes(text),) if text else ()
    return CapturedRequest(
        request["method"], url.scheme, path.encode(), query.encode(), headers, body, "", ""
    )


def answer_of(entry: Mapping[str, Any], *, content: bool) -> CapturedRequest:
    """Return the answer of an entry as if it were a request, so that it can be redacted like one."""
    response = _table(entry.get("response"))
    headers = _headers(response.get("headers"))
    if isinstance(response.get("redirectURL"), str):
        headers = (*headers, (b"Location", _bytes(response["redirectURL"])))
    kept = tuple(field for field in headers if field[0].lower() not in (b"content-encoding", b"content-type"))
    body: tuple[bytes, ...] = ()
    found = _table(response.get("content"))
    if content and isinstance(found.get("text"), str) and isinstance(found.get("mimeType"), str):
        kept = (*kept, _in_utf_8(b"Content-Type", _bytes(found["mimeType"])))
        body = (_decoded(found["text"], found.get("encoding")),)
    return CapturedRequest("GET", "https", b"/", b"", kept, body, "", "")


def entry_with(
    entry: Mapping[str, Any], scheme: str, request: RedactedRequest, answer: RedactedRequest | None
) -> dict[str, Any]:
    """Return an entry anew from what was redacted, with its times and status."""
    response, timings = _table(entry.get("response")), _table(entry.get("timings"))
    moment = entry.get("startedDateTime")
    headers, body = (answer.headers, answer.body) if answer is not None else ((), b"")
    locations = [_text(value) for name, value in headers if name == b"Location"]
    status = int(_number(response.get("status")))
    return {
        "startedDateTime": moment if isinstance(moment, str) and _MOMENT.fullmatch(moment) else _EPOCH,
        "time": max(0, _number(entry.get("time"))),
        "request": _request(request, scheme, _version(entry["request"])),
        "response": {
            "status": status,
            "statusText": _phrase(status),
            "httpVersion": _version(response),
            "cookies": [],
            "headers": _listed(headers),
            "content": _content(headers, body),
            "redirectURL": locations[-1] if locations else "",
            "headersSize": -1,
            "bodySize": len(body) if body else -1,
        },
        "cache": {},
        "timings": {"send": -1, "wait": -1, "receive": -1}
        | {name: _number(timings[name]) for name in _TIMINGS if name in timings},
    }


def archive(written: Sequence[Mapping[str, Any]]) -> bytes:
    """Return an archive of entries."""
    creator = {"name": "shadowtap", "version": shadowtap.__version__}
    log = {"version": "1.2", "creator": creator, "entries": list(written)}
    return json.dumps({"log": log}, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


def _request(request: RedactedRequest, scheme: str, version: str) -> dict[str, Any]:
    path, query = _text(request.path), _text(request.query)
    host = _text(request.host) or "redacted.invalid"
    fresh: dict[str, Any] = {
        "method": request.method,
        "url": f"{scheme}://{host}{path}{'?' if query else ''}{query}",
        "httpVersion": version,
        "cookies": [],
        "headers": _listed(request.headers),
        "queryString": [
            {"name": name, "value": value} for name, value in parse_qsl(query, keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        fresh["postData"] = {
            "mimeType": _media(request.headers),
            "params": [],
            "text": request.body.decode("utf-8", "replace"),
        }
    return fresh


def _content(headers: Headers, body: bytes) -> dict[str, Any]:
    content: dict[str, Any] = {"size": len(body), "mimeType": _media(headers)}
    if body:
        content["text"] = body.decode("utf-8", "replace")
    return content


def _media(headers: Headers) -> str:
    return next((_text(value) for name, value in headers if name.lower() == b"content-type"), "")


def _listed(headers: Headers) -> list[dict[str, str]]:
    return [{"name": _text(name), "value": _text(value)} for name, value in headers]


def _headers(found: object) -> Headers:
    """Return headers without those that HTTP/2 puts the request line into."""
    pairs = [_pair(item) for item in _tables(found)]
    return tuple((_bytes(name), _bytes(value)) for name, value in pairs if not name.startswith(":"))


def _in_utf_8(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Return a field whose character set is that of the text beside it here, and not that on the wire."""
    return name, _CHARSET.sub(rb"\1utf-8", value) if name.lower() == b"content-type" else value


def _tables(found: object) -> list[Mapping[str, Any]]:
    return [_table(item) for item in found] if isinstance(found, list) else []


def _table(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _pair(item: Mapping[str, Any]) -> tuple[str, str]:
    return str(item.get("name", "")), str(item.get("value", ""))


def _decoded(text: str, encoding: object) -> bytes:
    if encoding != "base64":
        return _bytes(text)
    try:
        return b64decode(text, validate=True)
    except BadBase64:
        return b""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _number(found: object) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not isfinite(found):
        return -1
    return found


def _version(table: Mapping[str, Any]) -> str:
    version = table.get("httpVersion")
    return version if isinstance(version, str) and _VERSION.fullmatch(version) else "HTTP/1.1"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
