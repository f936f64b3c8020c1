"""Multipart bodies: put together, and read as a framework reads them."""

from __future__ import annotations

import io
from typing import NamedTuple

from python_multipart import parse_form

KIND = b"multipart/form-data; boundary=b0undary"


class Part(NamedTuple):
    name: str
    content: bytes
    filename: str = ""
    content_type: str = ""


def body_of(*parts: Part, boundary: str = "b0undary") -> bytes:
    out = []
    for part in parts:
        head = f'Content-Disposition: form-data; name="{part.name}"'
        head += f'; filename="{part.filename}"' if part.filename else ""
        head += f"\r\nContent-Type: {part.content_type}" if part.content_type else ""
        out.append(f"--{boundary}\r\n{head}\r\n\r\n".encode() + part.content + b"\r\n")
    return b"".join(out) + f"--{boundary}--\r\n".encode()


def parts_in(body: bytes, kind: bytes = KIND) -> list[Part]:
    """Read a body as a framework does."""
    found: list[Part] = []

    def on_field(field: object) -> None:
        found.append(Part(field.field_name.decode(), field.value or b""))  # type: ignore[attr-defined]

    def on_file(file: object) -> None:
        file.file_object.seek(0)  # type: ignore[attr-defined]
        name, content = file.file_name.decode(), file.file_object.read()  # type: ignore[attr-defined]
        file.close()  # type: ignore[attr-defined]
        found.append(Part(file.field_name.decode(), content, name))  # type: ignore[attr-defined]

    headers = {"Content-Type": kind, "Content-Length": str(len(body)).encode()}
    parse_form(headers, io.BytesIO(body), on_field, on_file)
    return found
