"""Several records in one request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from .body import DECODER, body_text, parse_json
from .decode import EventTypes, decode_event
from .errors import WebhookError
from .values import MISSING, describe

RecordT = TypeVar("RecordT")


class BatchFormat(NamedTuple):
    """How the records stand in a body: in a member of an object, in a bare array, or one JSON text in each line."""

    kind: str
    """`object`, `array` or `lines`."""
    member: str | None = None
    record_member: str | None = None
    """Each record is an object with the event in this member, and nothing else of it is read. None: it is the event."""
    single: bool = False
    """Whether a record may come alone, as the body itself."""


class Batch(Generic[RecordT]):
    """The records of one request, oldest first."""

    __slots__ = ("raw", "records")

    records: list[RecordT]
    raw: bytes
    """The body as it was sent."""

    def __init__(self, *, records: list[RecordT], raw: bytes = b"") -> None:
        self.records = records
        self.raw = raw

    def __iter__(self) -> Iterator[RecordT]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        return f"Batch(records={self.records!r})"


def decode_batch(types: EventTypes, form: BatchFormat, body: bytes) -> Batch[Any]:
    """The records of a body. Raises invalid_json, not_a_batch, not_an_object, missing_type or invalid_field."""
    found = _found_records(form, body_text(body))
    return Batch(records=[decode_event(types, *_event_in(record, form.record_member)) for record in found], raw=body)


class _Found(NamedTuple):
    value: Any
    raw: bytes
    path: str


def _found_records(form: BatchFormat, text: str) -> list[_Found]:
    if form.kind == "lines":
        lines = [line for line in text.split("\n") if line.strip(WHITESPACE)]
        return [_Found(parse_json(line), line.encode(), f"[{index}]") for index, line in enumerate(lines)]
    value = parse_json(text)
    is_object = isinstance(value, dict)
    if form.kind == "array" and isinstance(value, list):
        return _items(value, text, _skip(text, 0), "")
    if form.member is not None and is_object and form.member in value:
        records = value[form.member]
        if isinstance(records, list):
            return _items(records, text, _member_start(text, form.member), form.member)
    elif form.single and is_object:
        return [_Found(value, text.encode(), "")]
    raise _not_a_batch(form, value)


def _event_in(record: _Found, member: str | None) -> _Found:
    """What is no object at all is told as an event that is none."""
    if member is None or not isinstance(record.value, dict):
        return record
    path = f"{record.path}.{member}" if record.path else member
    if member not in record.value:
        return _Found(MISSING, b"", path)
    text = record.raw.decode("utf-8", "surrogatepass")
    begin = _member_start(text, member)
    _, end = DECODER.raw_decode(text, begin)
    return _Found(record.value[member], text[begin:end].encode("utf-8", "surrogatepass"), path)


def _not_a_batch(form: BatchFormat, value: Any) -> WebhookError:
    expected = "an array" if form.member is None else f'an object with an array in "{form.member}"'
    if form.single:
        expected += ", or a record alone"
    got = describe(value)
    message = f"The body is not a batch: expected {expected}, got {got}."
    return WebhookError("not_a_batch", message, expected=expected, got=got)


WHITESPACE = " \t\n\r"


# The text was parsed before, so it is known to be JSON here, and only the places of the records are looked for.
def _items(values: list[Any], text: str, start: int, path: str) -> list[_Found]:
    """The items of the array that starts there, each with its own text."""
    found: list[_Found] = []
    end = start
    for index, value in enumerate(values):
        begin = _skip(text, end + 1)
        _, stop = DECODER.raw_decode(text, begin)
        found.append(_Found(value, text[begin:stop].encode("utf-8", "surrogatepass"), f"{path}[{index}]"))
        end = _skip(text, stop)
    return found


def _member_start(text: str, member: str) -> int:
    """Where the member's value starts in the object; of a key that stands twice, where the last one does."""
    start = -1
    end = _skip(text, 0)
    while text[end] != "}":
        key, colon = DECODER.raw_decode(text, _skip(text, end + 1))
        begin = _skip(text, _skip(text, colon) + 1)
        _, stop = DECODER.raw_decode(text, begin)
        start = begin if key == member else start
        end = _skip(text, stop)
    return start


def _skip(text: str, index: int) -> int:
    while index < len(text) and text[index] in WHITESPACE:
        index += 1
    return index
