from __future__ import annotations

import contextlib
import time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowtap.exceptions import NotRedacted, RedactionFailed, UnsupportedBody
from shadowtap.redact import Redactor
from tests.redact.asking import captured

XML = b"application/xml"


def redacted(redactor: Redactor, text: str | bytes, kind: bytes = XML) -> str:
    body = text.encode() if isinstance(text, str) else text
    return redactor.redact(captured(body=body, content_type=kind)).body.decode()


@pytest.mark.parametrize(
    "kind", [b"application/xml", b"text/xml; charset=utf-8", b"application/soap+xml", b"image/svg+xml"]
)
def test_xml_is_known_by_its_many_types(redactor: Redactor, kind: bytes) -> None:
    assert "x.io" not in redacted(redactor, "<a><email>bob@x.io</email></a>", kind)


@pytest.mark.parametrize(
    "text",
    [
        "<?xml version='1.0' encoding='UTF-8'?>\r\n<a b = '1'\tc=\"x &amp; y\" ><d/><e  /> \n</a >\n",
        "<a>1.10<b>&#x41;&lt;</b><![CDATA[<i>]]></a><!-- -->",
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/" xmlns="urn:x"><s:Body/></s:Envelope>',
        '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:one two"/>',
        "\ufeff<a/>",
        "<名前>7</名前>",
    ],
)
def test_what_holds_nothing_personal_stays_to_the_byte(redactor: Redactor, text: str) -> None:
    assert redacted(redactor, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "<email>bob@x.io</email>",
        "<a>bob@x.io</a>",
        "<a email='bob@x.io'/>",
        "<a><![CDATA[bob@x.io]]></a>",
        "<a>1<!-- ask bob@x.io --></a>",
        "<!-- bob@x.io --><a/>",
        "<x:email xmlns:x='urn:x'>bob@x.io</x:email>",
        "<a>bob&#64;x.io</a>",
        "<a>bob&#x00000000040;x.io</a>",
        "<a b='bob&#000000000064;x.io'/>",
        "<a>bob@<![CDATA[x.]]>io</a>",
        "<a>bob@<!-- at -->x.io</a>",
        "<a>\n  bob@x.io\n</a>",
        '<a b=">" c="bob@x.io"/>',
        "<a>bob@\u200bx.io</a>",
        "<a>\uff42ob\uff20x.io</a>",
    ],
)
def test_an_address_is_found_wherever_it_stands(redactor: Redactor, text: str) -> None:
    out = redacted(redactor, text)
    assert "x.io" not in out
    assert "bob" not in out
    assert "example.com" in "".join(ET.fromstring(out).itertext()) + out


@pytest.mark.parametrize(
    "text",
    [
        "<customer><lastName>Kowalski</lastName></customer>",
        "<customer><name>Kowalski</name></customer>",
        "<customer last-name='Kowalski'/>",
        "<last_name><![CDATA[Kowalski]]></last_name>",
        "<s:lastName xmlns:s='urn:s'>Kowalski</s:lastName>",
        '<field name="last_name">Kowalski</field>',
        '<param value="Kowalski" name="last_name"/>',
        "<entry key='last_name'><!-- x -->Kowalski</entry>",
    ],
)
def test_names_of_elements_and_attributes_tell_what_they_hold(redactor: Redactor, text: str) -> None:
    out = redacted(redactor, text)
    assert "Kowalski" not in out
    assert len(ET.fromstring(out)) == len(ET.fromstring(text))


def test_everything_around_a_changed_value_stays_to_the_byte(redactor: Redactor) -> None:
    out = redacted(redactor, "<a  x='1' >\n\t<email> bob@x.io\n</email><!--  --><n>&#65;&amp;</n></a >")
    before, _, after = out.partition("<email> ")
    assert before == "<a  x='1' >\n\t"
    assert after.partition("\n")[2] == "</email><!--  --><n>&#65;&amp;</n></a >"


def test_a_surrogate_is_escaped_as_its_value_was(redactor: Redactor) -> None:
    out = redacted(
        redactor, "<a><note>Bob &amp; Ann &lt;both&gt; \"x\"</note><note m='it&apos;s Ann&quot;s'/></a>"
    )
    root = ET.fromstring(out)
    assert root[0].text is not None
    assert root[0].text.count("&") == 1
    assert root[0].text.count("<") == 1
    assert "Ann" not in out


