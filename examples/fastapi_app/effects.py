"""What the shop does to the world: not to be done for a copy of a request."""

from __future__ import annotations

import json
import os
import secrets
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path

import shadowtap


@shadowtap.side_effect(instead=None)
def write_ledger(**entry: object) -> None:
    """Add a line to the ledger."""
    with open(os.environ.get("SHOP_LEDGER", "ledger.jsonl"), "a", encoding="utf-8") as ledger:
        ledger.write(json.dumps(entry) + "\n")


@shadowtap.side_effect(instead="pay_shadow")
async def charge(card: str, amount: int) -> str:
    """Let the payment provider (a fake one) charge a card; return its reference."""
    reference = f"pay_{secrets.token_hex(8)}"
    write_ledger(charge=reference, card=card[-4:], amount=amount)
    return reference


@shadowtap.side_effect(instead=None)
def send_confirmation(email: str, name: str, order: int) -> None:
    """Send a mail (into a folder) that confirms an order."""
    message = EmailMessage(SMTPUTF8)
    message["From"] = "shop@example.com"
    message["To"] = email
    message["Subject"] = f"Your order {order}"
    message.set_content(f"Dear {name},\n\nthank you for your order {order}.\n")
    outbox = Path(os.environ.get("SHOP_MAIL_DIR", "outbox"))
    outbox.mkdir(parents=True, exist_ok=True)
    (outbox / f"order-{order}.eml").write_bytes(message.as_bytes())
