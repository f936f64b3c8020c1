"""The endpoints of the shop."""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from typing import Any

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException
from werkzeug.security import check_password_hash, generate_password_hash

import shadowtap

from .effects import charge, send_confirmation, write_ledger
from .store import (
    add_order,
    add_user,
    csv_lines,
    find_order,
    find_password,
    find_products,
    find_user,
    mark_paid,
    prepare,
)

VERSION = int(os.environ.get("SHOP_VERSION", "1"))

app = shadowtap.wrap(Flask(__name__), exclude=["/health"])
prepare()


@app.errorhandler(HTTPException)
def refused(error: HTTPException) -> tuple[dict[str, object], int]:
    return {"detail": error.description}, error.code or 500


def fields(**kinds: type) -> dict[str, Any]:
    """Return these fields of the JSON body; without one of them the request is refused."""
    body = request.get_json()
    wanted = body if isinstance(body, dict) else {}
    if not all(isinstance(wanted.get(name), kind) for name, kind in kinds.items()):
        abort(422, f"needed: {', '.join(kinds)}")
    return {name: wanted[name] for name in kinds}


def valid_card(card: str) -> bool:
    """Tell whether a card number has its check digit (Luhn)."""
    digits = [int(digit) for digit in card if digit in "0123456789"]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
    return len(digits) >= 12 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


@app.get("/health")
def health() -> dict[str, object]:
    return {"status": "ok", "version": VERSION}


@app.post("/users")
def register() -> tuple[dict[str, Any], int]:
    user = fields(name=str, email=str, phone=str, password=str)
    user["password"] = generate_password_hash(user["password"])
    try:
        number = add_user(user)
    except sqlite3.IntegrityError:
        abort(409, "this e-mail address has an account already")
    return show_user(number), 201


@app.get("/users/<int:number>")
def show_user(number: int) -> dict[str, Any]:
    return find_user(number) or abort(404, "no such user")


@app.post("/login")
@shadowtap.no_mirror
def login() -> dict[str, str]:
    wanted = fields(email=str, password=str)
    known = find_password(wanted["email"])
    if known is None or not check_password_hash(known, wanted["password"]):
        abort(401, "wrong e-mail address or password")
    return {"token": secrets.token_urlsafe()}


@app.get("/products")
def list_products() -> list[dict[str, Any]]:
    return find_products()


@app.post("/orders")
def place_order() -> tuple[dict[str, Any], int]:
    order = fields(name=str, email=str, phone=str, address=str, card=str, items=list)
    if not valid_card(order["card"]):
        abort(422, "this is not a card number")
    if VERSION > 1:
        time.sleep(0.05)
        if not order["address"].isascii():
            abort(422, "this is not an address")
    prices = {product["sku"]: product["price"] for product in find_products()}
    try:
        order["total"] = sum(prices[item["sku"]] * int(item["quantity"]) for item in order["items"])
    except (KeyError, TypeError, ValueError):
        abort(422, "each item needs the sku of a product and a quantity")
    number = add_order(order)
    write_ledger(order=number, total=order["total"])
    send_confirmation(order["email"], order["name"], number)
    return show_order(number), 201


@app.get("/orders/<int:number>")
def show_order(number: int) -> dict[str, Any]:
    return find_order(number) or abort(404, "no such order")


@app.get("/orders.csv")
def export_orders() -> Response:
    return Response(csv_lines(), mimetype="text/csv")


@app.post("/payments")
def pay() -> tuple[dict[str, Any], int]:
    payment = fields(order_id=int, card=str)
    order = show_order(payment["order_id"])
    reference = charge(payment["card"], order["total"])
    mark_paid(order["id"])
    return {"order_id": order["id"], "amount": order["total"], "reference": reference}, 201
