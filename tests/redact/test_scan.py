from __future__ import annotations

import json
import re
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from shadowtap.redact.recognisers import _SECRET as SECRET
from shadowtap.redact.recognisers import RECOGNISERS, secrets
from shadowtap.redact.scan import digits_in, scan

CASES = json.loads(Path(__file__).with_name("cases.json").read_text("utf-8"))
PIECES = st.sampled_from(
    [case["value"] for case in CASES]
    + [
        "+",
        " ",
        "-",
        ".",
        ":",
        "/",
        "(",
        ")",
        "@",
        "00",
        "0",
        "4111",
        "eyJ",
        "sk_live_",
        "Bearer ",
        "=",
        "DE89",
        "a" * 20,
    ]
    + ["111.444.777-35", "12345678Z", "971013-1234567", "aa:bb:cc:dd:ee:ff", "::1", "AKIA", "token=", "pwd:"]
)
TEXTS = st.lists(
    PIECES | st.text("0123456789 .-+:/ABCdef", max_size=12) | st.text(max_size=6), max_size=6
).map("".join)


@example("aaaa.bbbb.cccc")
@example("ab-cd-ef-ab-cd-ef")
@given(TEXTS)
def test_looking_only_where_it_can_match_finds_what_looking_everywhere_does(text: str) -> None:
    everywhere = [finding for recogniser in RECOGNISERS for finding in recogniser.find(text)]
    assert sorted(scan(text)[0]) == sorted(everywhere)


@given(TEXTS)
def test_secrets_have_one_of_their_marks(text: str) -> None:
    assert len(list(secrets(text))) >= len(SECRET.findall(text))


@given(st.text())
def test_digits_are_counted(text: str) -> None:
    assert digits_in(text) == len(re.findall("[0-9]", text))
