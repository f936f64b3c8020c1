from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shadowtap.guard.admission import Guarded, Unmarked, admit
from shadowtap.guard.incoming import EnvironRequest, Field, Incoming, ScopeRequest
from shadowtap.guard.policy import GuardPolicy
from shadowtap.guard.refusal import Reason, Refused
from shadowtap.settings import Secret, Settings
from tests.guard.driving import Pairs, environ, http_scope
from tests.guard.marks import KEY, MARKED, OTHER_KEY, signed

OPEN = GuardPolicy(mode="marked")
KEYED = GuardPolicy(mode="marked", key=KEY)
ALWAYS = GuardPolicy(mode="always")
ALWAYS_KEYED = GuardPolicy(mode="always", key=KEY)

NOT_TRUE = ["", "false", "0", "1", "yes", "true,true", "true, true", " true", "true;", "tru\u00eb"]


def meet(headers: Pairs, policy: GuardPolicy, method: str = "GET", target: str = "/", **now: float) -> Any:
    request = ScopeRequest(http_scope(method, target, headers))
    return admit(request, policy, now.get("now", time.time()))


def reason(headers: Pairs, policy: GuardPolicy = KEYED, *args: Any, **kwargs: Any) -> Reason:
    admission = meet(headers, policy, *args, **kwargs)
    assert isinstance(admission, Refused)
    return admission.reason


def test_a_request_without_the_mark_is_an_ordinary_one() -> None:
    assert isinstance(meet({"X-Shadow-Id": "a", "Accept": "*/*"}, OPEN), Unmarked)
    assert isinstance(meet(signed() | {"X-Shadow-Request": "true"}, KEYED), Guarded)


@pytest.mark.parametrize("value", ["true", "TRUE", "True"])
@pytest.mark.parametrize("policy", [OPEN, KEYED, ALWAYS, ALWAYS_KEYED])
def test_a_mark_is_true_in_any_case(value: str, policy: GuardPolicy) -> None:
    admission = meet(signed() | {"X-Shadow-Request": value}, policy)
    assert isinstance(admission, Guarded)
    assert admission.marked


@pytest.mark.parametrize("value", NOT_TRUE)
@pytest.mark.parametrize("policy", [OPEN, ALWAYS])
def test_without_a_key_a_malformed_mark_takes_effects_away_all_the_same(
    value: str, policy: GuardPolicy
) -> None:
    assert isinstance(meet({"X-Shadow-Request": value}, policy), Guarded)


@pytest.mark.parametrize("value", NOT_TRUE)
@pytest.mark.parametrize("policy", [KEYED, ALWAYS_KEYED])
def test_with_a_key_a_malformed_mark_is_refused(value: str, policy: GuardPolicy) -> None:
    assert reason(signed() | {"X-Shadow-Request": value}, policy) is Reason.MALFORMED_MARK


@pytest.mark.parametrize("policy", [KEYED, ALWAYS_KEYED])
def test_with_a_key_a_second_mark_is_refused(policy: GuardPolicy) -> None:
    headers = [*signed().items(), ("X-Shadow-Request", "true")]
    assert reason(headers, policy) is Reason.MALFORMED_MARK


def test_a_mark_is_found_whatever_the_case_in_which_a_server_hands_it_over() -> None:
    scope = http_scope()
    scope["headers"] = [(b"X-Shadow-Request", b"true")]
    assert isinstance(admit(ScopeRequest(scope), OPEN, 0), Guarded)


