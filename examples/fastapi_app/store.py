"""The database of the shop."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

PRODUCTS = [
    ("BREAD-010", "Smörgåsrån mit Kümmel", 390),
    ("CAKE-020", "Crème brûlée, zu zweit", 1250),
    ("COFFEE-030", "Кофе «Арабика»", 1490),
    ("CUP-040", "Hrníček žluťoučký", 870),
    ("TEA-050", "抹茶セット", 2480),
]

engine = sa.create_engine(f"sqlite:///{os.environ.get('SHOP_DATABASE', 'shop.db')}")


def texts(names: str) -> list[sa.Column[str]]:
    """Return columns of text."""
    return [sa.Column(name, sa.String, nullable=False) for name in names.split()]


tables = sa.MetaData()
users = sa.Table(
    "users",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String, nullable=False, unique=True),
    *texts("name phone password"),
)
products = sa.Table(
    "products",
    tables,
    sa.Column("sku", sa.String, primary_key=True),
    *texts("name"),
    sa.Column("price", sa.Integer),
)
orders = sa.Table(
    "orders",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    *texts("name email phone address card status placed_at"),
    sa.Column("items", sa.JSON),
    sa.Column("total", sa.Integer),
)


def prepare() -> None:
    """Make the tables and fill the shelves."""
    tables.create_all(engine)
    with engine.begin() as db:
        rows = [{"sku": sku, "name": name, "price": price} for sku, name, price in PRODUCTS]
        db.execute(sa.insert(products).prefix_with("or ignore"), rows)


def find(query: sa.Select[Any]) -> list[dict[str, Any]]:
    """Return the rows that a query finds."""
    with engine.connect() as db:
        return [dict(row) for row in db.execute(query).mappings()]


def find_products() -> list[dict[str, Any]]:
    """Return what is on the shelves."""
    return find(sa.select(products).order_by(products.c.sku))


def find_user(number: int) -> dict[str, Any] | None:
    """Return what may be shown of a user."""
    shown = (users.c.id, users.c.name, users.c.email, users.c.phone)
    return next(iter(find(sa.select(*shown).where(users.c.id == number))), None)


def find_password(email: str) -> str | None:
    """Return the hashed password of a user."""
    query = sa.select(users.c.password).where(users.c.email == email)
    return next((user["password"] for user in find(query)), None)


def find_order(number: int) -> dict[str, Any] | None:
    """Return an order."""
    return next(iter(find(sa.select(orders).where(orders.c.id == number))), None)


def add_user(user: dict[str, Any]) -> int:
    """Store a user; return its number."""
    with engine.begin() as db:
        return int(db.execute(sa.insert(users).values(user).returning(users.c.id)).scalar_one())


def add_order(order: dict[str, Any]) -> int:
    """Store an order with the last digits of its card; return its number."""
    placed_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    own = {"card": order["card"][-4:], "status": "placed", "placed_at": placed_at}
    with engine.begin() as db:
        return int(db.execute(sa.insert(orders).values({**order, **own}).returning(orders.c.id)).scalar_one())


def mark_paid(number: int) -> None:
    """Note that an order has been paid."""
    with engine.begin() as db:
        db.execute(sa.update(orders).where(orders.c.id == number).values(status="paid"))


def csv_lines() -> Iterator[str]:
    """Yield the orders, a line each."""
    columns = (orders.c.id, orders.c.name, orders.c.address, orders.c.total, orders.c.status)
    with engine.connect() as db:
        for order in db.execute(sa.select(*columns).order_by(orders.c.id)):
            line = io.StringIO()
            csv.writer(line).writerow(order)
            yield line.getvalue()
