"""What ``check`` tries out: the targets over the network, the courier as a process."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from shadowtap import headers, signature
from shadowtap.cli.asking import ask, ask_at
from shadowtap.cli.finding import Finding, Level
from shadowtap.courier.dependencies import missing
from shadowtap.exceptions import CourierError
from shadowtap.handover.child import Child
from shadowtap.settings import Settings, Target

TIMEOUT = 5.0
"""Seconds."""


def target(target: Target, settings: Settings, path: str) -> Iterator[Finding]:
    """Send one marked HEAD request to a target and yield what its answer says."""
    subject = f"target {target.name}"
    try:
        status, guarded = _head(target, settings, path)
    except ssl.SSLError as error:
        yield Finding(Level.ERROR, subject, f"its certificate is not trusted: {error.reason or error}")
    except (OSError, http.client.HTTPException) as error:
        yield Finding(Level.ERROR, subject, f"cannot be reached: {str(error) or type(error).__name__}")
    else:
        yield Finding(Level.OK, subject, f"answers {status}")
        if status == http.client.FORBIDDEN and not guarded:
            yield Finding(
                Level.ERROR, subject, "refuses our copies: are SHADOWTAP_KEY and the clocks the same?"
            )
        elif not guarded:
            yield Finding(
                Level.WARNING,
                subject,
                "no guard answered: copies will have all their effects there; see docs/guard.md",
            )


def _head(target: Target, settings: Settings, path: str) -> tuple[int, bool]:
    url = urlsplit(target.url)
    raw = url.path.rstrip("/") + path
    connection: http.client.HTTPConnection
    if url.scheme == "https":
        context = ssl.create_default_context(cafile=settings.ca_file)
        connection = http.client.HTTPSConnection(url.netloc, timeout=TIMEOUT, context=context)
    else:
        connection = http.client.HTTPConnection(url.netloc, timeout=TIMEOUT)
    id = os.urandom(16).hex()  # noqa: A001 - the word of the protocol
    fields = {headers.SHADOW_REQUEST: "true", headers.SHADOW_ID: id}
    if settings.key is not None:
        key, now = settings.key.reveal(), int(time.time())
        fields[headers.SHADOW_SIGNATURE] = signature.sign(
            key, method="HEAD", target=raw.encode(), id=id, time=now, body=b""
        )
    try:
        connection.request("HEAD", raw, headers=fields)
        answer = connection.getresponse()
        timing = answer.getheader(headers.SERVER_TIMING) or ""
        return answer.status, "shadowtap;dur=" in timing
    finally:
        connection.close()


def courier(settings: Settings) -> Finding:
    """Start a courier (or ask the shared one) and return how that went."""
    lacking = missing() if settings.courier == "child" else None
    if lacking is not None:
        return Finding(Level.ERROR, "courier", lacking)
    try:
        if settings.courier != "child":
            status = ask_at(Path(settings.courier.removeprefix("unix://")))
            return Finding(Level.OK, "courier", f"shared, process {status.pid}, up {status.uptime:.0f} s")
        return _child(settings.courier_priority)
    except CourierError as error:
        return Finding(Level.ERROR, "courier", str(error))


def _child(priority: str) -> Finding:
    began = time.monotonic()
    child = Child(priority)
    try:
        with socket.socket(fileno=os.dup(child.link.fileno())) as sock:
            status = ask(sock)
        return Finding(
            Level.OK,
            "courier",
            f"starts in {time.monotonic() - began:.1f} s, {status.memory / 1e6:.0f} MB before its first copy",
        )
    finally:
        child.link.close()
        if not child.wait(5.0):
            child.kill()
