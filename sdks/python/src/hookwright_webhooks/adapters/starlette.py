"""Starlette and FastAPI: an endpoint, and a dependency."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from .._core.answer import OnError, answer_async
from .._core.errors import WebhookError
from .._core.webhook import EventT, Receiver


def endpoint(
    webhook: Receiver[EventT], handle: Callable[[EventT], Any], *, on_error: OnError = None
) -> Callable[[Any], Awaitable[Any]]:
    """An endpoint, `Route("/hooks", endpoint(webhook, handle), methods=["POST"])`.

    `handle` gets what was verified and may be a coroutine function; of a question it returns the verdict. Answers 200
    once `handle` is done, the error's status when the request is refused, and 500 when `handle` raises.
    """

    async def hookwright_endpoint(request: Any) -> Any:
        from starlette.responses import Response

        body = await request.body()
        status, headers, content = await answer_async(
            webhook, handle, body=body, headers=request.headers, on_error=on_error
        )
        return Response(content, status_code=status, headers=headers)

    return hookwright_endpoint


def verified(webhook: Receiver[EventT]) -> Callable[[Any], Awaitable[EventT]]:
    """A dependency of FastAPI that gives what was verified, `event: Annotated[WebhookEvent, Depends(verified(webhook))]`.

    The endpoint must not have a model as parameter beside it, which would take the body. What is refused is an
    HTTPException with the error's status.
    """
    from starlette.requests import Request

    async def hookwright_event(request: Any) -> EventT:
        from starlette.exceptions import HTTPException

        try:
            return webhook.verify(await request.body(), request.headers)
        except WebhookError as error:
            raise HTTPException(error.status, f"{error.code}: {error}") from error

    # FastAPI tells by the annotation that the parameter is the request itself.
    hookwright_event.__annotations__["request"] = Request
    return hookwright_event
