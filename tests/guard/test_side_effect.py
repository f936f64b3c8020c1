from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import pickle
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from shadowtap.context import ShadowScope
from shadowtap.exceptions import ShadowEffectBlocked
from shadowtap.guard.shadow_request import Inside
from shadowtap.guard.side_effect import side_effect

done: list[Any] = []


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    done.clear()


@pytest.fixture
def scope() -> Iterator[ShadowScope]:
    scope = ShadowScope("id")
    with Inside(scope):
        yield scope


@side_effect
def send_mail(to: str, *, subject: str = "hi") -> str:
    """Send a mail."""
    done.append((to, subject))
    return "sent"


@side_effect
async def send_mail_async(to: str) -> str:
    await asyncio.sleep(0)
    done.append(to)
    return "sent"


@side_effect(instead={"id": "shadow"}, name="charge card")
def charge(amount: int) -> dict[str, str]:
    done.append(amount)
    return {"id": "real"}


def test_outside_a_shadow_request_the_function_is_called() -> None:
    assert send_mail("a@example.com", subject="x") == "sent"
    assert charge(5) == {"id": "real"}
    assert asyncio.run(send_mail_async("b")) == "sent"
    assert done == [("a@example.com", "x"), 5, "b"]


def test_in_a_shadow_request_without_an_instead_the_call_is_blocked_and_recorded(scope: ShadowScope) -> None:
    with pytest.raises(ShadowEffectBlocked, match="send_mail") as caught:
        send_mail("a@example.com")
    assert caught.value.effect == "send_mail"
    assert scope.blocked == ["send_mail"]
    assert done == []


def test_an_app_that_swallows_the_exception_does_not_swallow_the_record(scope: ShadowScope) -> None:
    for _ in range(2):
        with contextlib.suppress(Exception):
            send_mail("a@example.com")
    assert scope.blocked == ["send_mail", "send_mail"]


def test_instead_is_returned_and_the_effect_recorded_under_its_name(scope: ShadowScope) -> None:
    assert charge(5) == {"id": "shadow"}
    assert scope.blocked == ["charge card"]
    assert done == []


def test_none_is_an_instead_like_any_other(scope: ShadowScope) -> None:
    assert side_effect(instead=None)(send_mail.__wrapped__)("a") is None  # type: ignore[attr-defined]


def test_parentheses_without_arguments_change_nothing(scope: ShadowScope) -> None:
    @side_effect()
    def plain() -> None:
        done.append("plain")

    with pytest.raises(ShadowEffectBlocked, match="plain"):
        plain()


def test_a_name_alone_is_still_blocked(scope: ShadowScope) -> None:
    @side_effect(name="ledger")
    def write() -> None:
        done.append("write")

    with pytest.raises(ShadowEffectBlocked, match="ledger"):
        write()


def test_a_callable_instead_gets_the_arguments_of_the_call(scope: ShadowScope) -> None:
    @side_effect(instead=lambda amount, *, currency: f"{amount} {currency}")
    def pay(amount: int, *, currency: str) -> str:
        done.append(amount)
        return "paid"

    assert pay(5, currency="EUR") == "5 EUR"
    assert done == []


def test_a_method_is_named_with_its_class_and_its_instead_gets_self(scope: ShadowScope) -> None:
    class Ledger:
        rows = 7

        @side_effect(instead=lambda self, row: (self.rows, row))
        def write(self, row: int) -> tuple[int, int]:
            done.append(row)
            return (0, 0)

        @staticmethod
        @side_effect(instead="static")
        def flush() -> str:
            return "flushed"

        @classmethod
        @side_effect(instead=lambda cls: cls.__name__)
        def clear(cls) -> str:
            return "cleared"

    assert Ledger().write(1) == (7, 1)
    assert Ledger.flush() == "static"
    assert Ledger.clear() == "Ledger"
    assert scope.blocked == ["Ledger.write", "Ledger.flush", "Ledger.clear"]


