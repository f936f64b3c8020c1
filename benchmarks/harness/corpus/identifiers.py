"""Numbers with their check digits, as the offices and banks that give them out calculate them."""

from __future__ import annotations

import random
import string

DIGITS = string.digits


def _digits(chance: random.Random, number: int) -> str:
    return "".join(chance.choices(DIGITS, k=number))


def _weighted(run: str, weights: tuple[int, ...]) -> int:
    return sum(int(char) * weight for char, weight in zip(run, weights, strict=True))


def luhn(payload: str) -> str:
    """Return a number with its check digit."""
    total = 0
    for index, char in enumerate(reversed(payload)):
        total += sum(divmod(int(char) * 2, 10)) if index % 2 == 0 else int(char)
    return payload + str(-total % 10)


def card(chance: random.Random) -> str:
    """Return a payment card of some brand, at times in groups of four."""
    first, size = chance.choice((("4", 16), ("52", 16), ("2223", 16), ("37", 15), ("6011", 16), ("6222", 19)))
    run = luhn(first + _digits(chance, size - 1 - len(first)))
    if size == 16 and chance.random() < 0.4:
        return chance.choice(" -").join(run[at : at + 4] for at in range(0, 16, 4))
    return run


def iban(chance: random.Random) -> str:
    """Return the number of an account in one of five countries, at times in groups of four."""
    country, form = chance.choice(
        (
            ("DE", "#" * 18),
            ("ES", "#" * 20),
            ("PL", "#" * 24),
            ("GB", "NWBK" + "#" * 14),
            ("NL", "INGB" + "#" * 10),
        )
    )
    account = "".join(chance.choice(DIGITS) if char == "#" else char for char in form)
    turned = "".join(str(int(char, 36)) for char in account + country + "00")
    run = f"{country}{98 - int(turned) % 97:02d}{account}"
    if chance.random() < 0.4:
        return " ".join(run[at : at + 4] for at in range(0, len(run), 4))
    return run


def cn_id(chance: random.Random) -> str:
    """Return a Chinese resident id."""
    area = chance.choice(("110105", "440308", "310115", "510104"))
    run = f"{area}{chance.randrange(1950, 2010)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
    run += _digits(chance, 3)
    total = _weighted(run, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return run + "10X98765432"[total % 11]


def cpf(chance: random.Random) -> str:
    """Return a Brazilian taxpayer's number with its separators."""
    run = _digits(chance, 9)
    for size in (9, 10):
        run += str(_weighted(run, tuple(range(size + 1, 1, -1))) * 10 % 11 % 10)
    return f"{run[:3]}.{run[3:6]}.{run[6:9]}-{run[9:]}"


def nif(chance: random.Random) -> str:
    """Return a Spanish identity number, of a citizen or a foreigner."""
    lead = chance.choice(("", "", "X", "Y", "Z"))
    run = _digits(chance, 7 if lead else 8)
    number = int({"": "", "X": "0", "Y": "1", "Z": "2"}[lead] + run)
    return f"{lead}{run}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def codice_fiscale(chance: random.Random) -> str:
    """Return an Italian tax code."""
    letters = "".join(chance.choices("BCDFGLMNPRSTVZ", k=6))
    day = chance.randrange(1, 29) + chance.choice((0, 40))
    run = f"{letters}{chance.randrange(50, 99)}{chance.choice('ABCDEHLMPRST')}{day:02d}"
    run += chance.choice("AFHL") + _digits(chance, 3)
    total = 0
    for index, char in enumerate(run):
        place = int(char) if char.isdecimal() else ord(char) - 65
        total += place if index % 2 else _ODD[place]
    return run + chr(65 + total % 26)


def nino(chance: random.Random) -> str:
    """Return a British national insurance number."""
    run = f"{chance.choice(('AB', 'CE', 'JG', 'PY', 'SK'))}{_digits(chance, 6)}{chance.choice('ABCD')}"
    return run if chance.random() < 0.5 else f"{run[:2]} {run[2:4]} {run[4:6]} {run[6:8]} {run[8]}"


def nhs(chance: random.Random) -> str:
    """Return a number of the British health service."""
    while True:
        run = _digits(chance, 9)
        check = 11 - _weighted(run, tuple(range(10, 1, -1))) % 11
        if check != 10:
            run += str(check % 11)
            return f"{run[:3]} {run[3:6]} {run[6:]}"


def pesel(chance: random.Random) -> str:
    """Return a Polish personal number."""
    run = f"{chance.randrange(50, 99)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}{_digits(chance, 4)}"
    return run + str(-_weighted(run, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


def ssn(chance: random.Random) -> str:
    """Return a US social security number with its separators."""
    return f"{chance.randrange(100, 650)}-{chance.randrange(10, 99)}-{chance.randrange(1000, 9999)}"


def insee(chance: random.Random) -> str:
    """Return a French social security number with its key."""
    run = f"{chance.choice('12')}{chance.randrange(50, 99)}{chance.randrange(1, 13):02d}{chance.randrange(10, 95)}"
    run += _digits(chance, 6)
    return f"{run}{97 - int(run) % 97:02d}"


def bsn(chance: random.Random) -> str:
    """Return a Dutch citizen's number."""
    while True:
        run = str(chance.randrange(1, 9)) + _digits(chance, 7)
        check = _weighted(run, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
        if check < 10:
            return run + str(check)


def imei(chance: random.Random) -> str:
    """Return the number of a telephone set."""
    return luhn("35" + _digits(chance, 12))


def rrn(chance: random.Random) -> str:
    """Return a Korean resident registration number."""
    run = f"{chance.randrange(50, 99)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}{chance.choice('12')}"
    run += _digits(chance, 5)
    check = (11 - _weighted(run, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10
    return f"{run[:6]}-{run[6:]}{check}"
