"""Values that can be told by their form alone: bounded expressions and check digits.

Each function takes a text and returns the stretches that it recognises. All
run in time linear in the text: no expression here has two unbounded repeats
that can match the same characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from shadowtap.redact import entities
from shadowtap.redact.entities import Finding
from shadowtap.redact.internet import ipv4s, ipv6s, macs
from shadowtap.redact.national import NATIONAL_IDS, national_ids
from shadowtap.redact.surrogates.identity import cn_check_digit
from shadowtap.redact.surrogates.payment import iban_remainder, luhn_valid

Span = tuple[int, int]
Spans = Iterator[Span]

# --- e-mail ------------------------------------------------------------------------------------

_NOT_LOCAL = r"\s@<>()\[\]{}|,;:\"\\/=?&\x00-\x1f\u3001\u3002\uff0c"
_AT = re.compile(rf"(?<=[^{_NOT_LOCAL}])@(?=[^\W_]|\[)")
_LOCAL = re.compile(rf"[^{_NOT_LOCAL}]{{1,64}}\Z")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOMAIN = re.compile(rf"\[[0-9A-Fa-f.:]{{2,45}}\]|(?:{_LABEL}\.){{0,10}}{_LABEL}")
_RETINA = re.compile(r"[0-9]{1,2}(?:\.[0-9])?x\.(?:png|jpe?g|gif|webp|avif|svg)", re.IGNORECASE)
_VERSION = re.compile(r"[0-9.]+")
_LOCAL_MAX = 64
_SERVICES = frozenset({"git", "hg", "svn"})
"""Users that stand for a service, as in ``git@host:path``."""

_DOMAIN_MAX = 255


def emails(text: str) -> Spans:
    """Find e-mail addresses, those of internal hosts and in other scripts included."""
    done = 0
    for sign in _AT.finditer(text):
        at = sign.start()
        domain = _DOMAIN.match(text, at + 1, at + 1 + _DOMAIN_MAX)
        local = _LOCAL.search(text[max(done, at - _LOCAL_MAX) : at]) if at > done else None
        if text[:at] in _SERVICES and domain and text[domain.end() : domain.end() + 1] == ":":
            continue
        if not local or not domain or _VERSION.fullmatch(domain.group()) or _RETINA.match(text, at + 1):
            continue
        start = at - len(local.group().lstrip("'`*.-"))
        if start < at:
            yield start, domain.end()
            done = domain.end()


# --- digits ------------------------------------------------------------------------------------

_RUN = re.compile(r"[0-9](?:[ \-\u00a0.]?[0-9])*")
_GROUP = re.compile(r"[0-9]+")
_IIN = re.compile(
    r"4[0-9]{12}(?:[0-9]{3}){0,2}"  # Visa: 13, 16, 19
    r"|(?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}"  # Mastercard
    r"|3[47][0-9]{13}"  # American Express
    r"|3(?:0[0-5]|[689][0-9])[0-9]{11,16}"  # Diners Club
    r"|(?:6011|64[4-9][0-9]|65[0-9]{2})[0-9]{12,15}"  # Discover, RuPay
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12,15}"  # JCB
    r"|(?:62|81)[0-9]{14,17}"  # UnionPay
    r"|220[0-4][0-9]{12,15}"  # Mir
    r"|(?:50[0-9]{2}|5[6-8][0-9]{2}|6304|6390|67[0-9]{2}|60[0-9]{2})[0-9]{8,15}"  # Maestro, Verve, Elo
)
_CARD_MIN, _CARD_MAX = 12, 19
_CARD_BRAND = 4
_CARD_FIRST = "234568"


def cards(text: str) -> Spans:
    """Find payment card numbers: a brand's first digits, its length, and the Luhn check digit."""
    for run in _RUN.finditer(text):
        if run.end() - run.start() >= _CARD_MIN:
            yield from _cards_in(text, run.start(), run.end())


def _cards_in(text: str, start: int, end: int) -> Spans:
    """Try every row of whole groups, as a card may follow other digits: ``qty 2 4111 1111 ...``."""
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    first = 0
    while first < len(groups):
        start, end = groups[first]
        if end - start < _CARD_BRAND or text[start] not in _CARD_FIRST:
            first += 1
            continue
        number, last, found = "", first, 0
        while last < len(groups) and len(number) < _CARD_MAX:
            number += text[groups[last][0] : groups[last][1]]
            last += 1
            if _CARD_MIN <= len(number) <= _CARD_MAX and _IIN.fullmatch(number) and luhn_valid(number):
                found = last
        if found:
            yield groups[first][0], groups[found - 1][1]
        first = found or first + 1


