"""Exchanges made by hand, for the stages behind the doors."""

from __future__ import annotations

import itertools
import time

from shadowtap.exchange import CapturedRequest, CapturedResponse, Exchange, Headers

_numbers = itertools.count(1)


def exchange(
    path: bytes = b"/",
    *,
    method: str = "GET",
    query: bytes = b"",
    headers: Headers = (),
    body: bytes = b"",
    targets: tuple[str, ...] = ("shadow",),
    until: float = 0.0,
) -> Exchange:
    """Return an exchange that was captured just now."""
    fields: Headers = ((b"host", b"shop.example"), *headers)
    if body:
        fields += ((b"content-length", b"%d" % len(body)),)
    return Exchange(
        id=f"{next(_numbers):032x}",
        targets=targets,
        request=CapturedRequest(
            method, "http", path, query, fields, (body,) if body else (), "192.0.2.1", ""
        ),
        response=CapturedResponse(200, ((b"content-type", b"text/plain"),), (b"ok",), False, 0.001),
        captured_at=time.time(),
        until=until,
    )
