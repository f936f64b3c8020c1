"""A FastAPI app with endpoints of each kind of mark, behind routers and in a mounted app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel

import shadowtap


class Item(BaseModel):
    """A body that has to be valid."""

    name: str
    price: int


def site() -> FastAPI:
    """Return a new app, whose marks are made now."""
    app = FastAPI()
    add_never(app)
    router = APIRouter(prefix="/users")
    add_users(router)
    outer = APIRouter(prefix="/v1")
    outer.include_router(router, prefix="/inner")
    app.include_router(outer)
    sub = FastAPI()
    add_never(sub)
    add_users(sub.router)
    app.mount("/sub/{tenant}", sub)

    @app.get("/sync/{id}")
    def sync(id: int) -> int:
        return id

    @app.post("/item")
    async def item(item: Item) -> Item:
        return item

    @app.get("/marked")
    @shadowtap.mirror
    async def marked() -> str:
        return "marked"

    @shadowtap.mirror(percent=20)
    @app.get("/share")
    def share() -> str:
        return "share"

    return app


def add_users(router: Any) -> None:
    @router.get("/{user}/orders/{order}")
    async def order(user: str, order: int) -> str:
        return user

    @router.post("/{user}/secret")
    @shadowtap.no_mirror
    async def secret(user: str, item: Item) -> str:
        return user


def refuse() -> None:
    raise HTTPException(401)


def add_never(app: FastAPI) -> None:
    @app.post("/never/sync")
    @shadowtap.no_mirror
    def never_sync(item: Item) -> str:
        return item.name

    @app.post("/never/async")
    @shadowtap.no_mirror
    async def never_async(item: Annotated[Item, Body()]) -> str:
        return item.name

    @shadowtap.no_mirror
    @app.post("/never/outer")
    async def never_outer(item: Item) -> str:
        return item.name

    @app.post("/never/needs-header")
    @shadowtap.no_mirror
    async def never_header(x_token: Annotated[str, Header()]) -> str:
        return x_token

    @app.post("/never/refused", dependencies=[Depends(refuse)])
    @shadowtap.no_mirror
    def never_refused() -> str:
        return "never"


async def chunks() -> AsyncIterator[bytes]:
    yield b"one"
    yield b"two"


def served() -> Any:
    """Return the app with more to serve, for servers."""
    app = site()

    @app.get("/streamed")
    async def streamed() -> StreamingResponse:
        return StreamingResponse(chunks())

    @app.get("/file")
    def file() -> FileResponse:
        return FileResponse(__file__, headers={"etag": "x", "last-modified": "then"})

    @app.post("/form")
    async def form(request: Request) -> dict[str, str]:
        form = await request.form()
        return {"name": str(form["name"]), "file": (await form["file"].read()).decode()}  # type: ignore[union-attr]

    @app.post("/json")
    def json(item: Item) -> Item:
        return item

    @app.get("/raised")
    def raised() -> None:
        raise LookupError("told")

    return shadowtap.wrap(app)


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(name)
    return served()
