"""Headers as any server has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Union

from .errors import WebhookError
from .values import describe

HeaderSource = Union[Mapping[str, Any], Iterable[tuple[Any, Any]]]
"""A mapping of name to value or values, or pairs, of text or bytes (ASGI). Names match without regard to case."""


def read_headers(source: HeaderSource, names: Sequence[str]) -> dict[str, str]:
    """The values of the named headers, by the names as given.

    Raises missing_header when one is absent or empty, and after that invalid_header when one came more than once.
    """
    values = _values_by_name(source)
    found = [(name, values.get(name.lower(), [])) for name in names]
    for name, sent in found:
        if not sent:
            raise _missing(name)
    return {name: _single(name, sent) for name, sent in found}


def header_pairs(source: HeaderSource) -> list[tuple[Any, Any]]:
    """The headers as pairs, which can be read more than once."""
    # Not by isinstance(source, Mapping): werkzeug's headers are none, and their items() repeats a repeated name.
    items = getattr(source, "items", None)
    return list(items()) if callable(items) else list(source)  # type: ignore[arg-type]


def _values_by_name(source: HeaderSource) -> dict[str, list[Any]]:
    values: dict[str, list[Any]] = {}
    for name, value in header_pairs(source):
        sent = [_text(one) for one in (value if isinstance(value, (list, tuple)) else (value,))]
        values.setdefault(str(_text(name)).lower(), []).extend(one for one in sent if one not in (None, ""))
    return values


def _text(value: Any) -> Any:
    return value.decode("latin-1") if isinstance(value, bytes) else value


# Servers join a repeated header with a comma and a space, and no value of a signature holds that pair.
def _single(name: str, sent: list[Any]) -> str:
    value = sent[0]
    if len(sent) == 1 and isinstance(value, str) and ", " not in value:
        return value
    expected = "one value without a comma followed by a space"
    got = describe(value) if len(sent) == 1 else f"{len(sent)} values"
    message = f"The header {name} is malformed or came more than once: expected {expected}, got {got}."
    raise WebhookError("invalid_header", message, expected=expected, got=got)


def _missing(name: str) -> WebhookError:
    remedy = "Pass on the request's headers as they came; a proxy may have dropped this one."
    return WebhookError("missing_header", f"The header {name} is missing. {remedy}", expected=name)
