"""Technical forms that are nobody's data and survive unchanged."""

from __future__ import annotations

import re

_DATE = r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]"
_TIME = r"[0-2][0-9]:[0-5][0-9](?::[0-6][0-9](?:[.,][0-9]{1,9})?)?"
_ZONE = r"(?: ?(?:Z|UTC|GMT|[+-][0-2][0-9]:?[0-5][0-9]))?"

# Forms that value recognisers could take for something else: looked at before them.
_UNMISTAKABLE = re.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"  # UUID
    rf"|{_DATE}(?:[T ]{_TIME}{_ZONE})?"  # ISO 8601
    rf"|{_TIME}{_ZONE}"
    r"|-?[0-9]{1,10}\.[0-9]{1,20}(?:[eE][+-]?[0-9]{1,3})?"  # decimal number
    r"|(?:(?=[0-9]{0,31}[a-f])[0-9a-f]{32,128}|(?=[0-9]{0,31}[A-F])[0-9A-F]{32,128})"  # digests
)

_DAY_NAME = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:[a-z]{3,6})?"
_MONTH_NAME = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_HTTP_DATE = (
    rf"{_DAY_NAME}, [0-3]?[0-9][ -]{_MONTH_NAME}[ -](?:[0-9]{{4}}|[0-9]{{2}}) {_TIME} "
    r"(?:GMT|UTC|[+-][0-9]{4})"
)
_MEDIA = (
    r"(?:application|audio|font|image|message|model|multipart|text|video|\*)/[\w.+*\-]{1,80}"
    r"(?:; ?(?:charset|boundary|q|v|version|profile|codecs)=\"?[\w.\-]{1,72}\"?){0,8}"
)
_AGENT = (
    r"(?:Mozilla|Opera|Dalvik|curl|python-requests|okhttp|PostmanRuntime)/[0-9][\w.]{0,20}"
    r"(?: [\w.()/;:,+\-_]{1,80}){0,40}"
)

# Forms with spaces in them, which would otherwise pass for free text.
_SPACED = re.compile(rf"{_HTTP_DATE}|{_MEDIA}(?:, ?{_MEDIA}){{0,15}}|{_AGENT}")
ZONE_AREAS = "Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific"
"""What the name of a time zone begins with, as alternatives of an expression."""

_TIME_ZONE = re.compile(rf"(?:{ZONE_AREAS})(?:/[A-Z][A-Za-z_\-]{{2,30}}){{1,2}}")
_MAX_SHAPE = 512


def is_unmistakable(text: str) -> bool:
    """Tell whether a text is a UUID, a timestamp, a decimal number or a digest."""
    return _UNMISTAKABLE.fullmatch(text) is not None


def is_technical(text: str) -> bool:
    """Tell whether a text with spaces is a date, a list of media types or a user agent."""
    return len(text) <= _MAX_SHAPE and _SPACED.fullmatch(text) is not None


def is_time_zone(text: str) -> bool:
    """Tell whether a text is the name of a time zone, which often has a city in it."""
    return _TIME_ZONE.fullmatch(text) is not None
