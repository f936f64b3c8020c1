"""The endpoints of the shop."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, BaseModel
from sqlalchemy.exc import IntegrityError

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

app = shadowtap.wrap(FastAPI(), exclude=["/health"])
prepare()


def valid_card(card: str) -> str:
    """Return a card number that has its check digit (Luhn)."""
    digits = [int(digit) for digit in card if digit in "0123456789"]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
    if len(digits) < 12 or (sum(doubled) + sum(digits[-1::-2])) % 10:
        raise ValueError("this is not a card number")
    return card


Card = Annotated[str, AfterValidator(valid_card)]


class Login(BaseModel):
    email: str
    password: str


class NewUser(Login):
    name: str
    phone: str


class Item(BaseModel):
    sku: str
    quantity: int


class NewOrder(BaseModel):
    name: str
    email: str
    phone: str
    address: str
    card: Card
    items: list[Item]


class Payment(BaseModel):
    order_id: int
    card: Card


def hashed(password: str, salt: bytes) -> str:
    return salt.hex() + hashlib.scrypt(password.encode(), salt=salt, n=2**12, r=8, p=1).hex()


def found(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        raise HTTPException(404, "there is none")
    return row


@app.get("/health")
async def health() -> dict[str, Any]:
    return {"status": "ok", "version": VERSION}


@app.post("/users", status_code=201)
def register(new: NewUser) -> dict[str, Any]:
    password = hashed(new.password, secrets.token_bytes(16))
    try:
        number = add_user({**new.model_dump(), "password": password})
    except IntegrityError:
        raise HTTPException(409, "this e-mail address has an account already") from None
    return show_user(number)


@app.get("/users/{number}")
def show_user(number: int) -> dict[str, Any]:
    return found(find_user(number))


@app.post("/login")
@shadowtap.no_mirror
def login(wanted: Login) -> dict[str, str]:
    known = find_password(wanted.email)
    if known is None or hashed(wanted.password, bytes.fromhex(known[:32])) != known:
        raise HTTPException(401, "wrong e-mail address or password")
    return {"token": secrets.token_urlsafe()}


@app.get("/products")
def list_products() -> list[dict[str, Any]]:
    return find_products()


@app.post("/orders", status_code=201)
def place_order(new: NewOrder) -> dict[str, Any]:
    if VERSION > 1:
        time.sleep(0.05)
        if not new.address.isascii():
            raise HTTPException(422, "this is not an address")
    prices = {product["sku"]: product["price"] for product in find_products()}
    if any(item.sku not in prices for item in new.items):
        raise HTTPException(422, "each item needs the sku of a product and a quantity")
    total = sum(prices[item.sku] * item.quantity for item in new.items)
    number = add_order({**new.model_dump(), "total": total})
    write_ledger(order=number, total=total)
    send_confirmation(new.email, new.name, number)
    return show_order(number)


@app.get("/orders.csv")
def export_orders() -> StreamingResponse:
    return StreamingResponse(csv_lines(), media_type="text/csv")


@app.get("/orders/{number}")
def show_order(number: int) -> dict[str, Any]:
    return found(find_order(number))


@app.post("/payments", status_code=201)
async def pay(payment: Payment) -> dict[str, Any]:
    order = await run_in_threadpool(show_order, payment.order_id)
    reference = await charge(payment.card, order["total"])
    await run_in_threadpool(mark_paid, order["id"])
    return {"order_id": order["id"], "amount": order["total"], "reference": reference}