def test_a_mark_spelt_with_underscores_counts_where_the_server_lets_it_through() -> None:
    assert isinstance(admit(EnvironRequest(environ(headers={"X_Shadow_Request": "true"})), OPEN, 0), Guarded)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"X-Shadow-Signature": None}, Reason.UNSIGNED),
        ({"X-Shadow-Signature": "v1"}, Reason.MALFORMED_SIGNATURE),
        ({"X-Shadow-Signature": ""}, Reason.MALFORMED_SIGNATURE),
        ({"X-Shadow-Id": None}, Reason.MALFORMED_ID),
        ({"X-Shadow-Id": ""}, Reason.MALFORMED_ID),
        ({"X-Shadow-Id": "a b"}, Reason.MALFORMED_ID),
        ({"X-Shadow-Id": "x" * 129}, Reason.MALFORMED_ID),
        ({"X-Shadow-Id": "b" * 32}, Reason.WRONG_SIGNATURE),
    ],
)
def test_with_a_key_incomplete_or_changed_marks_are_refused(
    change: dict[str, str | None], expected: Reason
) -> None:
    marks = {name: value for name, value in (signed() | change).items() if value is not None}
    assert reason(marks) is expected


@pytest.mark.parametrize("name", ["X-Shadow-Id", "X-Shadow-Signature"])
def test_with_a_key_a_second_id_or_signature_is_refused(name: str) -> None:
    marks = signed()
    assert reason([*marks.items(), (name, marks[name])]) in (Reason.MALFORMED_ID, Reason.MALFORMED_SIGNATURE)


def test_a_signature_is_good_for_its_method_target_id_and_key_alone() -> None:
    marks = signed("POST", "/pay?x=1")
    assert isinstance(meet(marks, KEYED, "POST", "/pay?x=1"), Guarded)
    for method, target in [("PUT", "/pay?x=1"), ("POST", "/pay"), ("POST", "/pay?x=2"), ("POST", "/pa?yx=1")]:
        assert reason(marks, KEYED, method, target) is Reason.WRONG_SIGNATURE
    marks = signed("POST", "/pay?x=1", key=OTHER_KEY)
    assert reason(marks, KEYED, "POST", "/pay?x=1") is Reason.WRONG_SIGNATURE


def test_a_line_feed_cannot_move_text_from_the_target_into_the_method() -> None:
    marks = signed("GET", "/a\n/b")
    assert reason(marks, KEYED, "GET\n/a", "/b") is Reason.WRONG_SIGNATURE


@pytest.mark.parametrize(("off", "good"), [(-60, True), (60, True), (-61, False), (61, False)])
def test_a_signature_holds_for_the_window_in_either_direction(off: int, good: bool) -> None:
    marks = signed()
    time_signed = int(marks["X-Shadow-Signature"].split("t=")[1].split(";")[0])
    admission = meet(marks, KEYED, now=time_signed + off)
    assert isinstance(admission, Guarded) if good else admission.reason is Reason.STALE


def test_only_the_holder_of_the_key_learns_that_the_time_is_wrong() -> None:
    assert reason(signed(age=1000)) is Reason.STALE
    assert reason(signed(age=1000, key=OTHER_KEY)) is Reason.WRONG_SIGNATURE


def test_always_means_that_a_request_without_the_mark_is_guarded_too() -> None:
    for policy in (ALWAYS, ALWAYS_KEYED):
        admission = meet({}, policy)
        assert isinstance(admission, Guarded)
        assert not admission.marked
        assert len(admission.scope.id) == 32


def test_an_id_is_taken_from_the_header_where_no_key_could_prove_it() -> None:
    assert meet(MARKED | {"X-Shadow-Id": "copy-1"}, OPEN).scope.id == "copy-1"
    assert meet({"X-Shadow-Id": "copy-1"}, ALWAYS).scope.id == "copy-1"
    assert meet({"X-Shadow-Id": "copy-1"}, ALWAYS_KEYED).scope.id != "copy-1"


@pytest.mark.parametrize("bad", ["", "a\tb", "x" * 129, "caf\u00e9"])
def test_an_id_that_is_none_is_replaced_where_no_key_is_set(bad: str) -> None:
    assert len(meet(MARKED | {"X-Shadow-Id": bad}, OPEN).scope.id) == 32


def test_ids_that_are_made_differ() -> None:
    assert meet(MARKED, OPEN).scope.id != meet(MARKED, OPEN).scope.id


