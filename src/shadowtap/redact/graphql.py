"""GraphQL documents: the literals and comments in them are values, the rest is technical and stays.

Only what is a whole executable document by the grammar counts as one; any other
text is free text.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import NamedTuple, NoReturn

from shadowtap.exceptions import RedactionFailed
from shadowtap.redact.budget import MAX_DEPTH
from shadowtap.redact.keys import TEXT_FIELD, Context, Field, field_of, looks_like_name
from shadowtap.redact.walk import Walk

WORDS = frozenset({"query", "mutation", "subscription", "document", "doc", "graphql", "gql"})
"""Words of the names of fields that hold documents."""

_TOKEN = re.compile(
    r"[\s,\ufeff]++"
    r"|(?P<comment>\#[^\r\n]*+)"
    r'|(?P<block>"""(?:[^"\\]++|\\"""|\\|"(?!""))*+""")'
    r'|(?P<string>"(?:[^"\\\r\n]++|\\.)*+")'
    r"|(?P<name>[_A-Za-z][_0-9A-Za-z]*+)"
    r"|(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+\-]?[0-9]++)?(?![0-9A-Za-z_.]))"
    r"|(?P<sign>\.\.\.|[!$&()\[\]{}:=@|])"
)
_BEGINNING = re.compile(
    r"(?:[\s,\ufeff]++|\#[^\r\n]*+)*+(?:\{|(?:query|mutation|subscription|fragment)\b)"
).match
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,8})\}|.)", re.DOTALL)
_OPERATIONS = frozenset({"query", "mutation", "subscription"})
_WRAPPED = "input"


class NotGraphQL(Exception):
    """The text is not a GraphQL document."""


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


class _Leaf(NamedTuple):
    token: _Token
    field: Field


_END = _Token("end", "", 0)


class _Document:
    """Reads a document by recursive descent and notes the literals in it."""

    def __init__(self, text: str, walk: Walk) -> None:
        self._walk = walk
        self._tokens: list[_Token] = []
        self._at = 0
        self._depth = 0
        self.leaves: list[_Leaf] = []
        self._read(text)

    def parse(self) -> None:
        """Read the whole document; raise ``NotGraphQL`` if it is none."""
        self._definition()
        while self._next() is not _END:
            self._definition()

    def _read(self, text: str) -> None:
        end = 0
        for found in _TOKEN.finditer(text):
            if found.start() != end:
                break
            end = found.end()
            kind = found.lastgroup
            if kind is None:
                continue
            token = _Token(kind, found[kind], found.start())
            if kind == "comment":
                self.leaves.append(_Leaf(token, TEXT_FIELD))
            else:
                self._tokens.append(token)
        if end != len(text):
            raise NotGraphQL
        self._tokens.append(_END)

    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, text: str = "", kind: str = "sign") -> _Token:
        """Go past a token, which must be that sign, or of that kind."""
        token = self._tokens[self._at]
        if token.kind != kind or (text and token.text != text):
            self._fail()
        self._at += 1
        return token

    def _passed(self, text: str) -> bool:
        """Go past a sign if it is there."""
        token = self._tokens[self._at]
        if token.kind != "sign" or token.text != text:
            return False
        self._at += 1
        return True

    def _name(self) -> str:
        name = self._take(kind="name").text
        if not looks_like_name(name) and self._walk.strict(name) != name:
            raise NotGraphQL
        return name

    def _fail(self) -> NoReturn:
        raise NotGraphQL

    def _enter(self) -> None:
        self._walk.budget.check()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise RedactionFailed(f"{self._walk.budget.part}: nested deeper than {MAX_DEPTH} levels")

    def _definition(self) -> None:
        if self._next().text == "{":
            self._selections()
            return
        keyword = self._name()
        if keyword == "fragment":
            self._name()
            self._condition()
        elif keyword not in _OPERATIONS:
            self._fail()
        else:
            if self._next().kind == "name":
                self._name()
            if self._passed("("):
                self._variables()
        self._directives()
        self._selections()

    def _condition(self) -> None:
        if self._name() != "on":
            self._fail()
        self._name()

    def _variables(self) -> None:
        while not self._passed(")"):
            self._take("$")
            name = self._name()
            self._take(":")
            self._type()
            if self._passed("="):
                self._value(name, ())
            self._directives()

    def _type(self) -> None:
        lists = 0
        while self._passed("["):
            lists += 1
        self._name()
        self._passed("!")
        for _ in range(lists):
            self._take("]")
            self._passed("!")

    def _directives(self) -> None:
        while self._passed("@"):
            self._arguments(self._name())

    def _selections(self) -> None:
        self._enter()
        self._take("{")
        self._selection()
        while not self._passed("}"):
            self._selection()
        self._depth -= 1

    def _selection(self) -> None:
        if self._passed("..."):
            self._spread()
            return
        name = self._name()
        if self._passed(":"):  # that was an alias
            name = self._name()
        self._arguments(name)
        self._directives()
        if self._next().text == "{":
            self._selections()

    def _spread(self) -> None:
        inline = True
        if self._next().kind == "name":
            inline = self._name() == "on"
            if inline:
                self._name()
        self._directives()
        if inline:
            self._selections()

    def _arguments(self, of: str) -> None:
        if self._passed("("):
            while not self._passed(")"):
                name = self._name()
                self._take(":")
                self._value(name, (of,))

    def _value(self, key: str, context: Context) -> None:
        token = self._next()
        if token.kind in ("string", "block", "number"):
            self.leaves.append(_Leaf(token, field_of(key, context)))
            self._at += 1
        elif token.kind == "name" or self._passed("$"):
            self._name()
        elif self._passed("["):
            self._enter()
            while not self._passed("]"):
                self._value(key, context)
            self._depth -= 1
        else:
            self._object(key, context)

    def _object(self, key: str, context: Context) -> None:
        self._enter()
        self._take("{")
        inside = context if key == _WRAPPED else (*context, key)[-2:]
        while not self._passed("}"):
            name = self._name()
            self._take(":")
            self._value(name, inside)
        self._depth -= 1


