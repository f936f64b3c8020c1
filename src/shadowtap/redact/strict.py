"""Strict mode: which single words are nobody's by their form alone."""

from __future__ import annotations

import re

from shadowtap.redact.shapes import is_technical, is_time_zone, is_unmistakable

_LONGEST = 128
_FORM = re.compile(
    r"\w{0,2}"  # a code of two letters or digits
    r"|-?[0-9]{1,6}(?:\.[0-9]{1,6})?%?"  # a short number; a long one may be somebody's
    r"|v?[0-9]{1,4}(?:\.[0-9]{1,5}){0,3}(?:-(?:alpha|beta|rc|dev)\.?[0-9]{0,3})?"  # a version
    r"|P(?:[0-9]{1,4}[YMWD]){0,4}(?:T(?:[0-9]{1,4}[HMS]){1,3})?"  # an ISO 8601 duration
    r"|(?=[0-9]{0,127}[a-f])(?=[a-f]{0,127}[0-9])[0-9a-f]{7,128}"  # a digest or a part of one
    r"|(?=[0-9]{0,127}[A-F])(?=[A-F]{0,127}[0-9])[0-9A-F]{7,128}"
    r"|[0-7][0-9A-HJKMNP-TV-Z]{25}"  # a ULID
    r"|[a-z]{2,8}_(?=[A-Za-z]{0,31}[0-9])[A-Za-z0-9]{14,32}"  # an id of a vendor: cus_NffrFeUfNV2Hib
    r"|[a-z]{2,3}[_\-](?:[A-Z][a-z]{3}[_\-])?(?:[A-Z]{2}|[0-9]{3})"  # a language and its country
    r"|[A-Z][A-Z0-9]{0,30}(?:_[A-Z0-9]{1,30}){1,6}"  # a constant of several words: ORDER_CREATED
    r"|#[0-9a-fA-F]{3,8}"  # a colour
    r"|(?i:true|false|null|none|undefined|yes|no|on|off)"
)


def is_nobodys(text: str) -> bool:
    """Tell whether a word has a technical form, in which no name and no number of a person is written."""
    if len(text) > _LONGEST:
        return False
    return (
        _FORM.fullmatch(text) is not None or is_unmistakable(text) or is_time_zone(text) or is_technical(text)
    )
