"""Values that are nobody's, in more than forty forms, under the names that such fields have."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import NamedTuple

from .identifiers import luhn
from .persons import filled

Make = Callable[[random.Random], str]

_HEX = "0123456789abcdef"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALNUM = string.ascii_letters + string.digits


class Category(NamedTuple):
    """A form of technical values."""

    name: str
    make: Make
    names: tuple[str, ...]


def _some(alphabet: str, length: int, prefix: str = "") -> Make:
    return lambda chance: prefix + "".join(chance.choices(alphabet, k=length))


def _one(*values: str) -> Make:
    return lambda chance: chance.choice(values)


def _form(*forms: str) -> Make:
    return lambda chance: filled(chance, chance.choice(forms))


def _between(least: int, most: int, form: str = "{}") -> Make:
    return lambda chance: form.format(chance.randrange(least, most))


def _uuid(chance: random.Random) -> str:
    run = f"{chance.getrandbits(128):032x}"
    return f"{run[:8]}-{run[8:12]}-4{run[13:16]}-a{run[17:20]}-{run[20:]}"


def _ean(chance: random.Random) -> str:
    run = filled(chance, chance.choice(("400#########", "590#########", "978#########")))
    total = sum(int(char) * (3 if index % 2 else 1) for index, char in enumerate(run))
    return run + str(-total % 10)


def _isbn(chance: random.Random) -> str:
    run = _ean(chance)
    return f"978-{run[3]}-{run[4:7]}-{run[7:12]}-{run[12]}"


def _stamp(chance: random.Random) -> str:
    day = f"2026-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
    time = f"{chance.randrange(24):02d}:{chance.randrange(60):02d}:{chance.randrange(60):02d}"
    return chance.choice(
        (f"{day}T{time}Z", f"{day} {time}", f"{day}T{time}.{chance.randrange(10**6):06d}+02:00")
    )


_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5",
    "curl/8.5.0",
    "okhttp/4.12.0",
)
_TITLES = (
    "Madison Corner Sofa",
    "Wireless Noise Cancelling Headphones",
    "Trail Running Shoes Size 44",
    "Organic Green Tea 100 g",
    "USB-C Charging Cable 2 m",
    "Kids Raincoat Yellow",
)
_GRAPHQL = (
    "query { order(id: 7) { id total lines { sku quantity } } }",
    "query Products($first: Int!) { products(first: $first) { nodes { id handle } } }",
    "mutation AddLine($cart: ID!, $sku: String!) { cartLineAdd(cart: $cart, sku: $sku) { cart { id } } }",
)
_MAKERS: dict[str, Make] = {
    "uuid": _uuid,
    "ulid": lambda chance: "01H" + "".join(chance.choices(_CROCKFORD, k=23)),
    "object id": lambda chance: f"65{chance.getrandbits(88):022x}",
    "snowflake": _between(10**18, 19 * 10**17),
    "integer id": _between(1000, 10**9),
    "vendor id": lambda chance: (
        chance.choice(("cus_", "pi_", "ch_", "sub_", "evt_")) + _some(_ALNUM, 14)(chance)
    ),
    "nano id": _some(_ALNUM + "_-", 21),
    "order number": _form("ORD-2026-######", "##########", "SO########"),
    "sku": _form("SKU-######", "@@@-####-@@", "AB#######", "@@##-XL-BLK"),
    "ean": _ean,
    "isbn": _isbn,
    "asin": _form("B0##@@#@@#"),
    "md5": _some(_HEX, 32),
    "sha1": _some(_HEX, 40),
    "sha256": _some(_HEX, 64),
    "short hash": _some(_HEX, 7),
    "etag": lambda chance: f'W/"{chance.getrandbits(64):x}"',
    "semver": lambda chance: f"{chance.randrange(9)}.{chance.randrange(20)}.{chance.randrange(40)}",
    "version of four": lambda chance: ".".join(str(chance.randrange(1, 200)) for _ in range(4)),
    "timestamp": _stamp,
    "date": lambda chance: _stamp(chance)[:10],
    "epoch": _between(1_600_000_000, 1_800_000_000),
    "epoch in ms": _between(1_600_000_000_000, 1_800_000_000_000),
    "duration": _one("PT1H30M", "P3D", "90s", "15m", "PT0.5S", "2h"),
    "enum": _one("PENDING", "shipped", "IN_PROGRESS", "May", "VISA", "completed", "PAYPAL", "cod", "FAILED"),
    "boolean": _one("true", "false", "yes", "on", "0"),
    "locale": _one("en-US", "de_DE", "zh-Hans-CN", "pt-BR", "fr"),
    "currency": _one("USD", "EUR", "JPY", "cny", "GBP"),
    "country": _one("US", "DE", "France", "CHN", "South Korea"),
    "time zone": _one("Europe/Berlin", "America/New_York", "UTC", "Asia/Shanghai"),
    "slug": _one("summer-sale-2026", "how-to-reset", "red-canvas-bag", "release-notes-4-2"),
    "path": _one("/var/lib/app/cache.db", "/api/v2/orders", "src/main.py", "/static/js/app.4f2a1c.js"),
    "file name": _one("README.md", "invoice_88123.pdf", "logo@2x.png", "main.py", "IMG_20260412_101112.jpg"),
    "mime type": _one(
        "application/json", "text/html; charset=utf-8", "image/png", "application/vnd.api+json"
    ),
    "user agent": _one(*_AGENTS),
    "price": lambda chance: f"{chance.randrange(1, 2000)}.{chance.randrange(100):02d}",
    "price with signs": _one("1,299.00", "€ 49,90", "$12.50", "1.234,56", "USD 99.00"),
    "quantity": _between(1, 500),
    "decimal": lambda chance: f"{chance.uniform(0, 100):.6f}",
    "percentage": _between(0, 100, "{}%"),
    "size": _one("XL", "42", "10.5", "32x34", "120 x 60 cm", "1920x1080"),
    "colour": _one("#fa3e12", "rgb(12, 30, 99)", "navy", "#FFF"),
    "url": _one(
        "https://cdn.shop.example/img/88.png",
        "https://docs.app.example/v2/intro",
        "s3://bucket/exports/2026/10.csv",
    ),
    "host": _one("api.internal.example", "db-3.eu-west-1.rds.example", "localhost", "k8s-node-7"),
    "product title": _one(*_TITLES),
    "graphql": _one(*_GRAPHQL),
    "sort": _one("created_at", "-price", "price:asc", "name,desc", "relevance"),
    "tracking number": _form("1Z999AA1##########", "JD##############", "RR#########DE"),
    "coupon": _one("SUMMER20", "WELCOME-10", "BF2026", "FREESHIP"),
    "flag": _one("exp_42_b", "new-checkout", "variant_a", "dark_mode"),
    "cron": _one("*/5 * * * *", "0 3 * * 1", "@daily"),
    "permission": _one("orders:read", "admin.users.write", "ROLE_EDITOR", "read:org"),
    "error code": _one("E1042", "card_declined", "ERR_TIMEOUT", "42P01", "HTTP_503"),
    "trade item with Luhn": lambda chance: luhn("9" + filled(chance, "#########")),
    "ip of this host": _one("127.0.0.1", "0.0.0.0", "::1"),
    "regex": _one("^[a-z]+$", r"\d{3}-\d{4}", "[A-Z]{2}[0-9]+"),
}
_NAMES = """
uuid: id, request_id, order_uuid, correlation_id, customer_id, trace
ulid: id, event_id, job_id
object id: _id, object_id, document_id, parent_id
snowflake: tweet_id, message_id, snowflake, guild_id
integer id: user_id, customer_id, product_id, address_id, phone_id, account_id, parent_id
vendor id: customer, payment_intent, charge, subscription_id, event
nano id: public_id, ref, short_id, external_id
order number: order_no, order_number, invoice_number, reference, ticket_number, po_number
sku: sku, part_number, product_code, item_no, variant_sku
ean: ean, gtin, barcode, upc
isbn: isbn, isbn13, book_isbn
asin: asin, product_asin
md5: etag, md5, content_hash, fingerprint_md5
sha1: commit, sha, revision
sha256: checksum, sha256, digest, body_hash
short hash: commit, build_hash, short_sha
etag: etag, if_match
semver: version, app_version, sdk_version, min_version
version of four: version, chrome_version, build, firmware_version
timestamp: created_at, updated_at, timestamp, expires_at, email_verified_at, password_changed_at, last_login
date: date, start_date, due_date, valid_until, delivery_date, order_date
epoch: ts, created, iat, exp, timestamp
epoch in ms: ts, created_ms, time, client_time
duration: duration, ttl, timeout, interval
enum: status, state, payment_method, card_type, shipping_status, month, address_type, phone_type
boolean: active, email_verified, is_default, phone_verified, has_password, name_visible, address_validated
locale: locale, language, lang, ui_locale
currency: currency, currency_code, price_currency
country: country, country_code, shipping_country, issuing_country
time zone: timezone, tz, time_zone
slug: slug, handle_slug, page, url_key, permalink
path: path, endpoint, file_path, route
file name: file_name, filename, attachment, original_filename, document_name
mime type: content_type, mime_type, media_type, accept
user agent: user_agent, ua, browser
price: price, amount, total, unit_price, subtotal
price with signs: price, display_price, amount_formatted
quantity: quantity, qty, count, page, limit, max_tokens, password_length, card_count
decimal: score, weight, ratio, confidence
percentage: discount, progress, vat_rate, tax_rate
size: size, dimensions, resolution, shoe_size
colour: color, colour, background, theme_color
url: url, image_url, callback_url, avatar_url, webhook_url
host: host, hostname, server, node_name
product title: product.title, product_title, product_name, item.name, line_item.title, product.label
graphql: query
sort: sort, order_by, sort_by
tracking number: tracking_number, tracking_no, parcel_number
coupon: coupon, promo_code, discount_code, coupon_code
flag: flag, experiment, feature, variant
cron: schedule, cron
permission: scope, role, permission
error code: error_code, code, reason
trade item with Luhn: item_number, article_no, product_code
ip of this host: bind, listen
regex: pattern, regex, validation
"""


def _category(line: str) -> Category:
    name, _, names = line.partition(":")
    return Category(name, _MAKERS[name], tuple(item.strip() for item in names.split(",")))


CATEGORIES: tuple[Category, ...] = tuple(map(_category, _NAMES.strip().splitlines()))
