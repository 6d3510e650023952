"""Flask: `app.post("/hooks")(view(webhook, handle))`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._core.answer import OnError, answer
from .._core.webhook import EventT, Receiver


def view(
    webhook: Receiver[EventT], handle: Callable[[EventT], Any], *, on_error: OnError = None
) -> Callable[[], tuple[bytes, int, dict[str, str]]]:
    """A view for a POST route. `handle` gets what was verified; of a question it returns the verdict.

    Answers 200 once `handle` is done, the error's status when the request is refused, and 500 when `handle` raises.
    """

    def hookwright_view() -> tuple[bytes, int, dict[str, str]]:
        from flask import request

        # cache=True keeps the bytes for what else reads the request.
        body = request.get_data(cache=True)
        status, headers, content = answer(webhook, handle, body=body, headers=request.headers, on_error=on_error)
        return content, status, headers

    # Flask names a route after its function, and an application may receive several contracts.
    hookwright_view.__name__ = f"hookwright_{webhook.CONTRACT.id}"
    return hookwright_view
