"""The database of the shop."""

from __future__ import annotations

import csv
import fcntl
import io
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.forms import model_to_dict

PRODUCTS = [
    ("BREAD-010", "Smörgåsrån mit Kümmel", 390),
    ("CAKE-020", "Crème brûlée, zu zweit", 1250),
    ("COFFEE-030", "Кофе «Арабика»", 1490),
    ("CUP-040", "Hrníček žluťoučký", 870),
    ("TEA-050", "抹茶セット", 2480),
]


class User(models.Model):
    """Somebody with an account."""

    name = models.CharField(max_length=200)
    email = models.EmailField(unique=True)
    phone = models.CharField(max_length=40)
    password = models.CharField(max_length=200)

    def shown(self) -> dict[str, Any]:
        """Return what may be shown."""
        return model_to_dict(self, exclude=["password"])


class Product(models.Model):
    """Something on the shelves."""

    sku = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    price = models.IntegerField()


class Order(models.Model):
    """What somebody wants; of the card only its last digits."""

    name = models.CharField(max_length=200)
    email = models.EmailField()
    phone = models.CharField(max_length=40)
    address = models.CharField(max_length=400)
    card = models.CharField(max_length=4)
    items = models.JSONField()
    total = models.IntegerField()
    status = models.CharField(max_length=10, default="placed")
    placed_at = models.DateTimeField(auto_now_add=True)

    def shown(self) -> dict[str, Any]:
        """Return what may be shown."""
        return model_to_dict(self) | {"placed_at": self.placed_at}


def prepare() -> None:
    """Make the tables and fill the shelves; one of several workers at a time."""
    with open(f"{settings.DATABASES['default']['NAME']}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        call_command("migrate", run_syncdb=True, verbosity=0)
        rows = [Product(sku=sku, name=name, price=price) for sku, name, price in PRODUCTS]
        Product.objects.bulk_create(rows, ignore_conflicts=True)


def csv_lines() -> Iterator[str]:
    """Yield the orders, a line each."""
    for order in Order.objects.order_by("id").values_list("id", "name", "address", "total", "status"):
        line = io.StringIO()
        csv.writer(line).writerow(order)
        yield line.getvalue()
