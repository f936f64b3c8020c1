"""Reads GraphQL documents: executable ones, by the whole grammar, and notes the literals in them."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from shadowtap.exceptions import RedactionFailed
from shadowtap.redact.budget import MAX_DEPTH
from shadowtap.redact.keys import TEXT_FIELD, Context, Field, field_of, looks_like_name
from shadowtap.redact.walk import Walk

MAX_TOKENS = 50_000
"""Words, signs, spaces and comments of one document; servers put up with far fewer."""

_TOKEN = re.compile(
    r"[ \t\r\n,\ufeff]++"
    r"|(?P<comment>\#[^\r\n]*+)"
    r'|(?P<block>"""(?:[^"\\]++|\\"""|\\|"(?!""))*+""")'
    r'|(?P<string>"(?:[^"\\\r\n]++|\\.)*+")'
    r"|(?P<name>[_A-Za-z][_0-9A-Za-z]*+)"
    r"|(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+\-]?[0-9]++)?(?![0-9A-Za-z_.]))"
    r"|(?P<sign>\.\.\.|[!$&()\[\]{}:=@|])"
)
_OPERATIONS = frozenset({"query", "mutation", "subscription"})
_WRAPPED = "input"


class NotGraphQL(Exception):
    """The text is not a GraphQL document."""


class Token(NamedTuple):
    """A word of a document."""

    kind: str
    text: str
    start: int


class Leaf(NamedTuple):
    """A literal or a comment, and what it belongs to."""

    token: Token
    field: Field


_END = Token("end", "", 0)


class Document:
    """Reads a document by recursive descent and notes the literals in it."""

    def __init__(self, text: str, walk: Walk) -> None:
        self._walk = walk
        self._tokens: list[Token] = []
        self._at = 0
        self._depth = 0
        self.leaves: list[Leaf] = []
        self._read(text)

    def parse(self) -> None:
        """Read the whole document; raise ``NotGraphQL`` if it is none."""
        self._definition()
        while self._next() is not _END:
            self._definition()

    def _read(self, text: str) -> None:
        end = 0
        for number, found in enumerate(_TOKEN.finditer(text)):
            if found.start() != end:
                break
            if number > MAX_TOKENS:
                raise RedactionFailed(f"{self._walk.budget.part}: GraphQL of more than {MAX_TOKENS} words")
            end = found.end()
            kind = found.lastgroup
            if kind is None:
                continue
            token = Token(kind, found[kind], found.start())
            if kind == "comment":
                self.leaves.append(Leaf(token, TEXT_FIELD))
            else:
                self._tokens.append(token)
        if end != len(text):
            raise NotGraphQL
        self._tokens.append(_END)

    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self, text: str = "", kind: str = "sign") -> Token:
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
            self.leaves.append(Leaf(token, field_of(key, context)))
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
