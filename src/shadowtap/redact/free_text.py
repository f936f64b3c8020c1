"""Free text: what counts as such, and how it is made unreadable without losing its shape."""

from __future__ import annotations

import re

from shadowtap.redact.surrogates.keyed import Keyed
from shadowtap.redact.surrogates.scramble import shift

_CJK = "\u3041-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f"
_TWO_CJK = re.compile(rf"[{_CJK}][^\w\s]?[{_CJK}]")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_SPACES = re.compile(r"(\s+)")
_EDGES = ".,;:!?()[]{}<>\"'\u2018\u2019\u201c\u201d\u00ab\u00bb\u00a1\u00bf"
_WORD = re.compile(r"[^\W_]+")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


STOP_WORDS: frozenset[str] = _set(
    """
    a about after again all also am an and any are as at be because been before but by can could did do
    does done for from get had has have he her here him his how i if in into is it its just me more most
    my no not of off on one or our out over please she should so some than that the their them then
    there these they this those to too under up us very was we were what when where which who why will
    with would yes you your aber als am an auch auf aus bei bin bis bitte das dass dem den der des die
    doch ein eine einem einen einer er es für hat habe ich ihr im in ist ja kein keine mein mit nach
    nicht noch nur oder sein sich sie sind so um und uns von vor war was wenn wer wie wir zu zum zur au
    aux avec ce ces cette dans de des du elle en est et être il ils je la le les leur ma mais mes mon ne
    nous on ou par pas pour que qui sa se ses son sur te tu un une vous al como con cuando de del el
    ella en era es esta este fue ha hay la las lo los más me mi muy no nos o para pero por que se si sin
    sobre su sus te tiene todo un una y ya yo
    """
)


def is_free_text(text: str) -> bool:
    """Tell whether a text has two words with a space between, or two characters of Han, Kana or Hangul."""
    if not text.isascii() and _TWO_CJK.search(text):
        return True
    words = 0
    for piece in text.split():
        words += _LETTERS.search(piece) is not None
        if words > 1:
            return True
    return False


def scrub(keyed: Keyed, text: str) -> str:
    """Replace the words of a text except the commonest: same lengths, case, script and punctuation.

    A word always gives the same word. A common word stays only where it stands
    alone, and not as a part of an address.
    """
    words: dict[str, str] = {}

    def fresh_word(word: str) -> str:
        fresh = words.get(word)
        if fresh is None:
            fresh = words[word] = shift(keyed, b"text", word, word.lower())
        return fresh

    pieces = _SPACES.split(text)
    for index in range(0, len(pieces), 2):
        piece = pieces[index]
        if piece.isalnum():  # one word, as most pieces are
            if piece.lower() not in STOP_WORDS:
                pieces[index] = fresh_word(piece)
        elif piece.strip(_EDGES).lower() not in STOP_WORDS:
            pieces[index] = _WORD.sub(lambda match: fresh_word(match.group()), piece)
    return "".join(pieces)
