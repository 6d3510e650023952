"""Finds what stands at a path of the wire in a decoded event."""

from __future__ import annotations

import re
from typing import Any

from hookwright_webhooks import UNSET, Event, Model
from hookwright_webhooks._core.model import Members, OpenModel, UnknownVariant

ABSENT = object()


def value_at(event: Any, path: str) -> Any:
    """The value, None for null, or ABSENT. `path` has the names of the wire, `data.items[0].id`."""
    value = event
    for step in re.findall(r"[^.\[\]]+|\[\d+\]|\[\"[^\"]*\"\]", path):
        value = _step(value, step.strip('[]"') if step.startswith('["') else step)
    return value


def _step(value: Any, step: str) -> Any:
    if step.startswith("["):
        return value[int(step[1:-1])]
    if isinstance(value, UnknownVariant):
        return value.raw.get(step, ABSENT)
    if isinstance(value, dict):
        return value.get(step, ABSENT)
    if isinstance(value, Event) and step == value.TYPE_ATTRIBUTE:
        return getattr(value, step)
    return _member(value, step)


def _member(model: Model, name: str) -> Any:
    for field in model.FIELDS:
        if isinstance(field.type, Members):
            return _step(getattr(model, field.attribute), name)
        if field.wire == name:
            value = getattr(model, field.attribute)
            left_out = value is UNSET or (value is None and field.optional and not field.nullable)
            return ABSENT if left_out else value
    if isinstance(model, OpenModel):
        return model.rest.get(name, ABSENT)
    raise AssertionError(f"{model!r} has no field {name}.")


def model_rest(model: Model) -> dict[str, Any]:
    """The members that no field names."""
    return model.rest if isinstance(model, OpenModel) else {}


def plain(value: Any) -> Any:
    """A value as the JSON that it was read from, less what no field has."""
    if isinstance(value, UnknownVariant):
        return value.raw
    if isinstance(value, Model):
        found = ((field.wire, _member(value, field.wire)) for field in value.FIELDS)
        rest = model_rest(value)
        return {**{name: plain(member) for name, member in found if member is not ABSENT}, **rest}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value
