"""Each server twice: with the bare site, and with the site behind the door."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.doors.http1 import mask, talk
from tests.doors.notes import FOLDER
from tests.doors.sink import Sink
from tests.support.servers import Server, serve, uwsgi

ASGI = {
    "uvicorn-h11": ("uvicorn", ["--http", "h11"]),
    "uvicorn-httptools": ("uvicorn", ["--http", "httptools"]),
    "hypercorn": ("hypercorn", []),
    "gunicorn-uvicorn": ("gunicorn-uvicorn", []),
}
WSGI = {
    "gunicorn-sync": ("gunicorn", []),
    "gunicorn-gthread": ("gunicorn-gthread", []),
    "waitress": ("waitress", []),
    "wsgiref": ("wsgiref", []),
    **({"uwsgi": ("uwsgi", [])} if uwsgi() else {}),
}


class Side(NamedTuple):
    """One of the two servers, and the folder where its site leaves notes."""

    server: Server
    folder: Path


class Pair(NamedTuple):
    """The two servers, and what the door hands over."""

    name: str
    bare: Side
    ours: Side
    sink: Sink


@pytest.fixture(scope="package")
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Run both servers; see ``on_asgi`` and its like."""
    name: str = request.param
    folder = tmp_path_factory.mktemp(name)
    kind, args = {**ASGI, **WSGI}[name]
    app = f"tests.doors.{'asgi' if name in ASGI else 'wsgi'}_site:app"
    with ExitStack() as stack:
        sink = Sink(folder / "sink")
        stack.callback(sink.close)
        door = {"SHADOWTAP_TARGET": "http://shadow.example", "SHADOWTAP_COURIER": sink.url}
        sides = []
        for side, settings in (("bare", {}), ("ours", door)):
            (folder / side).mkdir()
            env = {**settings, FOLDER: str(folder / side)}
            sides.append(Side(stack.enter_context(serve(kind, app, env=env, args=args)), folder / side))
        yield Pair(name, *sides, sink)


on_asgi = pytest.mark.parametrize("pair", ASGI, indirect=True)
on_wsgi = pytest.mark.parametrize("pair", WSGI, indirect=True)
on_all = pytest.mark.parametrize("pair", [*ASGI, *WSGI], indirect=True)


def on(*names: str) -> pytest.MarkDecorator:
    """Run a test on these servers, as far as they are there."""
    return pytest.mark.parametrize("pair", [n for n in names if n in {**ASGI, **WSGI}], indirect=True)


def alike(pair: Pair, pieces: Iterable[bytes], *, half_close: bool = False) -> bytes:
    """Send a request to both servers, at the same time; their answers must be the same to the byte."""

    def ask(side: Side) -> bytes:
        return mask(talk(side.server.address, pieces, half_close=half_close))

    with ThreadPoolExecutor(2) as pool:
        bare, ours = pool.map(ask, (pair.bare, pair.ours))
    assert short(ours) == short(bare)
    return ours


def short(answer: bytes) -> bytes:
    """Return an answer in a form that can be shown: of a long one the begin and a digest."""
    return answer if len(answer) < 5000 else answer[:500] + hashlib.sha256(answer).hexdigest().encode()