def test_the_target_is_the_raw_one_on_both_protocols() -> None:
    target = "/caf%C3%A9/%2Fx?q=%20"
    marks = signed("GET", target)
    scope = http_scope("GET", target, marks)
    scope["path"] = "/caf\u00e9//x"
    assert isinstance(admit(ScopeRequest(scope), KEYED, time.time()), Guarded)
    for variable in ("RAW_URI", "REQUEST_URI"):
        made = environ("GET", "/caf\u00c3\u00a9//x?q=%20", marks, **{variable: f"http://host{target}"})
        assert isinstance(admit(EnvironRequest(made), KEYED, time.time()), Guarded)


class Fields:
    """A request of which nothing is known but what it claims."""

    def __init__(self, method: str, target: bytes, values: Sequence[Sequence[str]]) -> None:
        self.method = method
        self._target = target
        names = (b"x-shadow-request", b"x-shadow-id", b"x-shadow-signature")
        self._values = dict(zip(names, values, strict=True))

    def target(self) -> bytes:
        return self._target

    def fields(self, field: Field) -> Sequence[str]:
        return self._values.get(field.asgi, ["\udcff"])


anything = st.text(st.characters(codec=None), max_size=40)
near_signature = st.from_regex(r"v1;t=[0-9]{1,13};d=[0-9a-f]{63,64};s=[0-9a-f]{63,65}")
values = st.tuples(
    st.lists(st.sampled_from(["true", "TRUE", "true,true", ""]) | anything, max_size=2),
    st.lists(st.from_regex(r"[0-9a-f]{32}", fullmatch=True) | anything, max_size=2),
    st.lists(near_signature | anything, max_size=2),
)
policies = st.sampled_from([OPEN, KEYED, ALWAYS, ALWAYS_KEYED])


targets, times = st.binary(max_size=40), st.floats(-1e12, 1e12)


@given(policy=policies, method=anything, target=targets, values=values, now=times)
def test_whatever_the_headers_say_admission_does_not_raise_nor_admit_a_forgery(
    policy: GuardPolicy, method: str, target: bytes, values: tuple[list[str], ...], now: float
) -> None:
    request: Incoming = Fields(method, target, values)
    admission = admit(request, policy, now)
    marked = bool(values[0])
    if policy.key is not None and marked:
        assert isinstance(admission, Refused)
    else:
        assert isinstance(admission, Unmarked) == (policy.mode == "marked" and not marked)


@given(data=st.data(), which=st.sampled_from(["X-Shadow-Signature", "X-Shadow-Id"]))
def test_no_changed_character_goes_unnoticed(data: st.DataObject, which: str) -> None:
    marks = signed("POST", "/pay", b"body")
    value = marks[which]
    at = data.draw(st.integers(0, len(value) - 1))
    character = data.draw(st.characters(min_codepoint=0x20, max_codepoint=0xFF))
    assume(character != value[at])
    marks[which] = value[:at] + character + value[at + 1 :]
    admission = meet(marks, KEYED, "POST", "/pay")
    # The digest is a part of what is signed, so a changed one is noticed here and not by the body.
    assert isinstance(admission, Refused)


def test_a_policy_comes_from_the_settings() -> None:
    settings = Settings(key=Secret(KEY), guard="always", signature_window=5.0, max_body=10)
    policy = GuardPolicy.from_settings(settings)
    assert policy == GuardPolicy(mode="always", key=KEY, window=5.0, max_body=10)
    assert GuardPolicy.from_settings(Settings()) == OPEN


def test_a_signed_body_may_be_longer_than_the_original() -> None:
    assert GuardPolicy(mode="marked", max_body=1_000_000).body_limit == 2_000_000 + 65_536


def test_a_guard_that_is_off_has_no_policy() -> None:
    with pytest.raises(ValueError, match="off"):
        GuardPolicy.from_settings(Settings(guard="off"))


def test_a_policy_does_not_show_its_key() -> None:
    key = secrets.token_hex(8).encode()
    assert key.decode() not in repr(GuardPolicy(mode="marked", key=key))