def test_a_coroutine_function_stays_one() -> None:
    assert inspect.iscoroutinefunction(send_mail_async)
    assert not inspect.iscoroutinefunction(send_mail)


def test_a_coroutine_function_is_blocked_when_it_is_awaited(scope: ShadowScope) -> None:
    with pytest.raises(ShadowEffectBlocked, match="send_mail_async"):
        asyncio.run(send_mail_async("a"))
    assert scope.blocked == ["send_mail_async"]


async def later(to: str) -> str:
    await asyncio.sleep(0)
    return f"later {to}"


@pytest.mark.parametrize(
    ("instead", "expected"), [("now", "now"), (lambda to: f"now {to}", "now a"), (later, "later a")]
)
def test_instead_of_a_coroutine_function_may_be_either_kind(
    scope: ShadowScope, instead: Any, expected: str
) -> None:
    @side_effect(instead=instead)
    async def send(to: str) -> str:
        done.append(to)
        return "sent"

    assert asyncio.run(send("a")) == expected
    assert done == []


def test_an_instead_that_raises_raises(scope: ShadowScope) -> None:
    def refuse(amount: int) -> None:
        raise LookupError("no stub")

    with pytest.raises(LookupError, match="no stub"):
        side_effect(instead=refuse)(charge.__wrapped__)(5)  # type: ignore[attr-defined]
    assert scope.blocked == ["charge"]


def test_a_coroutine_function_cannot_stand_for_a_function() -> None:
    with pytest.raises(TypeError, match="charge is not a coroutine function"):
        side_effect(instead=later)(charge.__wrapped__)  # type: ignore[attr-defined]


def generator() -> Iterator[int]:
    yield 1


async def async_generator() -> AsyncIterator[int]:
    yield 1


@pytest.mark.parametrize("function", [generator, async_generator, functools.partial(generator)])
def test_a_generator_function_is_refused(function: Any) -> None:
    with pytest.raises(TypeError, match="generator function"):
        side_effect(function)


@pytest.mark.parametrize("descriptor", [staticmethod, classmethod, property])
def test_a_descriptor_is_refused_with_the_right_order(descriptor: Any) -> None:
    with pytest.raises(TypeError, match=f"below @{descriptor.__name__}"):
        side_effect(descriptor(lambda: None))


@pytest.mark.parametrize("thing", [int, 5, "charge"])
def test_what_is_not_a_function_is_refused(thing: Any) -> None:
    with pytest.raises(TypeError, match="takes a function"):
        side_effect(thing)


class Sender:
    """A callable object."""

    async def __call__(self, to: str) -> str:
        done.append(to)
        return "sent"


def test_callable_objects_and_partials_are_told_apart_by_what_they_run(scope: ShadowScope) -> None:
    send = side_effect(instead="kept")(Sender())
    assert asyncio.run(send("a")) == "kept"
    pay = side_effect(instead="kept")(functools.partial(charge, 5))
    assert pay() == "kept"
    assert scope.blocked == ["Sender", "charge"]


def test_name_documentation_and_signature_stay() -> None:
    assert send_mail.__name__ == "send_mail"
    assert send_mail.__doc__ == "Send a mail."
    assert str(inspect.signature(send_mail)) == "(to: 'str', *, subject: 'str' = 'hi') -> 'str'"


def test_a_decorated_function_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(send_mail)) is send_mail


def test_the_exception_can_be_pickled() -> None:
    copy = pickle.loads(pickle.dumps(ShadowEffectBlocked("charge card")))
    assert copy.effect == "charge card"
    assert str(copy) == "blocked inside a shadow request: charge card"


def test_effects_beyond_the_bound_are_only_counted(scope: ShadowScope) -> None:
    for _ in range(ShadowScope.MAX_EFFECTS + 5):
        charge(1)
    assert len(scope.blocked) == ShadowScope.MAX_EFFECTS
    assert scope.dropped == 5
