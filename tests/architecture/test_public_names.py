from __future__ import annotations

import pkgutil
import re

import pytest

import shadowtap
from tests.architecture.sources import ROOT, package

PUBLIC = {"__version__", "is_shadow", "mirror", "no_mirror", "side_effect", "wrap"}
DOORS = {
    "asgi": {"GuardMiddleware", "MirrorMiddleware"},
    "wsgi": {"GuardMiddleware", "MirrorMiddleware"},
    "django": {"GuardMiddleware", "MirrorMiddleware", "ShadowTapMiddleware"},
}


def test_the_public_names_are_these() -> None:
    assert set(shadowtap.__all__) == PUBLIC
    assert all(hasattr(shadowtap, name) for name in PUBLIC)


@pytest.mark.parametrize("door", DOORS)
def test_the_doors_are_these(door: str) -> None:
    module = getattr(shadowtap, door)
    own = {
        name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__
    }
    classes = {name for name in own if isinstance(getattr(module, name), type) and name[0] != "_"}
    assert classes | set(getattr(module, "__all__", ())) == DOORS[door]


def test_every_variable_in_the_code_is_on_the_page_of_settings() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    named = {
        name for source in package() for name in re.findall(r"SHADOWTAP_[A-Z0-9_]*[A-Z0-9]", source.text)
    }
    assert not {name for name in named if f"`{name}`" not in page}


def test_the_parts_are_those_of_the_map() -> None:
    parts = {part.name for part in pkgutil.iter_modules(shadowtap.__path__) if part.ispkg}
    assert parts <= {
        "capture", "cli", "compare", "courier", "demo", "guard", "handover",
        "redact", "replay", "report", "send", "settings", "telemetry",
    }  # fmt: skip
