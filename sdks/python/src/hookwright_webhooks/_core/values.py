"""JSON values, and how an error message shows them."""

from __future__ import annotations

import json
from typing import Any

# Enough to recognise a value in a log line, and never a whole document.
SHOWN_CHARACTERS = 40


class Missing:
    """Stands for a member that is not there, which is not the same as null."""


MISSING = Missing()


def describe(value: Any) -> str:
    """A value as an error message shows it: `string "12"`, `number 1.5`, `null`, `an array`. Long text is cut."""
    if value is None:
        return "null"
    if value is MISSING:
        return "nothing"
    if isinstance(value, bool):
        return f"boolean {json.dumps(value)}"
    if isinstance(value, str):
        return f"string {json.dumps(_shorten(value), ensure_ascii=False)}"
    if isinstance(value, (int, float)):
        return f"number {_shorten(repr(value))}"
    if isinstance(value, (list, tuple)):
        return "an array"
    return "an object" if isinstance(value, dict) else f"a {type(value).__name__}"


def _shorten(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