def test_a_cdata_section_stays_one(redactor: Redactor) -> None:
    out = redacted(redactor, "<note><![CDATA[Bob <b>&]] Jones]]></note>")
    assert out.startswith("<note><![CDATA[")
    assert out.endswith("]]></note>")
    assert "Jones" not in out


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE a><a>bob@x.io</a>",
        '<!DOCTYPE a SYSTEM "http://x.io/bob"><a/>',
        '<!DOCTYPE a [<!ENTITY e "bob@x.io">]><a>&e;</a>',
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        '<?xml-stylesheet href="bob@x.io"?><a/>',
        "<a><?php bob@x.io ?></a>",
    ],
)
def test_document_types_entities_and_instructions_are_not_sent(redactor: Redactor, text: str) -> None:
    with pytest.raises(UnsupportedBody, match="XML with a document type or a processing instruction"):
        redacted(redactor, text)


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "bob@x.io",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a b=1/>",
        "<a b='<'/>",
        "<a>&e;</a>",
        "<a>&#0;</a>",
        "<a b='1' b='2'/>",
        "<a>]]></a>",
        "<!-- -- --><a/>",
        "<a/>bob@x.io",
        '<?xml version="1.0"?><?xml version="1.0"?><a/>',
        '{"a":1}',
    ],
)
def test_what_is_not_well_formed_is_not_sent(redactor: Redactor, text: str) -> None:
    with pytest.raises(UnsupportedBody, match="XML"):
        redacted(redactor, text)


def test_a_name_that_is_somebodys_number_is_not_sent(redactor: Redactor) -> None:
    with pytest.raises(UnsupportedBody, match="holds personal data"):
        redacted(redactor, "<a _4111111111111111='1'/>")


@pytest.mark.parametrize(
    ("declared", "codec"), [("ISO-8859-1", "latin-1"), ("gbk", "gbk"), ("shift_jis", "shift_jis")]
)
def test_the_declared_character_set_is_read_and_kept(redactor: Redactor, declared: str, codec: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><a><email>bob@x.io</email><n>\u00a7</n></a>'
    out = redactor.redact(captured(body=text.encode(codec), content_type=XML)).body.decode(codec)
    assert "x.io" not in out
    assert out.endswith("</email><n>\u00a7</n></a>")


def test_utf_16_is_known_by_its_mark(redactor: Redactor) -> None:
    body = b"\xff\xfe" + "<a><email>bob@x.io</email></a>".encode("utf-16-le")
    out = redactor.redact(captured(body=body, content_type=XML)).body
    assert "x.io" not in out.decode("utf-16")


def test_two_different_character_sets_are_one_too_many(redactor: Redactor) -> None:
    with pytest.raises(UnsupportedBody, match="another character set"):
        redacted(redactor, '<?xml version="1.0" encoding="gbk"?><a/>', b"text/xml; charset=utf-8")


def test_elements_may_be_64_deep(redactor: Redactor) -> None:
    assert redacted(redactor, "<a>" * 64 + "</a>" * 64)
    with pytest.raises(RedactionFailed, match="nested deeper than 64"):
        redacted(redactor, "<a>" * 65 + "</a>" * 65)


tags = st.sampled_from(["email", "user", "note", "x", "phone", "name"])
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=20)


def build(tag: str, text: str, attributes: dict[str, str], inside: list[ET.Element], tail: str) -> ET.Element:
    made = ET.Element(tag, attributes)
    made.text, made.tail = text, tail
    made.extend(inside)
    return made


trees: st.SearchStrategy[ET.Element] = st.deferred(
    lambda: st.builds(
        build, tags, texts, st.dictionaries(tags, texts, max_size=2), st.lists(trees, max_size=2), texts
    )
)


def shape(tree: ET.Element) -> tuple[object, ...]:
    return (tree.tag, list(tree.attrib), bool((tree.text or "").strip()), [shape(child) for child in tree])


@settings(max_examples=50)
@given(trees)
def test_any_document_comes_out_in_its_shape(redactor: Redactor, tree: ET.Element) -> None:
    tree.tail = ""
    out = redacted(redactor, ET.tostring(tree))
    assert shape(ET.fromstring(out)) == shape(tree)


@pytest.mark.parametrize(
    "text",
    [
        "<a>" + "<b/>" * 100_000 + "</a>",
        "<a>" * 100_000 + "</a>" * 100_000,
        "<a " + " ".join(f"a{number}=''" for number in range(60_000)) + "/>",
        "<a>" + "<!---->" * 100_000 + "</a>",
        "<a>" + "<![CDATA[a]]>" * 60_000 + "</a>",
        "<a>" + "&#64;" * 200_000 + "</a>",
        "<a>" + "]" * 1_000_000 + "</a>",
        "<a b='" + " " * 1_000_000 + "'/>",
        "<a" + " " * 1_000_000 + "/>",
        "<" + "a" * 1_000_000 + "/>",
        "<" * 1_000_000,
        "<a>" + "<!" * 500_000,
        "<![CDATA[" * 100_000,
        "<!--" * 250_000,
    ],
)
def test_a_megabyte_that_is_made_to_take_long_ends_soon(redactor: Redactor, text: str) -> None:
    started = time.thread_time()
    with contextlib.suppress(NotRedacted):
        redacted(redactor, text)
    assert time.thread_time() - started < 3.0
