"""The settings of the shop."""

from __future__ import annotations

import os

SECRET_KEY = "an example keeps no secrets"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "examples.django_app.app"
INSTALLED_APPS = ["examples.django_app"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("SHOP_DATABASE", "shop.db"),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"

MIDDLEWARE = ["shadowtap.django.ShadowTapMiddleware", "examples.django_app.app.Refusals"]
SHADOWTAP = {"exclude": ["/health"]}
