"""Real apps of each framework on real servers: with the door they answer the same bytes as without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack

import pytest

from tests.doors.http1 import chunked, head, post
from tests.doors.pairs import Pair, Side, alike
from tests.doors.sink import Sink
from tests.support.servers import serve
from tests.support.waiting import until

APPS = {
    "flask on gunicorn": ("gunicorn", "tests.frameworks.flask_site:app"),
    "flask on wsgiref": ("wsgiref", "tests.frameworks.flask_site:app"),
    "fastapi on uvicorn": ("uvicorn", "tests.frameworks.fastapi_site:app"),
    "fastapi on hypercorn": ("hypercorn", "tests.frameworks.fastapi_site:served()"),
    "django on gunicorn": ("gunicorn-gthread", "tests.frameworks.django_site:wsgi_app"),
    "django on waitress": ("waitress", "tests.frameworks.django_site:wsgi_app"),
    "django on uvicorn": ("uvicorn", "tests.frameworks.django_site:asgi_app"),
}

FORM = (
    b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nanna\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\ncontent\r\n--x--\r\n'
)
JSON = b'{"name": "anna", "price": 1}'
REQUESTS: dict[str, Iterable[bytes]] = {
    "a page": [head("GET", "/plain/1")],
    "another page": [head("GET", "/sync/1")],
    "its head": [head("HEAD", "/plain/1")],
    "no page": [head("GET", "/nowhere?a=b")],
    "a wrong method": [head("PUT", "/form", "Content-Length: 0")],
    "options": [head("OPTIONS", "/form")],
    "a missing slash": [head("GET", "/never-slash")],
    "another missing slash": [post("/never/slash", b"x")],
    "a form": [post("/form", FORM, "Content-Type: multipart/form-data; boundary=x")],
    "a form in chunks": chunked("/form", FORM[:50], FORM[50:]),
    "a broken form": [post("/form", b"nonsense", "Content-Type: multipart/form-data; boundary=x")],
    "json": [post("/json", JSON, "Content-Type: application/json")],
    "broken json": [post("/json", b"{", "Content-Type: application/json")],
    "a large body": [post("/plain/", b"x" * 3_000_000)],
    "an unread body": [post("/unread", b"x" * 100_000)],
    "a stream": [head("GET", "/streamed")],
    "an async stream": [head("GET", "/streamed-async")],
    "a stream that raises": [head("GET", "/streamed-amid")],
    "a file": [head("GET", "/file")],
    "a part of a file": [head("GET", "/file", "Range: bytes=2-5")],
    "an error": [head("GET", "/raised")],
    "nothing": [head("GET", "/empty")],
    "a class": [head("GET", "/mixed")],
    "one never mirrored": [post("/never", b"hello")],
}


@pytest.fixture(scope="module", params=APPS)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Run each app twice."""
    kind, app = APPS[request.param]
    folder = tmp_path_factory.mktemp("pair")
    with ExitStack() as stack:
        sink = Sink(folder / "sink")
        stack.callback(sink.close)
        # Flask lists the methods that it allows in the order of their hashes.
        bare = {"PYTHONHASHSEED": "0"}
        door = {**bare, "SHADOWTAP_TARGET": "http://shadow.example", "SHADOWTAP_COURIER": sink.url}
        servers = [stack.enter_context(serve(kind, app, env=env)) for env in (bare, door)]
        yield Pair(request.param, *(Side(server, folder) for server in servers), sink)


@pytest.mark.parametrize("request_", REQUESTS)
def test_it_answers_the_same(pair: Pair, request_: str) -> None:
    if request_ == "a form in chunks" and pair.name.endswith("wsgiref"):
        pytest.skip("the server does not take chunks")
    alike(pair, REQUESTS[request_])


def test_the_copies_are_those_of_the_requests(pair: Pair) -> None:
    case = f"copied {pair.name}"
    fields = ("Content-Type: multipart/form-data; boundary=x", f"X-Case: {case}")
    answer = alike(pair, [post("/form", FORM, *fields)])
    copy = pair.sink.wait_for(case)
    assert b"".join(copy.request.body) == FORM
    assert copy.request.route == "/form"
    assert b"".join(copy.response.body) in answer


def test_what_is_never_mirrored_is_not(pair: Pair) -> None:
    alike(pair, [head("GET", "/nowhere", "X-Case: before")])
    pair.sink.wait_for("before")
    before = pair.sink.outcomes().get("excluded", 0)
    path = {"flask": "/never/inner", "fasta": "/never/sync", "djang": "/never-view"}[pair.name[:5]]
    alike(pair, [post(path, JSON, "Content-Type: application/json", "X-Case: never")])
    until(lambda: pair.sink.outcomes().get("excluded", 0) > before, what="one more excluded")
    assert not [e for e in pair.sink.exchanges if e.request.path == path.encode()]