def ean13_valid(run: str) -> bool:
    """Tell whether thirteen digits are a trade item number (GS1) that only looks like a card."""
    if len(run) != 13 or not run.isdecimal():  # the length of an EAN-13
        return False
    return sum(int(char) * (3 if index % 2 else 1) for index, char in enumerate(run)) % 10 == 0


_CN_ID = re.compile(
    r"(?<![0-9A-Za-z])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
    r"(?![0-9A-Za-z])"
)


def cn_ids(text: str) -> Spans:
    """Find Chinese resident ids (GB 11643)."""
    for match in _CN_ID.finditer(text):
        if cn_check_digit(match.group()[:17]) == match.group()[17].upper():
            yield match.span()


_SSN = re.compile(r"(?<![0-9A-Za-z-])[0-9]{3}([- ])[0-9]{2}\1[0-9]{4}(?![0-9A-Za-z-])")


def ssns(text: str) -> Spans:
    """Find US social security and taxpayer numbers with their separators, sample numbers too."""
    return (match.span() for match in _SSN.finditer(text))


_PHONES = (
    re.compile(
        r"(?<![0-9A-Za-z.+-])(?:(?:\+|00)?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9A-Za-z])"
    ),
    re.compile(r"(?<![\w+])\+ ?[1-9](?:[ ().\-/\u00a0]{0,3}[0-9]){6,14}(?![0-9])"),
    re.compile(
        r"(?<![0-9A-Za-z.+-])00[1-9][0-9]{0,2}[ \-/](?:\(0\))?[0-9](?:[ \-/]?[0-9]){5,12}(?![0-9A-Za-z])"
    ),
    re.compile(r"(?<![0-9A-Za-z])\(\+?[0-9]{1,5}\) ?[0-9]{2,5}(?:[ .\-/]?[0-9]{2,5}){1,3}(?![0-9A-Za-z])"),
    re.compile(
        r"(?<![0-9A-Za-z.+-])(?:1[ .\-])?[2-9][0-9]{2}([ .\-])[2-9][0-9]{2}\1[0-9]{4}(?![0-9A-Za-z-])"
    ),
    re.compile(r"(?<![0-9A-Za-z.+-])0[0-9]{1,4}[ \-/][0-9]{3,8}(?:[ \-][0-9]{2,5}){0,3}(?![0-9A-Za-z-])"),
    re.compile(r"(?<![0-9A-Za-z.+-])0[0-9](?:([ .\-])[0-9]{2})(?:\1[0-9]{2}){3}(?![0-9A-Za-z.-])"),
)
_SIGNED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    zip(_PHONES, ("1", "+", "00", "(", "", "0", "0"), strict=True)
)
"""Each expression with what it cannot match without."""
_PHONE_MIN = 8


def phones(text: str) -> Spans:
    """Find telephone numbers that are written as such: international, with area code, Chinese mobiles."""
    # Digits alone can only be of the first form; the others want a sign or a separator.
    signed = _SIGNED[:1] if text.isdecimal() else [pair for pair in _SIGNED if pair[1] in text]
    for pattern, _ in signed:
        for match in pattern.finditer(text):
            if sum(map(str.isdecimal, match.group())) >= _PHONE_MIN:
                yield match.span()


# --- letters and digits ------------------------------------------------------------------------

_IBAN_FORMATS = """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18
    DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23
    IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27
    MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19
    SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""
_IBAN_LENGTHS = {name[:2]: int(name[2:]) for name in _IBAN_FORMATS.split()}
_IBAN_HEAD = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[0-9]{2}(?=[ \-]?[0-9A-Za-z])")


def ibans(text: str) -> Spans:
    """Find IBANs: the length of the country's format and the check digits."""
    for head in _IBAN_HEAD.finditer(text):
        left = _IBAN_LENGTHS.get(head.group()[:2].upper(), 0)
        compact, at = "", head.start()
        while left and at < len(text):
            char = text[at]
            if char.isascii() and char.isalnum():
                compact += char
                left -= 1
            elif char not in " -" or not text[at - 1].isalnum():
                break
            at += 1
        ended = at == len(text) or not (text[at].isascii() and text[at].isalnum())
        if compact and not left and ended and iban_remainder(compact) == 1:
            yield head.start(), at


# --- secrets -----------------------------------------------------------------------------------

