from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples.shops import ADDRESS, CARD, CUSTOMER, SHOPS, STEPS, Files, Shop, open_shop, take
from tests.support.servers import Answer, Server, request

Visit = tuple[Server, Files, list[Answer]]


@pytest.fixture(scope="module", params=SHOPS, ids=lambda shop: shop.name)
def visit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """A shop without mirror or guard, and its answers to a customer."""
    with open_shop(request.param, tmp_path_factory.mktemp("shop") / "alone") as (server, files):
        yield server, files, [take(server.address, step) for step in STEPS]


def answer_to(visit: Visit, target: str) -> Answer:
    index = next(i for i, step in enumerate(STEPS) if step[1].startswith(target))
    return visit[2][index]


def test_a_customer_is_served(visit: Visit) -> None:
    assert [answer.status for answer in visit[2]] == [200, 201, 200, 200, 200, 201, 201, 200, 200, 404]


def test_a_user_is_shown_without_the_password(visit: Visit) -> None:
    shown = {"id": 1, "name": CUSTOMER["name"], "email": CUSTOMER["email"], "phone": CUSTOMER["phone"]}
    assert answer_to(visit, "/users").json() == shown
    assert answer_to(visit, "/users/1").json() == shown


def test_an_e_mail_address_has_one_account(visit: Visit) -> None:
    server, _, _ = visit
    assert request(server.address, "POST", "/users", json_body=CUSTOMER).status == 409


def test_a_login_needs_the_password(visit: Visit) -> None:
    server, _, _ = visit
    wrong = {"email": CUSTOMER["email"], "password": "heslo"}
    assert request(server.address, "POST", "/login", json_body=wrong).status == 401
    assert len(answer_to(visit, "/login").json()["token"]) > 30


def test_the_products_have_names_in_several_scripts(visit: Visit) -> None:
    names = [product["name"] for product in answer_to(visit, "/products").json()]
    assert "抹茶セット" in names
    assert "Кофе «Арабика»" in names


def test_an_order_is_kept_with_the_last_digits_of_the_card(visit: Visit) -> None:
    order = answer_to(visit, "/orders/1").json()
    assert (order["address"], order["card"], order["total"]) == (ADDRESS, CARD[-4:], 4960)
    assert order["status"] == "paid"


def test_the_export_is_a_line_for_each_order(visit: Visit) -> None:
    export = answer_to(visit, "/orders.csv")
    assert export.headers["Content-Type"].startswith("text/csv")
    assert export.headers["Content-Length"] is None
    assert export.body.decode() == f'1,{CUSTOMER["name"]},"{ADDRESS}",4960,paid\r\n'


def test_an_order_and_its_payment_are_in_the_ledger(visit: Visit) -> None:
    _, files, _ = visit
    lines = [json.loads(line) for line in files.ledger.read_text().splitlines()]
    reference = answer_to(visit, "/payments").json()["reference"]
    assert lines == [{"order": 1, "total": 4960}, {"charge": reference, "card": CARD[-4:], "amount": 4960}]


def test_an_order_is_confirmed_by_mail(visit: Visit) -> None:
    _, files, _ = visit
    (mail,) = files.outbox.iterdir()
    assert CUSTOMER["email"] in mail.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        {"card": "4556 7375 8689 9856"},
        {"items": [{"sku": "NONE-000", "quantity": 1}]},
        {"items": [3]},
        {"items": [{"sku": "TEA-050", "quantity": "many"}]},
        {"address": None},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(visit: Visit, change: dict[str, object]) -> None:
    server, _, _ = visit
    order = next(body for _, target, body in STEPS if target == "/orders")
    assert request(server.address, "POST", "/orders", json_body={**order, **change}).status == 422


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.name)
def test_version_2_takes_only_addresses_in_ascii(shop: Shop, tmp_path: Path) -> None:
    order = next(body for _, target, body in STEPS if target == "/orders")
    with open_shop(shop, tmp_path / "two", {"SHOP_VERSION": "2"}) as (server, _):
        assert request(server.address, "GET", "/health").json() == {"status": "ok", "version": 2}
        assert request(server.address, "POST", "/orders", json_body=order).status == 422
        plain = {**order, "address": "1 High Street"}
        assert request(server.address, "POST", "/orders", json_body=plain).status == 201


@pytest.mark.parametrize("role", ["primary", "shadow"])
@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.name)
def test_a_shop_without_a_target_starts_no_courier(shop: Shop, role: str, tmp_path: Path) -> None:
    with open_shop(shop, tmp_path / "off", {"SHADOWTAP_ROLE": role}) as (server, _):
        assert take(server.address, STEPS[0]).status == 200
        assert take(server.address, STEPS[1]).status == 201
        commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in server.processes()]
        assert commands
        assert not [command for command in commands if b"shadowtap" in command]
