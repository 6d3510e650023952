"""An event of the shop, to be changed and signed."""

from __future__ import annotations

import copy
import json
from typing import Any

from hookwright_webhooks import WebhookError

from .contracts.shop import Webhook
from .contracts.shop.fixtures import FIXTURES

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
PREVIOUS = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
NOW = 1_700_000_000
PLACED: dict[str, Any] = FIXTURES["order.placed"]["with everything"]

webhook = Webhook(SECRET, now=lambda: NOW, max_body_bytes=4000)


def body_of(event: Any) -> bytes:
    """The JSON of an event."""
    return json.dumps(event, ensure_ascii=False).encode()


def placed_with(**data: Any) -> bytes:
    """The JSON of an order with other fields in its data."""
    event = copy.deepcopy(PLACED)
    event["data"].update(data)
    return body_of(event)


def error_of(work: Any, *arguments: Any, **named: Any) -> WebhookError:
    """The WebhookError that a call raises."""
    try:
        work(*arguments, **named)
    except WebhookError as error:
        return error
    raise AssertionError("Expected a WebhookError, but nothing was raised.")
