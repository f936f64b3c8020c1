"""Surrogates for credentials: the shape stays, the vendor's prefix too, the power goes."""

from __future__ import annotations

import re

from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.scramble import scramble, shift

_PREFIX = re.compile(
    r"(?:bearer|basic|token|digest|negotiate|apikey)\s{1,4}|-----BEGIN [A-Z ]{1,40}-----"
    r"|(?:sk|pk|rk|whsec)_(?:(?:live|test)_)?|sk-(?:proj-|ant-)?|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|AKIA|ASIA|AIza"
    r"|ya29\.|SG\.|npm_|pypi-|shp(?:at|ca|pa|ss)_|hf_|dop_v1_",
    re.IGNORECASE,
)
_PEM_END = re.compile(r"-----END [A-Z ]{1,40}-----\s{0,4}$")
_FALLBACK = "abcdefghijkmnpqr"


def secret(keyed: Keyed, text: str) -> str:
    """Scramble a secret in its own alphabet and length; a text without letters becomes letters."""
    prefix = _PREFIX.match(text)
    start = prefix.end() if prefix is not None else 0
    ending = _PEM_END.search(text)
    end = ending.start() if ending is not None else len(text)
    inner = text[start:end]
    fresh = text[:start] + scramble(keyed, b"secret", inner) + text[end:]
    if fresh != text:
        return fresh
    stream = keyed.stream(b"secret-opaque", text.encode("utf-8", "surrogatepass"), len(text))
    return "".join(_FALLBACK[byte % len(_FALLBACK)] for byte in stream)


def jwt(keyed: Keyed, text: str) -> str:
    """Keep the header of a token; claims and signature become noise of the same length."""
    header, dot, rest = text.partition(".")
    return header + dot + shift(keyed, b"jwt", rest, text)
