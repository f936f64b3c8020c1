"""The database of the shop."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

SCHEMA = """
create table if not exists users (id integer primary key, name, email unique, phone, password);
create table if not exists products (sku primary key, name, price);
create table if not exists orders
    (id integer primary key, name, email, phone, address, card, items, total, status, placed_at);
"""

PRODUCTS = [
    ("BREAD-010", "Smörgåsrån mit Kümmel", 390),
    ("CAKE-020", "Crème brûlée, zu zweit", 1250),
    ("COFFEE-030", "Кофе «Арабика»", 1490),
    ("CUP-040", "Hrníček žluťoučký", 870),
    ("TEA-050", "抹茶セット", 2480),
]


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """Open the database; commit at the end, or roll back after an error."""
    connection = sqlite3.connect(os.environ.get("SHOP_DATABASE", "shop.db"))
    connection.row_factory = sqlite3.Row
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def prepare() -> None:
    """Make the tables and fill the shelves."""
    with database() as db:
        db.executescript(SCHEMA)
        db.executemany("insert or ignore into products values (?, ?, ?)", PRODUCTS)


def find(query: str, *values: object) -> list[dict[str, Any]]:
    """Return the rows that a query finds."""
    with database() as db:
        return [dict(row) for row in db.execute(query, values)]


def find_products() -> list[dict[str, Any]]:
    """Return what is on the shelves."""
    return find("select sku, name, price from products order by sku")


def find_user(number: int) -> dict[str, Any] | None:
    """Return what may be shown of a user."""
    return next(iter(find("select id, name, email, phone from users where id = ?", number)), None)


def find_password(email: str) -> str | None:
    """Return the hashed password of a user."""
    return next(
        (user["password"] for user in find("select password from users where email = ?", email)), None
    )


def find_order(number: int) -> dict[str, Any] | None:
    """Return an order."""
    rows = find("select * from orders where id = ?", number)
    return {**rows[0], "items": json.loads(rows[0]["items"])} if rows else None


def add_user(user: Mapping[str, Any]) -> int:
    """Store a user; return its number."""
    statement = "insert into users (name, email, phone, password) values (:name, :email, :phone, :password)"
    with database() as db:
        return db.execute(statement, user).lastrowid or 0


def add_order(order: Mapping[str, Any]) -> int:
    """Store an order with the last digits of its card; return its number."""
    placed_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    own = {"card": order["card"][-4:], "items": json.dumps(order["items"]), "placed_at": placed_at}
    statement = """
        insert into orders (name, email, phone, address, card, items, total, status, placed_at)
        values (:name, :email, :phone, :address, :card, :items, :total, 'placed', :placed_at)
    """
    with database() as db:
        return db.execute(statement, {**order, **own}).lastrowid or 0


def mark_paid(number: int) -> None:
    """Note that an order has been paid."""
    with database() as db:
        db.execute("update orders set status = 'paid' where id = ?", (number,))


def csv_lines() -> Iterator[str]:
    """Yield the orders, a line each."""
    with database() as db:
        for order in db.execute("select id, name, address, total, status from orders order by id"):
            line = io.StringIO()
            csv.writer(line).writerow(order)
            yield line.getvalue()
