"""A request's body as it came over the wire."""

from __future__ import annotations

import json
import math
from typing import Any, Union

from .errors import WebhookError
from .values import describe

RawBody = Union[bytes, bytearray, memoryview, str]
"""The bytes that were sent. Text is taken as UTF-8."""

RAW_BODY_RECIPES = """
  Flask              request.get_data(), before request.json or request.form
  FastAPI/Starlette  await request.body(), in a dependency instead of a model as parameter
  Django             request.body, before request.POST
  AWS Lambda         base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"]"""


def body_already_parsed(got: str) -> WebhookError:
    """The error for a body that is not bytes any more; `got` says what it is."""
    expected = "the raw body (bytes or str)"
    reason = "The signature covers the bytes as they were sent; JSON that was parsed and printed again has others."
    remedy = f"Take the body before a parser reads it:{RAW_BODY_RECIPES}"
    return WebhookError(
        "body_already_parsed", f"Expected {expected}, got {got}. {reason} {remedy}", expected=expected, got=got
    )


def body_bytes(body: RawBody, bytes_max: float) -> bytes:
    """The bytes of a body. Raises body_already_parsed and body_too_large."""
    if isinstance(body, str):
        data = body.encode("utf-8", "surrogatepass")
    elif isinstance(body, (bytes, bytearray, memoryview)):
        data = bytes(body)
    else:
        raise body_already_parsed(describe(body))
    if len(data) > bytes_max:
        expected = f"at most {bytes_max} bytes"
        message = f"The body is too large: expected {expected}. Raise max_body_bytes if such events are real."
        raise WebhookError("body_too_large", message, expected=expected)
    return data


def body_text(body: bytes) -> str:
    """The text of a body, without a byte order mark. Raises invalid_json when it is not UTF-8."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _invalid_json(str(error)) from None


def parse_json(text: str) -> Any:
    """The JSON value of a text. Raises invalid_json. Of a key that stands twice in an object, the last one counts."""
    try:
        return DECODER.decode(text)
    except RecursionError:
        raise _invalid_json("it is nested too deeply") from None
    except ValueError as error:
        raise _invalid_json(str(error)) from None


def _invalid_json(reason: str) -> WebhookError:
    return WebhookError("invalid_json", f"The body is not JSON in UTF-8: {reason}", expected="JSON in UTF-8")


def _integer(digits: str) -> int | float:
    # A double ends at 309 digits, and int() refuses more than 4,300 of them.
    return int(digits) if len(digits) <= 309 else math.copysign(math.inf, -1 if digits.startswith("-") else 1)


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no value of JSON")


# NaN and Infinity are no JSON, though Python's parser takes them.
DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_constant)
