"""The endpoints of the shop."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.hashers import check_password, make_password
from django.core.handlers.asgi import ASGIRequest
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.utils.deprecation import MiddlewareMixin

import shadowtap

from .effects import charge, send_confirmation, write_ledger
from .models import Order, Product, User, csv_lines

VERSION = int(os.environ.get("SHOP_VERSION", "1"))


class Refused(Exception):
    """The request cannot be served; the arguments are the answer's status and its reason."""


class Refusals(MiddlewareMixin):
    """Answer what was refused."""

    def process_exception(self, _request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer."""
        if not isinstance(error, Refused):
            return None
        status, reason = error.args
        return JsonResponse({"detail": reason}, status=status)


def fields(request: HttpRequest, **kinds: type) -> dict[str, Any]:
    """Return these fields of the JSON body of a POST; without one of them the request is refused."""
    if request.method != "POST":
        raise Refused(405, "only POST")
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Refused(400, "this is not JSON") from None
    wanted = body if isinstance(body, dict) else {}
    if not all(isinstance(wanted.get(name), kind) for name, kind in kinds.items()):
        raise Refused(422, f"needed: {', '.join(kinds)}")
    return {name: wanted[name] for name in kinds}


def valid_card(card: str) -> bool:
    """Tell whether a card number has its check digit (Luhn)."""
    digits = [int(digit) for digit in card if digit in "0123456789"]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
    return len(digits) >= 12 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


async def health(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok", "version": VERSION})


def register(request: HttpRequest) -> HttpResponse:
    user = User(**fields(request, name=str, email=str, phone=str, password=str))
    user.password = make_password(user.password)
    try:
        user.save()
    except IntegrityError:
        raise Refused(409, "this e-mail address has an account already") from None
    return JsonResponse(user.shown(), status=201)


def show_user(_request: HttpRequest, number: int) -> HttpResponse:
    user = User.objects.filter(id=number).first()
    if user is None:
        raise Refused(404, "no such user")
    return JsonResponse(user.shown())


@shadowtap.no_mirror
def login(request: HttpRequest) -> HttpResponse:
    wanted = fields(request, email=str, password=str)
    user = User.objects.filter(email=wanted["email"]).first()
    if user is None or not check_password(wanted["password"], user.password):
        raise Refused(401, "wrong e-mail address or password")
    return JsonResponse({"token": secrets.token_urlsafe()})


def list_products(_request: HttpRequest) -> HttpResponse:
    return JsonResponse(list(Product.objects.order_by("sku").values("sku", "name", "price")), safe=False)


def place_order(request: HttpRequest) -> HttpResponse:
    wanted = fields(request, name=str, email=str, phone=str, address=str, card=str, items=list)
    if not valid_card(wanted["card"]):
        raise Refused(422, "this is not a card number")
    if VERSION > 1:
        time.sleep(0.05)
        if not wanted["address"].isascii():
            raise Refused(422, "this is not an address")
    prices = dict(Product.objects.values_list("sku", "price"))
    try:
        total = sum(prices[item["sku"]] * int(item["quantity"]) for item in wanted["items"])
    except (KeyError, TypeError, ValueError):
        raise Refused(422, "each item needs the sku of a product and a quantity") from None
    order = Order.objects.create(**{**wanted, "card": wanted["card"][-4:]}, total=total)
    write_ledger(order=order.id, total=total)
    send_confirmation(order.email, order.name, order.id)
    return JsonResponse(order.shown(), status=201)


def find_order(number: int) -> Order:
    order: Order | None = Order.objects.filter(id=number).first()
    if order is None:
        raise Refused(404, "no such order")
    return order


def show_order(_request: HttpRequest, number: int) -> HttpResponse:
    return JsonResponse(find_order(number).shown())


def export_orders(request: HttpRequest) -> StreamingHttpResponse:
    lines = csv_lines()
    if isinstance(request, ASGIRequest):
        return StreamingHttpResponse(awaited(lines), content_type="text/csv")
    return StreamingHttpResponse(lines, content_type="text/csv")


async def awaited(lines: Iterator[str]) -> AsyncIterator[str]:
    while line := await sync_to_async(lambda: next(lines, None))():
        yield line


async def pay(request: HttpRequest) -> HttpResponse:
    payment = fields(request, order_id=int, card=str)
    order = await sync_to_async(find_order)(payment["order_id"])
    reference = await charge(payment["card"], order.total)
    order.status = "paid"
    await sync_to_async(order.save)()
    return JsonResponse({"order_id": order.id, "amount": order.total, "reference": reference}, status=201)


urlpatterns = [
    path("health", health),
    path("users", register),
    path("users/<int:number>", show_user),
    path("login", login),
    path("products", list_products),
    path("orders", place_order),
    path("orders.csv", export_orders),
    path("orders/<int:number>", show_order),
    path("payments", pay),
]
