"""Free texts with people in them, in seven languages."""

from __future__ import annotations

import random

from .persons import LOCALES, email, full_name, phone, street

_TEMPLATES: dict[str, tuple[str, ...]] = {
    "en": (
        "Please call {name} on {phone} before you deliver to {street}.",
        "{name} has moved, the parcel goes to {street} from now on",
        "spoke with {name} today, new mail is {email}",
        "My neighbour {name} will take it. Ring twice, or dial {phone}.",
        "I am {name} and I want my money back, write to {email} asap!!",
    ),
    "de": (
        "Bitte bei {name} in der {street} klingeln, Tel. {phone}",
        "Frau {name} ist umgezogen, neue Anschrift: {street}",
        "Rechnung bitte an {email} senden, Gruß {name}",
    ),
    "fr": (
        "Merci de livrer chez {name}, {street}, code 12B4",
        "Je m'appelle {name}, appelez-moi au {phone} ou écrivez à {email}",
        "Colis pour Mme {name}, la gardienne est au {street}",
    ),
    "es": (
        "Entregar a {name} en {street}, llamar antes al {phone}",
        "Mi correo nuevo es {email}, un saludo, {name}",
    ),
    "pt": ("Falar com {name} pelo {phone}, endereço {street}", "Meu nome é {name} e o e-mail é {email}"),
    "ru": ("Позвоните, пожалуйста, {name} по номеру {phone}", "Доставить: {street}, получатель {name}"),
    "zh": ("请联系{name}，电话{phone}，送到{street}", "我叫{name}，邮箱是{email}，请尽快发货"),
    "ja": ("{name}様宛てに{street}までお願いします。電話は{phone}です",),
}
_FITS = {"en": "en", "de": "de", "fr": "fr", "es": "es", "pt": "pt", "ru": "ru", "zh": "zh", "ja": "ja"}


def text(chance: random.Random) -> tuple[str, dict[str, str]]:
    """Return a text, and what must not be left of it, by kind."""
    locale = chance.choice(LOCALES)
    language = _FITS.get(locale.code[:2], "en")
    template = chance.choice(_TEMPLATES[language])
    parts = {
        "name": full_name(chance, locale),
        "street": street(chance, locale),
        "phone": phone(chance, locale),
        "email": email(chance, locale),
    }
    return template.format(**parts), {kind: part for kind, part in parts.items() if f"{{{kind}}}" in template}
