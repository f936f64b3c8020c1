"""XML: only the texts that change are cut out and replaced, every other byte stays."""

from __future__ import annotations

import re
from typing import NoReturn
from xml.parsers import expat

from shadowtap.exceptions import RedactionFailed, UnsupportedBody
from shadowtap.redact.budget import MAX_DEPTH
from shadowtap.redact.charsets import codec_of, utf_16_of
from shadowtap.redact.keys import NO_FIELD, TEXT_FIELD, Context, Field, field_of, looks_like_name
from shadowtap.redact.walk import Walk

# Reads a text that is known to be well-formed and to have no document type.
_TOKEN = re.compile(
    r"(?P<text>[^<]++)"
    r"|<!\[CDATA\[(?P<cdata>(?:[^\]]++|\](?!\]>))*+)\]\]>"
    r"|<!--(?P<comment>(?:[^\-]++|-(?!->))*+)-->"
    r"|</[^>]*+>"
    r"|<(?P<name>[^\s/<>!?=]++)(?P<attributes>(?:\s++[^\s/<>=]++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))*+)\s*+(?P<empty>/?)>"
)
_ATTRIBUTE = re.compile(r"\s++([^\s=]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
_DECLARATION = re.compile(r"\s*+<\?xml\s[^<>]{0,200}\?>")
_ENCODING = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml\s[^<>]{0,100}?\sencoding\s{0,9}=\s{0,9}[\"']([\w.\-]{1,40})[\"']"
)
_REFERENCE = re.compile(r"&(?:#0*+([0-9]{1,7})|#x0*+([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_SPECIAL = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_TECHNICAL = re.compile(r"xmlns|(?:xmlns|xsi|xml):.*", re.DOTALL).fullmatch
_NAMING = ("name", "key", "Name", "Key")
_SPACE = " \t\r\n"


def codec(content: bytes, told: str) -> str:
    """Return the codec that a document declares, which must be the one that its content type tells."""
    declared = _ENCODING.match(content)
    own = codec_of(declared[1].decode()) if declared is not None else utf_16_of(content)
    if told and own and own != told and not (told == "utf-16" and own.startswith("utf-16")):
        raise UnsupportedBody("body: XML declares another character set than its content type")
    return told or own


def check(text: str) -> None:
    """Raise ``UnsupportedBody`` unless a text is well-formed XML without anything but its own content."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse  # so there are no entities either
    parser.ProcessingInstructionHandler = _refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        raise UnsupportedBody("body: not well-formed XML") from None


def _refuse(*_: object) -> NoReturn:
    raise UnsupportedBody("body: XML with a document type or a processing instruction")


class _Element:
    """An element that is open."""

    __slots__ = ("context", "field", "key")

    def __init__(self, key: str, context: Context, field: Field) -> None:
        self.key = key
        self.context = context
        """Names of the elements around it."""
        self.field = field
        """What its text belongs to."""


class _Stretch:
    """What a reader takes for one text: characters, CDATA sections, with comments between them."""

    __slots__ = ("pieces",)

    def __init__(self) -> None:
        self.pieces: list[tuple[int, int, str, bool]] = []
        """Start, end, the text that it says, whether it is a CDATA section."""


class _Document:
    """One document on its way through the walk."""

    def __init__(self, text: str, walk: Walk, context: Context) -> None:
        self._text = text
        self._walk = walk
        self._open: list[_Element] = [_Element("", context, NO_FIELD)]
        self._stretch = _Stretch()
        self._changes: list[tuple[int, int, str]] = []

    def redact(self) -> str:
        """Return the document with its personal data replaced."""
        text = self._text
        declaration = _DECLARATION.match(text)
        end = declaration.end() if declaration is not None else 0
        for token in _TOKEN.finditer(text, end):
            if token.start() != end:
                break
            end = token.end()
            self._take(token)
        if end != len(text):
            self._walk.refuse("XML is not understood")
        return self._spliced()

    def _take(self, token: re.Match[str]) -> None:
        kind = token.lastgroup
        if kind == "text":
            self._stretch.pieces.append((*token.span(), _said(token[kind]), False))
        elif kind == "cdata":
            self._stretch.pieces.append((*token.span(), token[kind], True))
        elif kind == "comment":
            self._comment(token)
        else:
            self._end_stretch()
            if kind is None:
                self._open.pop()
                self._walk.leave()
            else:
                self._start(token)

    def _comment(self, token: re.Match[str]) -> None:
        old = token["comment"]
        if not old.strip(_SPACE):
            return
        fresh = self._walk.text(old, TEXT_FIELD)
        if fresh != old:
            if "--" in fresh or fresh.endswith("-"):
                self._walk.refuse("a comment would end early")
            self._changes.append((*token.span("comment"), fresh))

    def _start(self, token: re.Match[str]) -> None:
        """Enter an element: its name, its attributes."""
        around = self._open[-1]
        key = self._name(token["name"])
        context = (*around.context, around.key)[-2:] if around.key else around.context
        field = field_of(key, context)
        self._walk.enter(key)
        if token["attributes"]:
            field = self._attributes(token, key, context, field)
        if token["empty"]:
            self._walk.leave()
        else:
            if len(self._open) > MAX_DEPTH:
                raise RedactionFailed(f"{self._walk.budget.part}: nested deeper than {MAX_DEPTH} levels")
            self._open.append(_Element(key, context, field))

    def _attributes(self, token: re.Match[str], key: str, context: Context, field: Field) -> Field:
        """Redact the attributes; return what the element's text belongs to.

        ``<field name="email">`` is as good as ``<email>``.
        """
        inside = (*context, key)[-2:]
        start, end = token.span("attributes")
        found = list(_ATTRIBUTE.finditer(self._text, start, end))
        named = "" if field.kind else _named(found)
        told = field_of(named, context) if named else field
        for attribute in found:
            group = attribute.lastindex or 0
            name = attribute[1]
            value = _said(attribute[group])
            if _TECHNICAL(name):
                self._walk.budget.spend()
                fresh = self._walk.strict(value)
            else:
                local = self._name(name)
                own = told if named and local.lower() == "value" else field_of(local, inside)
                self._walk.enter(local)
                fresh = self._walk.text(value, own)
                self._walk.leave()
            if fresh != value:
                self._changes.append((*attribute.span(group), _escaped(fresh)))
        return told

    def _name(self, name: str) -> str:
        """Return a name without its prefix; refuse one that is somebody's number."""
        local = name.rpartition(":")[2]
        if self._walk.name(local, field_of(local)) != local:
            self._walk.refuse("a name of an element or attribute holds personal data")
        return local

    def _end_stretch(self) -> None:
        """Redact what was said since the last tag, as one text."""
        pieces = self._stretch.pieces
        if not pieces:
            return
        self._stretch = _Stretch()
        whole = "".join([said for _, _, said, _ in pieces])
        core = whole.strip(_SPACE)
        if not core:
            return
        fresh = self._walk.text(core, self._open[-1].field)
        if fresh == core:
            return
        lead = len(whole) - len(whole.lstrip(_SPACE))
        fresh = whole[:lead] + fresh + whole[lead + len(core) :]
        start, end, _, section = pieces[0]
        if section and len(pieces) == 1 and "]]>" not in fresh:
            fresh = f"<![CDATA[{fresh}]]>"
        else:
            fresh = _escaped(fresh)
        self._changes.append((start, end, fresh))
        self._changes += [(start, end, "") for start, end, _, _ in pieces[1:]]

    def _spliced(self) -> str:
        out: list[str] = []
        at = 0
        # A comment within a text is known before the text is.
        for start, end, fresh in sorted(self._changes):
            out += self._text[at:start], fresh
            at = end
        out.append(self._text[at:])
        return "".join(out)


def redact(text: str, walk: Walk, context: Context = ()) -> str:
    """Return an XML document with its personal data replaced; raise ``UnsupportedBody`` if it is none."""
    check(text)
    return _Document(text, walk, context).redact()


def _named(attributes: list[re.Match[str]]) -> str:
    """Return the field's name that an attribute tells; empty when none does."""
    for attribute in attributes:
        if attribute[1] in _NAMING:
            value = _said(attribute[attribute.lastindex or 0])
            return value if looks_like_name(value) and " " not in value else ""
    return ""


def _said(raw: str) -> str:
    """Return the text that is meant, references resolved."""
    return _REFERENCE.sub(_character, raw) if "&" in raw else raw


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, special = reference.groups()
    if special:
        return _SPECIAL[special]
    return chr(int(decimal) if decimal else int(hexadecimal, 16))


def _escaped(text: str) -> str:
    for name, char in _SPECIAL.items():
        if char in text:
            text = text.replace(char, f"&{name};")
    return text