# An encrypted one has two parts more, and its second may be empty.
_JWT = re.compile(r"(?<![\w\-])eyJ[\w\-]{5,}\.(?:[\w\-]*\.[\w\-]*\.[\w\-]+\.[\w\-]+|[\w\-]{2,}\.[\w\-]*)")
_SECRET = re.compile(
    r"(?<![A-Za-z0-9_])(?:"
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{1,4096}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?"
    r"|(?:[sprw]k|whsec)_(?:live_|test_)?[0-9A-Za-z]{16,250}"
    r"|sk-[\w\-]{20,250}"
    r"|gh[pousr]_[0-9A-Za-z]{30,255}|github_pat_\w{20,255}|glpat-[\w\-]{18,255}"
    r"|xox[abeoprs]-[\w\-]{10,255}"
    r"|(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}(?![0-9A-Z])"
    r"|AIza[\w\-]{35}|ya29\.[\w\-]{20,2000}|SG\.[\w\-]{16,40}\.[\w\-]{16,80}"
    r"|npm_[0-9A-Za-z]{30,60}|pypi-[\w\-]{40,400}|shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{30,40}|hf_[0-9A-Za-z]{30,60}"
    r"|dop_v1_[0-9a-f]{60,70}"
    r"|[Bb]earer (?P<bearer>[\w.~+/\-]{12,4096}={0,2})"
    r"|[Bb]asic (?=[A-Za-z+/]{0,64}[0-9=])(?P<basic>[A-Za-z0-9+/]{8,4096}={0,2})"
    r")"
)
_MARKS = ("AKIA", "ASIA", "AROA", "AIDA", "AIza", "ya29.", "SG.", "earer ", "asic ")
_JOINED_MARKS = (
    "k_",
    "whsec_",
    "sk-",
    "gh",
    "glpat-",
    "xox",
    "npm_",
    "pypi-",
    "shp",
    "hf_",
    "dop_v1_",
    "-----BEGIN",
)
"""Without one of them there is no secret of those forms; of the latter, all hold ``_`` or ``-`` as well."""
_ASSIGNED = re.compile(
    r"(?<![A-Za-z0-9])(?:password|passwd|passwort|pwd|secret|token|api[_-]?key|apikey|access[_-]?key)"
    r"[\"']?[ \t]{0,3}[=:][ \t]{0,3}[\"']?([^\s\"'&;,]{3,512})",
    re.IGNORECASE,
)
_SHORTEST_SECRET = 13
_ASSIGNED_WORDS = ("pass", "pwd", "secret", "token", "api", "access")
_USER_INFO = re.compile(r"(?<=://)[^\s/?#@]{1,256}(?=@)")


def jwts(text: str) -> Spans:
    """Find JSON Web Tokens."""
    return (match.span() for match in _JWT.finditer(text))


def secrets(text: str) -> Spans:
    """Find keys and tokens by their vendors' prefixes, ``Bearer``, ``password=``, and users in URLs."""
    marks = _MARKS if "_" not in text and "-" not in text else _MARKS + _JOINED_MARKS
    if len(text) > _SHORTEST_SECRET and any(mark in text for mark in marks):
        for match in _SECRET.finditer(text):
            yield match.span(match.lastgroup or 0)
    if "=" in text or ":" in text:
        lowered = text.lower()
        if not text.isascii() or any(word in lowered for word in _ASSIGNED_WORDS):
            for match in _ASSIGNED.finditer(text):
                yield match.span(1)
        if "://" in text:
            for match in _USER_INFO.finditer(text):
                yield match.span()


class Recogniser:
    """A finder for one entity, or for several."""

    __slots__ = ("entities", "find", "name")

    def __init__(self, found: tuple[str, ...], find: Callable[[str], Iterator[Finding]], name: str) -> None:
        self.entities = found
        self.find = find
        self.name = name


def _of_one(entity: str, find: Callable[[str], Spans]) -> Recogniser:
    def findings(text: str) -> Iterator[Finding]:
        return (Finding(start, end, entity) for start, end in find(text))

    return Recogniser((entity,), findings, find.__name__)


RECOGNISERS: tuple[Recogniser, ...] = (
    _of_one(entities.EMAIL, emails),
    _of_one(entities.CARD, cards),
    _of_one(entities.CN_ID, cn_ids),
    _of_one(entities.PHONE, phones),
    _of_one(entities.SSN, ssns),
    Recogniser(tuple(NATIONAL_IDS), national_ids, national_ids.__name__),
    _of_one(entities.IBAN, ibans),
    _of_one(entities.IP, ipv4s),
    _of_one(entities.IP, ipv6s),
    _of_one(entities.MAC, macs),
    _of_one(entities.JWT, jwts),
    _of_one(entities.SECRET, secrets),
)
"""All of them; ``scan`` runs those that can match a text."""
