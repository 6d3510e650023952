"""Reads events from JSON. What a later version of the catalog may add is kept as it came, and never an error."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from .errors import WebhookError
from .model import (
    Array,
    Constant,
    Field,
    Members,
    Model,
    OpenModel,
    Place,
    Record,
    Scalars,
    Tuple,
    UnknownVariant,
    Variants,
)
from .values import MISSING, describe


class EventTypes(NamedTuple):
    """The event types of a contract."""

    type_key: str
    data_key: str | None
    """None: the members of the data stand in the event itself."""
    data_attribute: str
    envelope: tuple[Field, ...]
    known: dict[str, Any]
    """Event type to its class."""
    unknown: Any
    known_with: Mapping[str, Any] = {}
    """What members of the envelope hold in events that are known; with another value all of it may be another form."""


def decode_event(types: EventTypes, value: Any, raw: bytes, path: str = "") -> Any:
    """The event of a JSON value; `raw` is its text, and `path` says where it stands in the body.

    Raises not_an_object, missing_type or invalid_field.
    """
    if not isinstance(value, dict):
        raise _not_an_object(path, value)
    name = value.get(types.type_key, MISSING)
    if not isinstance(name, str):
        raise _missing_type(_member(path, types.type_key), name)
    known = types.known.get(name)
    if any(value.get(key, held) != held for key, held in types.known_with.items()):
        known = None
    if known is not None:
        return known(**_decode_fields(known.FIELDS, value, path, (types.type_key,)), raw=raw)
    data = value if types.data_key is None else value.get(types.data_key)
    own = {types.unknown.TYPE_ATTRIBUTE: name, types.data_attribute: data}
    return types.unknown(**_decode_fields(types.envelope, value, path), **own, raw=raw)


def _decode_fields(
    fields: tuple[Field, ...], members: dict[str, Any], path: str, beside: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The values of a model by attribute; a field that may be absent and is has none.

    `beside` are members of the event that stand for no field.
    """
    values: dict[str, Any] = {}
    for field in fields:
        if isinstance(field.type, Members):
            envelope = (*beside, *(other.wire for other in fields))
            values[field.attribute] = _decode_object(field.type.model, members, path, envelope)
        elif field.wire in members:
            values[field.attribute] = _decode(field.type, field.nullable, members[field.wire], path, field.wire)
        elif not field.optional:
            raise invalid_field(_member(path, field.wire), _expected(field.type, field.nullable), MISSING)
    return values


def _decode(type_: Any, nullable: bool, value: Any, path: str, wire: str) -> Any:
    if value is None and nullable:
        return None
    if not _accepts(type_, value):
        raise invalid_field(_member(path, wire), _expected(type_, nullable), value)
    if isinstance(type_, str):
        return int(value) if type_ == "integer" else value
    return _decode_inside(type_, value, _member(path, wire))


def _decode_inside(type_: Any, value: Any, path: str) -> Any:
    """What a value contains, once its own kind is known to fit."""
    if isinstance(type_, Array):
        return [_decode_item(type_, item, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(type_, Tuple):
        return tuple(_decode_place(place, value, index, path) for index, place in enumerate(type_.places))
    if isinstance(type_, Record):
        return {key: _decode_value(type_, item, path, key) for key, item in value.items()}
    return value if isinstance(type_, (Constant, Scalars)) else _decode_object(type_, value, path)


def _decode_place(place: Place, items: list[Any], index: int, path: str) -> Any:
    step = f"{path}[{index}]"
    if index >= len(items):
        raise invalid_field(step, _expected(place.items, place.nullable), MISSING)
    return _decode_item(place, items[index], step)


def _decode_item(array: Array | Place, item: Any, path: str) -> Any:
    if item is None and array.nullable:
        return None
    if not _accepts(array.items, item):
        raise invalid_field(path, _expected(array.items, array.nullable), item)
    if isinstance(array.items, str):
        return int(item) if array.items == "integer" else item
    return _decode_inside(array.items, item, path)


def _decode_value(record: Record, value: Any, path: str, key: str) -> Any:
    step = f".{key}" if re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", key) else f"[{json.dumps(key, ensure_ascii=False)}]"
    return _decode_item(Array(record.values, record.nullable), value, path + step)


def _decode_object(shape: Any, members: dict[str, Any], path: str, envelope: tuple[str, ...] = ()) -> Model:
    """The model; `envelope` names the members that belong to the event around it."""
    if not isinstance(shape, Variants):
        values = _decode_fields(shape.FIELDS, members, path)
        if issubclass(shape, OpenModel):
            named = {*envelope, *(field.wire for field in shape.FIELDS)}
            values["rest"] = {name: value for name, value in members.items() if name not in named}
        model: Model = shape(**values)
        return model
    tag = members.get(shape.discriminator, MISSING)
    tag_path = _member(path, shape.discriminator)
    if not isinstance(tag, str):
        raise invalid_field(tag_path, "string", tag)
    variant = shape.known.get(tag)
    if variant is not None:
        return _decode_object(variant, members, path)
    if shape.unknown is None:
        raise invalid_field(tag_path, " or ".join(map(_quoted, shape.known)), tag)
    later: UnknownVariant = shape.unknown(kind=tag, raw=members)
    return later


def _accepts(type_: Any, value: Any) -> bool:
    """Whether the value's own JSON type fits; what it contains is looked at afterwards."""
    if isinstance(type_, str):
        return _accepts_kind(type_, value)
    if isinstance(type_, Constant):
        return bool(value == type_.value) and isinstance(value, bool) == isinstance(type_.value, bool)
    if isinstance(type_, Scalars):
        return any(_accepts(scalar, value) for scalar in type_.of)
    return isinstance(value, list if isinstance(type_, (Array, Tuple)) else dict)


def _accepts_kind(kind: str, value: Any) -> bool:
    if kind == "string":
        return isinstance(value, str)
    if kind == "unknown":
        return True
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    if not isinstance(value, (int, float)) or not abs(value) <= _FLOAT_MAX:
        return False
    return kind == "number" or (value == math.floor(value) and abs(value) <= _WHOLE_MAX)


_FLOAT_MAX = sys.float_info.max
# The greatest whole number that a double has and its neighbours too; the other languages read no greater one exactly.
_WHOLE_MAX = 2**53 - 1


def _member(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _expected(type_: Any, nullable: bool) -> str:
    return f"{_name_of(type_)} or null" if nullable else _name_of(type_)


def _name_of(type_: Any) -> str:
    if isinstance(type_, str):
        return "any value" if type_ == "unknown" else type_
    if isinstance(type_, Constant):
        return _quoted(type_.value)
    if isinstance(type_, Scalars):
        return " or ".join(map(_name_of, type_.of))
    return "array" if isinstance(type_, (Array, Tuple)) else "object"


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _not_an_object(path: str, value: Any) -> WebhookError:
    got = describe(value)
    place = path or "The body"
    message = f"{place} is not an event: expected an object, got {got}."
    return WebhookError("not_an_object", message, path=path or None, expected="object", got=got)


def _missing_type(path: str, value: Any) -> WebhookError:
    got = describe(value)
    message = f"The event does not name its type: expected a string at {path}, got {got}."
    return WebhookError("missing_type", message, path=path, expected="string", got=got)


def invalid_field(path: str, expected: str, value: Any) -> WebhookError:
    """The error for a value at `path` that is not what was published."""
    got = describe(value)
    return WebhookError(
        "invalid_field", f"{path}: expected {expected}, got {got}.", path=path, expected=expected, got=got
    )
