"""The shops, how they are started, and a customer who uses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.servers import Address, Answer, Server, request, serve


class Shop(NamedTuple):
    """An example app and the server that it is run on."""

    name: str
    server: str
    app: str


SHOPS = [
    Shop("flask", "gunicorn", "examples.flask_app.app:app"),
    Shop("fastapi", "uvicorn", "examples.fastapi_app.app:app"),
    Shop("django-wsgi", "gunicorn", "examples.django_app.wsgi:application"),
    Shop("django-asgi", "uvicorn", "examples.django_app.asgi:application"),
]

CUSTOMER = {
    "name": "Želiboja Čápová-Grünwald",
    "email": "zeliboja.capova@example.net",
    "phone": "+420 601 234 567",
    "password": "tajné heslo kanárka",
}
CARD = "4556 7375 8689 9855"
ADDRESS = "Příkopová ulice 17, 602 00 Brno-Židenice"

PERSONAL = [
    *CUSTOMER.values(),
    *("Želiboja", "Čápová", "Grünwald", "zeliboja.capova", "601 234 567", "tajné", "kanárka"),
    *(CARD, CARD.replace(" ", ""), ADDRESS, "Příkopová", "Židenice"),
    "kanarek-token",
]
"""What must not reach the shadow: the customer's data, whole and in parts.

None of the names is among those that stand for names: which one that is, is
random where no key for redaction is set.
"""

Step = tuple[str, str, object]

STEPS: list[Step] = [
    ("GET", "/health", None),
    ("POST", "/users", CUSTOMER),
    ("POST", "/login", {"email": CUSTOMER["email"], "password": CUSTOMER["password"]}),
    ("GET", "/users/1", None),
    (
        "GET",
        "/products?customer=%C5%BDeliboja%20%C4%8C%C3%A1pov%C3%A1&email=zeliboja.capova%40example.net",
        None,
    ),
    (
        "POST",
        "/orders",
        {
            **{key: value for key, value in CUSTOMER.items() if key != "password"},
            "address": ADDRESS,
            "card": CARD,
            "items": [{"sku": "TEA-050", "quantity": 2}],
        },
    ),
    ("POST", "/payments", {"order_id": 1, "card": CARD}),
    ("GET", "/orders/1", None),
    ("GET", "/orders.csv", None),
    ("GET", "/orders/7", None),
]
"""What the customer does, in this order."""

MIRRORED = [step for step in STEPS if step[1] not in ("/health", "/login")]

HEADERS = {
    "Authorization": "Bearer kanarek-token",
    "Cookie": "session=kanarek-token",
    "X-Customer-Email": CUSTOMER["email"],
}


def take(address: Address, step: Step) -> Answer:
    """Take one of the customer's steps."""
    method, target, body = step
    return request(address, method, target, headers=HEADERS, json_body=body)


class Files(NamedTuple):
    """Where a running shop leaves its marks."""

    folder: Path

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.jsonl"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox"

    @property
    def env(self) -> dict[str, str]:
        """Return the variables that say so."""
        return {
            "SHOP_DATABASE": str(self.folder / "shop.db"),
            "SHOP_LEDGER": str(self.ledger),
            "SHOP_MAIL_DIR": str(self.outbox),
        }


@contextmanager
def open_shop(
    shop: Shop, folder: Path, env: Mapping[str, str] | None = None
) -> Iterator[tuple[Server, Files]]:
    """Run a shop that leaves its marks in a folder."""
    folder.mkdir()
    files = Files(folder)
    with serve(shop.server, shop.app, env={**files.env, **(env or {})}) as server:
        yield server, files
