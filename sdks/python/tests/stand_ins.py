"""What the adapters take from the frameworks, in the frameworks' shape, so that the suite needs only Python."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Response:
    """Of Starlette and of Django, less what nobody asks for."""

    def __init__(self, content: bytes, status_code: int = 200, headers: Any = None, status: int | None = None) -> None:
        self.content = content
        self.status = status_code if status is None else status
        self.headers = headers or {}


class NotAllowed(Response):
    def __init__(self, methods: list[str]) -> None:
        super().__init__(b"", 405, {"Allow": ", ".join(methods)})


class RawPostDataException(Exception):
    pass


class HTTPException(Exception):
    def __init__(self, status_code: int, detail: str) -> None:
        super().__init__(detail)
        self.status_code = status_code
        self.detail = detail


class Request:
    """A request of Starlette or Django, and what `flask.request` is."""

    def __init__(self, body: bytes, headers: dict[str, str], method: str = "POST") -> None:
        self.sent = body
        self.headers = headers
        self.method = method

    def get_data(self, cache: bool = True) -> bytes:
        return self.sent


class StarletteRequest(Request):
    async def body(self) -> bytes:
        return self.sent


class DjangoRequest(Request):
    is_read = False

    @property
    def body(self) -> bytes:
        if self.is_read:
            raise RawPostDataException
        return self.sent


@contextmanager
def modules(**contents: dict[str, Any]) -> Iterator[None]:
    """These modules stand in for the frameworks'; `starlette__requests` is `starlette.requests`."""
    before = dict(sys.modules)
    for name, members in contents.items():
        module = types.ModuleType(name.replace("__", "."))
        module.__dict__.update(members)
        sys.modules[module.__name__] = module
    try:
        yield
    finally:
        for name in contents:
            sys.modules.pop(name.replace("__", "."))
        sys.modules.update(before)
