"""Personal numbers of many countries that carry check digits, or a date in a form of their own.

Each has an expression for how it is written and a function that sets its check
characters. One that comes out as it went in is valid; a surrogate gets the
right ones in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from string import ascii_uppercase
from typing import NamedTuple

from shadowtap.redact.entities import Finding

_NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_HETU_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FOREIGN = str.maketrans("XYZ", "012")
_CURP_LETTERS = "0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ"
_FISCAL_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_NRIC = {"S": "JZIHGFEDCBA", "T": "GFEDCBAJZIH", "F": "XWUTRQPNMLK", "G": "RQPNMLKXWUT", "M": "XWUTRQPNJLK"}
_NRIC_START = {"T": 4, "G": 4, "M": 3}

# Verhoeff's scheme: the dihedral group of ten, and a permutation of its elements.
_TIMES = tuple(
    tuple(
        (i + j) % 5 + (5 if j > 4 else 0) if i < 5 else (i - j) % 5 + (0 if j > 4 else 5) for j in range(10)
    )
    for i in range(10)
)
_MOVED = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _sum(run: str, weights: tuple[int, ...]) -> int:
    return sum(int(char) * weight for char, weight in zip(run, weights, strict=False))


def _same(run: str) -> str:
    return run


def _cpf(run: str) -> str:
    run = run[:9]
    for size in (9, 10):
        run += str(_sum(run, tuple(range(size + 1, 1, -1))) * 10 % 11 % 10)
    return run


def _cnpj(run: str) -> str:
    run = run[:12]
    for weights in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        rest = _sum(run, weights) % 11
        run += "0" if rest < 2 else str(11 - rest)
    return run


def _nif(run: str) -> str:
    return run[:-1] + _NIF_LETTERS[int(run[:-1].translate(_FOREIGN)) % 23]


def _codice_fiscale(run: str) -> str:
    places = [int(char) if char.isdecimal() else ord(char) - 65 for char in run[:15]]
    total = sum(place if index % 2 else _FISCAL_ODD[place] for index, place in enumerate(places))
    return run[:15] + ascii_uppercase[total % 26]


def _nir(run: str) -> str:
    number = int(run[:13].replace("2A", "19").replace("2B", "18"))
    return f"{run[:13]}{97 - number % 97:02}"


def _belgian(run: str) -> str:
    number = int(run[:9])
    since_2000 = f"{97 - (2_000_000_000 + number) % 97:02}"
    return run[:9] + (since_2000 if run[9:] == since_2000 else f"{97 - number % 97:02}")


def _swedish(run: str) -> str:
    total = sum(sum(divmod(int(char) * (2 - index % 2), 10)) for index, char in enumerate(run[-10:-1]))
    return run[:-1] + str(-total % 10)


def _hetu(run: str) -> str:
    return run[:-1] + _HETU_LETTERS[int(run[:6] + run[-4:-1]) % 31]


def _czech(run: str) -> str:
    return run[:9] + str(-int(run[:9] + "0") % 11 % 10)


def _rut(run: str) -> str:
    total = sum(int(char) * (2 + index % 6) for index, char in enumerate(reversed(run[:-1])))
    return run[:-1] + "0K987654321"[total % 11]


def _aadhaar(run: str) -> str:
    check = 0
    for index, char in enumerate(reversed(run[:-1]), 1):
        digit = int(char)
        for _ in range(index % 8):
            digit = _MOVED[digit]
        check = _TIMES[check][digit]
    return run[:-1] + str(_TIMES[check].index(0))


def _nric(run: str) -> str:
    total = _sum(run[1:8], (2, 7, 6, 5, 4, 3, 2)) + _NRIC_START.get(run[0], 0)
    return run[:8] + _NRIC[run[0]][total % 11]


def _ahv(run: str) -> str:
    return run[:12] + str(-_sum(run, (1, 3) * 6) % 10)


def _snils(run: str) -> str:
    return f"{run[:9]}{_sum(run, tuple(range(9, 0, -1))) % 101 % 100:02}"


def _rrn(run: str) -> str:
    """Set the check digit; since 2020 there is none, and the number ends at random."""
    return run[:12] + str((11 - _sum(run, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10)


def _curp(run: str) -> str:
    total = sum((18 - index) * _CURP_LETTERS.index(char) for index, char in enumerate(run[:17]))
    return run[:17] + str(-total % 10)


class NationalId(NamedTuple):
    """A kind of personal number."""

    form: str
    """How it is written, as an expression."""
    mask: str
    """For each character without separators: ``#`` is a person's, ``mm`` and ``dd`` the birthday, ``M`` its
    month as a letter, ``?`` is a check character; the rest tells the kind, or the year."""
    checked: Callable[[str], str]
    """Sets the check characters."""
    must: bool = True
    """Without the right ones it is none."""


_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12][0-9]|3[01])"
_OR_LETTER = "[0-9LMNPQRSTUV]"

NATIONAL_IDS: Mapping[str, NationalId] = {
    "BR_CPF": NationalId(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}|(?!1[3-9])[0-9]{11}", "#########??", _cpf),
    "BR_CNPJ": NationalId(r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}/[0-9]{4}-[0-9]{2}", "########====??", _cnpj),
    "ES_NIF": NationalId(r"[0-9]{8}-?[A-Z]", "########?", _nif),
    "ES_NIE": NationalId(r"[XYZ]-?[0-9]{7}-?[A-Z]", "=#######?", _nif),
    "IT_FISCAL_CODE": NationalId(
        rf"[A-Z]{{6}}{_OR_LETTER}{{2}}[ABCDEHLMPRST]{_OR_LETTER}{{2}}[A-Z]{_OR_LETTER}{{3}}[A-Z]",
        "######==Mdd=###?",
        _codice_fiscale,
    ),
    "UK_NINO": NationalId(
        r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
        "==######=",
        _same,
    ),
    "FR_NIR": NationalId(
        r"[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-9][0-9]) ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
        "===mm==######??",
        _nir,
    ),
    "BE_NRN": NationalId(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}", "==mmdd###??", _belgian),
    "SE_PERSONNUMMER": NationalId(
        rf"(?:19|20)?[0-9]{{2}}{_MONTH}(?:[06][1-9]|[1278][0-9]|[39][01])[-+][0-9]{{4}}",
        "==mmdd###?",
        _swedish,
    ),
    "FI_PERSONAL_IDENTITY_CODE": NationalId(
        rf"{_DAY}{_MONTH}[0-9]{{2}}[-+A-FU-Y][0-9]{{3}}[0-9A-Y]", "ddmm==###?", _hetu
    ),
    "CZ_RODNE_CISLO": NationalId(r"[0-9]{2}[0-35-8][0-9][0-3][0-9]/[0-9]{4}", "==mmdd###?", _czech),
    "CL_RUT": NationalId(r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9K]", "#######?", _rut),
    "IN_AADHAAR": NationalId(r"[2-9][0-9]{3}(?: [0-9]{4} |-[0-9]{4}-)[0-9]{4}", "=##########?", _aadhaar),
    "IN_PAN": NationalId(r"[A-Z]{3}P[A-Z][0-9]{4}[A-Z]", "###=######", _same),
    "SG_NRIC_FIN": NationalId(r"[STFGM][0-9]{7}[A-Z]", "=#######?", _nric),
    "CH_AHV": NationalId(r"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}", "===#########?", _ahv),
    "RU_SNILS": NationalId(r"[0-9]{3}-[0-9]{3}-[0-9]{3}[ -][0-9]{2}", "#########??", _snils),
    "KR_RRN": NationalId(rf"[0-9]{{2}}{_MONTH}{_DAY}-[1-8][0-9]{{6}}", "==mmdd=#####?", _rrn, must=False),
    "MX_CURP": NationalId(
        rf"[A-Z][AEIOUX][A-Z]{{2}}[0-9]{{2}}{_MONTH}{_DAY}[HMX][A-Z]{{5}}[0-9A-Z][0-9]",
        "#=##==mmdd===###=?",
        _curp,
    ),
}
"""By entity, Presidio's own where it has one. Where digits tell little, as in Poland, only a name does.
Eleven digits that begin like a Chinese mobile number are taken for one."""

_ANY = re.compile(
    r"(?<![\w.\-/])(?:"
    + "|".join(f"(?P<{entity}>{kind.form})" for entity, kind in NATIONAL_IDS.items())
    + r")(?![\w\-/]|\.[0-9])"
)


_BARE = (11, 15)
"""Digits of those that are written without any separator or letter."""


def compact(text: str) -> str:
    """Return the letters and digits of a number."""
    return "".join(filter(str.isalnum, text))


def national_ids(text: str) -> Iterator[Finding]:
    """Find personal numbers: the form of a country's, and its check characters."""
    if text.isdecimal() and len(text) not in _BARE:
        return
    for found in _ANY.finditer(text):
        entity, run = found.lastgroup or "", compact(found.group())
        kind = NATIONAL_IDS[entity]
        if len(set(run)) > 2 and (not kind.must or kind.checked(run) == run):
            yield Finding(found.start(), found.end(), entity)
