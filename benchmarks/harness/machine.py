"""What was measured on: figures mean nothing without it."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import shadowtap

PACKAGES = ("starlette", "uvicorn", "uvloop", "httptools", "msgspec", "aiohttp", "httpx", "presidio-analyzer")


def describe() -> dict[str, str]:
    """Return the machine, the system and the versions, by name."""
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory()}",
        "kernel": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "shadowtap": f"{shadowtap.__version__} {_commit()}".strip(),
        "packages": ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
        "load before": " ".join(f"{number:.2f}" for number in os.getloadavg()),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _commit() -> str:
    """Return the commit of the working tree, with a ``+`` when it has changes; empty outside of one."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
