"""The marks of endpoints, on plain functions; with the frameworks, see tests/frameworks."""

from __future__ import annotations

import asyncio
import functools
import inspect
import typing
from typing import Any

import pytest

import shadowtap
from shadowtap.capture.decorators import ATTRIBUTE, MarkedShare, seen, share_of
from shadowtap.context import mirrored
from shadowtap.exceptions import SettingsError
from shadowtap.outcome import Outcome
from tests.capture.conftest import ASGI, WSGI
from tests.support.collecting import Collected

pytestmark = pytest.mark.usefixtures("undecorated")


class Local:
    """Known to this module alone."""


def plain(first: int, *, second: Local | None = None) -> str:
    """Do something."""
    return f"{first} {second}"


def test_a_marked_function_is_still_that_function() -> None:
    marked = shadowtap.mirror(plain)
    assert (marked.__name__, marked.__doc__, marked.__module__) == ("plain", "Do something.", __name__)
    assert inspect.signature(marked) == inspect.signature(plain)
    assert marked(1) == "1 None"


def test_string_annotations_resolve_where_they_were_written() -> None:
    hints = typing.get_type_hints(shadowtap.no_mirror(plain))
    assert hints["second"] == Local | None
    assert shadowtap.mirror(plain).__globals__ is globals()


def test_an_async_function_stays_async() -> None:
    @shadowtap.mirror(percent=50)
    async def endpoint() -> str:
        return "answer"

    assert inspect.iscoroutinefunction(endpoint)
    assert asyncio.run(endpoint()) == "answer"


def test_an_object_that_is_called_stays_what_it_is() -> None:
    class App:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    app = App()
    assert shadowtap.no_mirror(app) is app
    assert never(app)
    assert shadowtap.mirror(App) is App
    partial = functools.partial(plain, 1)
    assert shadowtap.no_mirror(partial) is partial
    assert never(partial)


def test_a_bound_method_can_be_marked() -> None:
    class View:
        def get(self) -> str:
            return "answer"

    marked = shadowtap.no_mirror(View().get)
    assert marked() == "answer"
    assert never(marked)


def test_a_builtin_function_can_be_marked() -> None:
    marked = shadowtap.no_mirror(len)
    assert marked("abc") == 3
    assert never(marked)


def test_an_exception_passes() -> None:
    @shadowtap.mirror
    def endpoint() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        endpoint()


@pytest.mark.parametrize("percent", [-1, 101, float("nan"), float("inf"), "10%", True])
def test_a_percent_that_is_none_is_refused(percent: Any) -> None:
    with pytest.raises(SettingsError, match="percent"):
        shadowtap.mirror(percent=percent)


def test_without_marks_nothing_is_looked_for() -> None:
    assert not seen.any
    shadowtap.mirror(plain)
    assert (seen.any, seen.never) == (True, False)
    shadowtap.no_mirror(plain)
    assert (seen.any, seen.never) == (True, True)


def never(endpoint: object) -> bool:
    share = share_of(endpoint)
    return share is not None and share.never


def other(function: Any) -> Any:
    """Stand for any other decorator."""

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return called


STACKS: dict[str, list[Any]] = {
    "alone": [shadowtap.no_mirror],
    "over mirror": [shadowtap.no_mirror, shadowtap.mirror],
    "under mirror": [shadowtap.mirror(percent=50), shadowtap.no_mirror],
    "over another": [shadowtap.no_mirror, other],
    "under another": [other, shadowtap.no_mirror],
    "between": [shadowtap.mirror, other, shadowtap.no_mirror, other, shadowtap.mirror],
}


@pytest.mark.parametrize("stack", STACKS)
def test_no_mirror_holds_in_every_order_and_place_of_registration(stack: str) -> None:
    """A framework's own decorator may stand anywhere among them, and registers what is below it."""

    def endpoint() -> None: ...

    registered = [endpoint]
    for decorate in reversed(STACKS[stack]):
        registered.append(decorate(registered[-1]))
    lowest_mark = len(STACKS[stack]) - max(i for i, d in enumerate(STACKS[stack]) if d is shadowtap.no_mirror)
    assert all(never(function) for function in registered[lowest_mark:])
    assert never(endpoint)


