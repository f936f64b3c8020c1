"""The shop as WSGI app: what the server imports."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examples.django_app.settings")
application = get_wsgi_application()

from .models import prepare  # noqa: E402 - Django has to be set up before its models are imported

prepare()
