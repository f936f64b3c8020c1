from __future__ import annotations

import sys

import pytest
from opentelemetry import context

from shadowtap.send.untraced import Untraced


def suppressed() -> object:
    return context.get_value("suppress_instrumentation")


def test_instrumentation_is_suppressed_inside_and_only_there() -> None:
    with Untraced():
        assert suppressed() is True
    assert suppressed() is None


def test_it_ends_with_an_exception_too() -> None:
    with pytest.raises(ZeroDivisionError), Untraced():
        _ = 1 / 0
    assert suppressed() is None


def test_the_rest_of_the_context_stays() -> None:
    token = context.attach(context.set_value("mine", 1))
    try:
        with Untraced():
            assert context.get_value("mine") == 1
    finally:
        context.detach(token)


def test_without_opentelemetry_it_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "opentelemetry.context")
    with Untraced():
        assert suppressed() is None
