"""What generated classes are made of: values with slots, and the descriptors by which they are read from JSON.

Plain classes and not dataclasses: a contract of sixty event types has a hundred classes, and making a dataclass costs
about fifteen times what making a class costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final, NamedTuple, Union

from .body import body_text, parse_json


class Unset:
    """The type of UNSET."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET: Final = Unset()
"""What a field that may be null holds when it was not sent at all. A field that is never null holds None then."""


class Constant(NamedTuple):
    """One JSON scalar."""

    value: str | int | float | bool


class Scalars(NamedTuple):
    """One of several kinds of scalars."""

    of: tuple[Any, ...]


class Array(NamedTuple):
    """A list of values of one kind."""

    items: Any
    nullable: bool = False


class Place(NamedTuple):
    """A value in a place of a list."""

    items: Any
    nullable: bool = False


class Tuple(NamedTuple):
    """A list with so many places, each of its own kind; what stands behind them was added later."""

    places: tuple[Place, ...]


class Record(NamedTuple):
    """A dict with keys of the sender's own."""

    values: Any
    nullable: bool = False


class Members(NamedTuple):
    """An object whose members stand in the object around it."""

    model: Any


class Variants(NamedTuple):
    """One of several models, by the value of a field. A value that is not listed becomes `unknown`, or is an error."""

    discriminator: str
    known: Mapping[str, Any]
    unknown: Any = None


Descriptor = Union[str, Constant, Scalars, Array, Tuple, Record, Members, Variants, "type[Model]"]
"""How a JSON value has to look: `string`, `integer`, `number`, `boolean`, `unknown`, or one of the above."""


class Field(NamedTuple):
    """A field of a model."""

    wire: str
    attribute: str
    type: Any
    """A Descriptor. Enums are open, so theirs are strings or numbers."""
    nullable: bool = False
    optional: bool = False


class Model:
    """A value with named fields. Two are equal when their class and all their fields are."""

    __slots__ = ()
    FIELDS: ClassVar[tuple[Field, ...]] = ()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._attributes())

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._attributes())
        return f"{type(self).__name__}({shown})"

    @classmethod
    def _attributes(cls) -> tuple[str, ...]:
        return tuple(field.attribute for field in cls.FIELDS)


class OpenModel(Model):
    """A value that others made: it has named fields, and members that no field names.

    By its name on the wire every member is there, `entry["$event_schema"]`, as is `"$event_schema" in entry`.
    """

    __slots__ = ("rest",)

    rest: dict[str, Any]
    """The members that no field names, by their names on the wire."""

    def __getitem__(self, name: str) -> Any:
        """The member's value; of a field it is what the attribute holds. Raises KeyError where it was not sent."""
        for field in self.FIELDS:
            if field.wire == name:
                value = getattr(self, field.attribute)
                if value is UNSET or (value is None and field.optional and not field.nullable):
                    raise KeyError(name)
                return value
        return self.rest[name]

    def __contains__(self, name: object) -> bool:
        return name in tuple(self)

    def __iter__(self) -> Iterator[str]:
        """The names of the members that were sent."""
        for field in self.FIELDS:
            value = getattr(self, field.attribute)
            if not (value is UNSET or (value is None and field.optional and not field.nullable)):
                yield field.wire
        yield from self.rest

    @classmethod
    def _attributes(cls) -> tuple[str, ...]:
        return (*super()._attributes(), "rest")


class Event(Model):
    """What an event of any contract has."""

    __slots__ = ("_sent_id", "raw")
    TYPE: ClassVar[str | None] = None
    """The event type; None on the base class and on an unknown event."""
    TYPE_ATTRIBUTE: ClassVar[str] = "type"
    ID_ATTRIBUTE: ClassVar[str | None] = None
    """The attribute with the event's id; None where a header of the request carries it."""

    _sent_id: str
    raw: bytes
    """The JSON as it was sent. Empty for an event that was not received but made, in a test for instance."""

    @property
    def dedupe_key(self) -> str:
        """The event's id, which is the same each time the event is delivered.

        Raises LookupError where a header carries the id and the event did not come out of `verify`.
        """
        key: str | None = getattr(self, self.ID_ATTRIBUTE or "_sent_id", None)
        if key is None:
            raise LookupError("The event's id stands in a header of its request, and none was given with it.")
        return key

    def keep_id(self, sent: str) -> None:
        """Notes the id that a header carried."""
        self._sent_id = sent

    def raw_json(self) -> Any:
        """The JSON as it was sent, with the fields that were added later. Parsed anew at every call."""
        return parse_json(body_text(self.raw))

    @classmethod
    def _attributes(cls) -> tuple[str, ...]:
        return (cls.TYPE_ATTRIBUTE, *super()._attributes())


class UnknownVariant(Model):
    """A variant of a union that was added after this was generated."""

    __slots__ = ("kind", "raw")

    kind: str
    """What was sent in the field that tells the variants apart."""
    raw: dict[str, Any]
    """The object as it was sent."""

    def __init__(self, *, kind: str, raw: dict[str, Any]) -> None:
        self.kind = kind
        self.raw = raw

    @classmethod
    def _attributes(cls) -> tuple[str, ...]:
        return ("kind", "raw")


class OpenEnum:
    """Names for the values that are known today. The fields hold plain strings or numbers, so later values fit too.

    Not an `Enum`: a member for each unknown value would have to be made, and kept for good, from what a sender sends.
    """

    __slots__ = ()
    VALUES: ClassVar[frozenset[Any]] = frozenset()

    @classmethod
    def is_known(cls, value: object) -> bool:
        """Whether this version of the package has a name for the value."""
        return value in cls.VALUES
