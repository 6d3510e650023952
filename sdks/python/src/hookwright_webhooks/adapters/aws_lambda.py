"""AWS Lambda, behind a function URL, an API Gateway (v1 and v2) or a load balancer."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from .._core.answer import OnError, answer
from .._core.webhook import EventT, Receiver


def handler(
    webhook: Receiver[EventT], handle: Callable[[EventT], Any], *, on_error: OnError = None
) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The function's handler, `lambda_handler = handler(webhook, handle)`.

    `handle` gets what was verified; of a question it returns the verdict. Answers 200 once `handle` is done, the
    error's status when the request is refused, and 500 when `handle` raises.
    """

    def hookwright_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        text = event.get("body") or ""
        body = base64.b64decode(text) if event.get("isBase64Encoded") else text.encode("utf-8", "surrogatepass")
        # The load balancer sends either of them; the lists also tell when a header came twice.
        headers = event.get("multiValueHeaders") or event.get("headers") or {}
        status, answered, content = answer(webhook, handle, body=body, headers=headers, on_error=on_error)
        response: dict[str, Any] = {"statusCode": status, "body": content.decode(), "isBase64Encoded": False}
        lists = event.get("headers") is None and event.get("multiValueHeaders") is not None
        if lists:
            response["multiValueHeaders"] = {name: [value] for name, value in answered.items()}
        else:
            response["headers"] = answered
        return response

    return hookwright_handler
