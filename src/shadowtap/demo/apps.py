"""The apps of the demo, as the servers import them."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import shadowtap
from shadowtap.demo.recording import record_asgi, record_wsgi


def httpbin() -> Any:
    """Return httpbin from PyPI: as it is, or behind the door that the environment asks for."""
    app = import_module("httpbin").app
    shadowtap.wrap(app)
    if "DEMO_RECORD" in os.environ:
        app.wsgi_app = record_wsgi(app.wsgi_app, Path(os.environ["DEMO_RECORD"]))
    return app


def shop() -> Any:
    """Return the FastAPI shop of the examples."""
    try:
        app = import_module("shadowtap.demo.shop.app").app
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("shadowtap.demo.shop"):
            raise
        # A source tree: the shop is copied into the package only when a wheel is built.
        sys.path.append(str(Path(__file__).parents[3]))
        app = import_module("examples.fastapi_app.app").app
    if "DEMO_RECORD" in os.environ:
        return record_asgi(app, Path(os.environ["DEMO_RECORD"]))
    return app
