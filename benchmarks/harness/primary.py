"""The app that is measured: Starlette on uvicorn with uvloop and httptools, as ``uvicorn[standard]`` runs.

``SHADOWTAP_*`` variables decide whether and how it mirrors; without them it is bare.
"""

from __future__ import annotations

import socket
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

import shadowtap
from shadowtap.capture import mirror
from shadowtap.telemetry.ledger import Ledger

from . import control

ITEM = {"id": 1, "name": "teapot", "price": 12.5, "stock": 3}


async def item(_request: Request) -> JSONResponse:
    return JSONResponse(ITEM)


async def order(request: Request) -> JSONResponse:
    return JSONResponse({"size": len(await request.body())}, status_code=200)


async def upload(request: Request) -> JSONResponse:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
    return JSONResponse({"size": size})


def account() -> dict[str, object]:
    """Return what became of the requests that the mirror saw; empty for a bare app."""
    ledgers = [one.ledger for one in mirror._all]
    return {
        "received": sum(n for ledger in ledgers for n in ledger.received().values()),
        "pending": sum(n for ledger in ledgers for n in ledger.pending().values()),
        "outcomes": dict(_outcomes(ledgers)),
    }


def _outcomes(ledgers: list[Ledger]) -> dict[str, int]:
    total: dict[str, int] = {}
    for ledger in ledgers:
        for outcomes in ledger.outcomes().values():
            for outcome, number in outcomes.items():
                total[outcome] = total.get(outcome, 0) + number
    return total


def main() -> None:
    app = Starlette(
        routes=[
            Route("/items/{id}", item),
            Route("/orders", order, methods=["POST"]),
            Route("/uploads", upload, methods=["POST"]),
        ]
    )
    if "bare" not in sys.argv:
        app = shadowtap.wrap(app)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=3600,
    )
    server = uvicorn.Server(config)
    sock = socket.create_server(("127.0.0.1", 0), backlog=512)

    def end() -> None:
        server.should_exit = True

    control.say({"port": sock.getsockname()[1]})
    control.answer(account, end)
    server.run(sockets=[sock])


if __name__ == "__main__":
    main()