def test_the_mark_of_a_class_is_not_that_of_its_child() -> None:
    @shadowtap.no_mirror
    class View: ...

    @shadowtap.mirror
    class Child(View): ...

    assert never(View)
    assert not never(Child)


def test_a_class_may_be_marked_by_method() -> None:
    class View:
        @shadowtap.no_mirror
        def post(self) -> None: ...

        def get(self) -> None: ...

    share = share_of(View, "POST")
    assert share is not None
    assert share.never
    assert share_of(View, "GET") is None
    assert share_of(View, "HEAD") is None


def test_head_is_served_by_get() -> None:
    class View:
        @shadowtap.no_mirror
        def get(self) -> None: ...

    assert share_of(View, "HEAD") is not None


def test_no_mirror_on_a_class_goes_before_mirror_on_its_view() -> None:
    class View: ...

    @shadowtap.mirror
    def view() -> None: ...

    view.view_class = shadowtap.no_mirror(View)  # type: ignore[attr-defined]
    assert never(view)


def test_a_decorator_has_one_sequence_however_often_it_is_applied() -> None:
    """Django's ``method_decorator`` applies it anew for each request."""
    half = shadowtap.mirror(percent=50)
    shares = [getattr(half(lambda: None), ATTRIBUTE) for _ in range(10)]
    assert sum(share.positions.draw() < 50 for share in shares) == 5


def test_an_endpoint_tells_the_request_that_it_serves() -> None:
    told: list[Any] = []

    class Request:
        def mark(self, share: MarkedShare) -> None:
            told.append(share.percent)

    token = mirrored.set(Request())
    try:
        shadowtap.mirror(percent=50)(plain)(1)
    finally:
        mirrored.reset(token)
    shadowtap.mirror(percent=20)(plain)(1)
    assert told == [50]


def test_raw_apps_can_use_the_marks_too(collected: Collected) -> None:
    secret = shadowtap.no_mirror(ASGI.deaf)
    public = shadowtap.mirror(percent=50)(ASGI.deaf)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await {"/secret": secret, "/public": public}.get(scope["path"], ASGI.deaf)(scope, receive, send)

    mirrored = ASGI.mirrored(app, select="marked")
    for path in ("/secret", "/public", "/other"):
        for _ in range(10):
            mirrored("GET", path)
    assert collected.outcomes() == {
        "copied": 5,
        Outcome.NOT_SAMPLED: 5,
        Outcome.NOT_MARKED: 10,
        Outcome.EXCLUDED: 10,
    }


@pytest.mark.parametrize(
    "marks", [(shadowtap.no_mirror, shadowtap.mirror), (shadowtap.mirror, shadowtap.no_mirror)]
)
def test_no_mirror_holds_whichever_of_two_marks_is_told_first(collected: Collected, marks: Any) -> None:
    outer, inner = marks
    ASGI.mirrored(outer(inner(ASGI.deaf)))()
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}


def test_an_endpoint_that_is_imported_within_its_first_request_is_heeded(collected: Collected) -> None:
    """As with the URLs of Django, which are loaded when the first request is routed."""
    routes: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> Any:
        routes["view"] = shadowtap.no_mirror(WSGI.deaf)

        class Rule:
            rule = "/secret"
            endpoint = "view"
            map = url_map

        environ["werkzeug.request"] = type("Request", (), {"url_rule": Rule()})()
        return routes["view"](environ, start_response)

    url_map = object()
    app.url_map, app.view_functions = url_map, routes  # type: ignore[attr-defined]
    WSGI.mirrored(app)("GET", "/secret")
    assert collected.outcomes() == {Outcome.EXCLUDED: 1}
