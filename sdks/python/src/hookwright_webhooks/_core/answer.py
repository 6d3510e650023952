"""From a request to the answer, for any framework."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple, Union

from .action import ActionWebhook
from .body import RawBody
from .errors import WebhookError
from .headers import HeaderSource
from .webhook import EventT, Receiver


class Answer(NamedTuple):
    """What to answer a request with."""

    status: int
    headers: dict[str, str]
    body: bytes


OnError = Union[Callable[[Exception], object], None]
"""Told of every request that is not answered 200. Left out, errors are logged as `hookwright_webhooks`."""


def answer(
    webhook: Receiver[EventT],
    handle: Callable[[EventT], Any],
    *,
    body: RawBody,
    headers: HeaderSource,
    on_error: OnError = None,
) -> Answer:
    """200 once `handle` is done, the error's status when the request is refused, 500 when `handle` raises.

    `handle` gets what `webhook.verify` gives. What it returns is ignored, but for a question, whose verdict it returns.
    """
    event = _receive(webhook, body, headers, on_error)
    if isinstance(event, Answer):
        return event
    try:
        return _answer_with(webhook, event, handle(event))
    except Exception as error:
        return _failed(error, on_error)


async def answer_async(
    webhook: Receiver[EventT],
    handle: Callable[[EventT], Any],
    *,
    body: RawBody,
    headers: HeaderSource,
    on_error: OnError = None,
) -> Answer:
    """The same as `answer`, with a `handle` that may be a coroutine function."""
    event = _receive(webhook, body, headers, on_error)
    if isinstance(event, Answer):
        return event
    try:
        result = handle(event)
        return _answer_with(webhook, event, await result if hasattr(result, "__await__") else result)
    except Exception as error:
        return _failed(error, on_error)


# The refusal is told apart here, so that a WebhookError from within a handler is not taken for one.
def _receive(webhook: Receiver[EventT], body: RawBody, headers: HeaderSource, on_error: OnError) -> EventT | Answer:
    try:
        challenged = webhook.challenge_answer(body, headers)
        if challenged is not None:
            return Answer(200, {"content-type": "application/json"}, json.dumps(challenged).encode())
        return webhook.verify(body, headers)
    except WebhookError as error:
        return refused(error, on_error)


def refused(error: WebhookError, on_error: OnError = None) -> Answer:
    """The answer to a request that was refused."""
    _report(error, on_error)
    return _text(error.status, f"{error.code}: {error}")


def _answer_with(webhook: Receiver[Any], event: Any, result: Any) -> Answer:
    if isinstance(webhook, ActionWebhook):
        body, headers = webhook.respond(result, to=event)
        return Answer(200, headers, body)
    return _text(200, "ok")


def _failed(error: Exception, on_error: OnError) -> Answer:
    _report(error, on_error)
    # What a handler raises is the receiver's own affair and stays out of the sender's log.
    return _text(500, "The handler failed.")


def _report(error: Exception, on_error: OnError) -> None:
    if on_error is not None:
        on_error(error)
        return
    # Imported here, because it is the most costly module of all and rarely needed.
    import logging

    logging.getLogger("hookwright_webhooks").error("A webhook was not handled: %s", error, exc_info=error)


def _text(status: int, text: str) -> Answer:
    return Answer(status, {"content-type": "text/plain; charset=utf-8"}, text.encode("utf-8", "replace"))
