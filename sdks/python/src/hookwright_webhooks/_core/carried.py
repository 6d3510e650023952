"""What headers carry of an event in place of its body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .errors import WebhookError
from .headers import HeaderSource, read_headers
from .model import Constant, Field
from .values import describe


def with_carried(carried: Mapping[str, str], fields: tuple[Field, ...], value: Any, headers: HeaderSource) -> Any:
    """The JSON value of a body with the members that headers carry; `carried` has the header of each.

    What is no object is given back as it is. Raises missing_header and invalid_header.
    """
    if not carried or not isinstance(value, dict):
        return value
    types = {field.wire: field.type for field in fields}
    sent = read_headers(headers, list(carried.values()))
    members = {key: _value_of(types.get(key), _decoded(header, sent[header])) for key, header in carried.items()}
    return {**value, **members}


def _value_of(type_: Any, text: str) -> Any:
    """A text that is no value of the field's type stays as it is, and is refused like any other."""
    if type_ == "integer":
        return int(text) if re.fullmatch(r"-?(0|[1-9][0-9]{0,15})", text) else text
    if isinstance(type_, Constant):
        constant = type_.value
        written = str(constant).lower() if isinstance(constant, bool) else str(constant)
        return constant if written == text else text
    return text


def _decoded(header: str, value: str) -> str:
    if re.fullmatch(r"(?:[^%]|%[0-9A-Fa-f]{2})*", value):
        try:
            encoded = value.encode("latin-1")
            return re.sub(rb"%(..)", lambda digits: bytes([int(digits[1], 16)]), encoded).decode("utf-8")
        except UnicodeError:
            pass
    expected = "percent-encoded UTF-8"
    got = describe(value)
    message = f"The header {header} is malformed: expected {expected}, got {got}."
    raise WebhookError("invalid_header", message, expected=expected, got=got)