def begins_like_one(text: str) -> bool:
    """Tell whether a text begins as documents do."""
    return _BEGINNING(text) is not None


def redact(text: str, walk: Walk) -> str:
    """Return a document with its literals redacted; raise ``NotGraphQL`` if it is none."""
    document = _Document(text, walk)
    document.parse()
    out: list[str] = []
    at = 0
    for token, field in sorted(document.leaves, key=lambda leaf: leaf.token.start):
        fresh = _literal(token, field, walk)
        if fresh != token.text:
            out += text[at : token.start], fresh
            at = token.start + len(token.text)
    if not out:
        return text
    out.append(text[at:])
    redacted = "".join(out)
    # A persisted query goes by its hash, which would tell the literals too.
    walk.remember(_hash(text), _hash(redacted))
    return redacted


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _literal(token: _Token, field: Field, walk: Walk) -> str:
    raw = token.text
    if token.kind == "number":
        return walk.number(raw, field)
    if token.kind == "comment":
        return "#" + walk.text(raw[1:], field).replace("\n", " ").replace("\r", " ")
    if token.kind == "block":
        return _block(raw, field, walk)
    old = _decoded(raw)
    fresh = walk.text(old, field)
    return raw if fresh == old else json.dumps(fresh, ensure_ascii="\\u" in raw)


def _block(raw: str, field: Field, walk: Walk) -> str:
    old = raw[3:-3].replace('\\"""', '"""')
    fresh = walk.text(old, field)
    if fresh == old:
        return raw
    # A quotation mark at its end would be one of the three that end the block.
    return json.dumps(fresh) if fresh.endswith(('"', "\\")) else '"""' + fresh.replace('"""', '\\"""') + '"""'


def _decoded(raw: str) -> str:
    try:
        text: str = json.loads(_ESCAPE.sub(_as_json, raw), strict=False)
    except (ValueError, OverflowError):
        raise NotGraphQL from None
    return text


def _as_json(escape: re.Match[str]) -> str:
    """Return an escape as JSON has it, which does not know the one in braces."""
    point = escape[1]
    return json.dumps(chr(int(point, 16)))[1:-1] if point else escape[0]
