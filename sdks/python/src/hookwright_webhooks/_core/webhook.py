"""What the receivers of all contracts share, and the receiver of single events."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from .authorization import Anybody, Authenticator, Authorization, SignatureCheck
from .batch import Batch, BatchFormat, decode_batch
from .body import RawBody, body_bytes, body_text, parse_json
from .carried import with_carried
from .decode import EventTypes, decode_event
from .headers import HeaderSource, header_pairs, read_headers
from .model import Event
from .secrets import Secrets
from .signature import SignatureScheme

if TYPE_CHECKING:
    from typing_extensions import Self

EventT = TypeVar("EventT")

MEBIBYTE = 1024 * 1024


class VerdictFormat(NamedTuple):
    """How a verdict is sent back. The names are those of its members on the wire."""

    decision: str
    denies: str
    """The decision that stops it."""
    code: str
    reason: str
    overrides: tuple[str, ...]
    bytes_max: int
    signature_header: str
    """Carries the signature of an answer."""


class Challenge(NamedTuple):
    """How the question for a challenge is known, which a sender asks before it sends anything else."""

    constants: Mapping[str, str]
    """The members that say that it is one."""
    member: str
    """The member with the text that is given back."""
    answer: str
    """The member of the answer."""


class Contract(NamedTuple):
    """What a receiver has to know of a contract. The generator writes one per contract."""

    id: str
    types_module: str
    """The module whose TYPES has the classes of the events; imported by the first receiver that is made."""
    signature: SignatureScheme | None
    id_header: str | None = None
    """Carries the event's id, where the event itself does not."""
    carried: Mapping[str, str] | None = None
    """The members of an event that headers carry in place of the body, with the header of each."""
    authorization_header: str | None = None
    """Carries a text that was agreed upon, where nothing is signed."""
    challenge: Challenge | None = None
    """None: none is asked."""
    batch: BatchFormat | None = None
    verdict: VerdictFormat | None = None


class Receiver(Generic[EventT]):
    """Verifies requests of a contract. The generated `Webhook` of each contract is one.

    `secrets` is the whole secret as it was shown, or several while one replaces another: a request is accepted when any
    of them signed it. `tolerance` is in seconds; left out, what the contract declares. Larger bodies than
    `max_body_bytes` are refused before anything else is done with them. `now` is the clock, in seconds since
    1970-01-01T00:00:00Z.

    Where nothing is signed, `secrets` is the text that the sender is configured to authorize itself with, `Bearer …`.

    Raises WebhookError with code secret_invalid, and ValueError when an option is not a number or negative.
    """

    CONTRACT: ClassVar[Contract]
    DEFAULT_BODY_BYTES: ClassVar[int] = MEBIBYTE

    def __init__(
        self,
        secrets: Secrets,
        *,
        tolerance: float | None = None,
        max_body_bytes: int | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        contract = self.CONTRACT
        limit = self.DEFAULT_BODY_BYTES if max_body_bytes is None else max_body_bytes
        self._max_body_bytes = _not_negative("max_body_bytes", limit)
        self._now = now
        self._check = _check_of(contract, secrets, tolerance)
        self._types: EventTypes = importlib.import_module(contract.types_module).TYPES

    @classmethod
    def without_authorization(cls, *, max_body_bytes: int | None = None) -> Self:
        """A receiver that takes every request for genuine, for an endpoint that nobody else can reach.

        Only where nothing is signed; raises TypeError where something is.
        """
        if cls.CONTRACT.signature is not None:
            raise TypeError(f'Requests of the contract "{cls.CONTRACT.id}" are signed: construct it with the secret.')
        receiver = cls("-", max_body_bytes=max_body_bytes)
        receiver._check = Anybody()
        return receiver

    def verify(self, body: RawBody, headers: HeaderSource) -> EventT:
        """What was sent, once size, headers, age, signature and content are found good, in this order.

        `body` is the bytes as they came, `headers` what any server calls headers. An event type, enum value or field
        that was added later is a value, never an error. Raises WebhookError; see its codes.
        """
        data = body_bytes(body, self._max_body_bytes)
        pairs = header_pairs(headers)
        self._check.verify(data, pairs, self._now_ms())
        return self._with_id(self._decode(data, pairs), pairs)

    def challenge_answer(self, body: RawBody, headers: HeaderSource) -> dict[str, str] | None:
        """The JSON to answer a verified question for a challenge with; None for what is no such question.

        Raises WebhookError; see its codes.
        """
        rule = self.CONTRACT.challenge
        if rule is None:
            return None
        data = body_bytes(body, self._max_body_bytes)
        self._check.verify(data, header_pairs(headers), self._now_ms())
        value = parse_json(body_text(data))
        if not isinstance(value, dict) or any(value.get(name) != text for name, text in rule.constants.items()):
            return None
        text = value.get(rule.member)
        return {rule.answer: text} if isinstance(text, str) else None

    def parse(self, body: RawBody, headers: HeaderSource = ()) -> EventT:
        """What a body says that was verified before, by a queue's producer for instance. Raises WebhookError.

        The headers of its request are needed where they carry a part of the event.
        """
        return self._decode(body_bytes(body, self._max_body_bytes), headers)

    def sign(self, body: RawBody, *, id: str | None = None, timestamp: float | None = None) -> dict[str, str]:
        """The headers that a sender with the first secret would send with this body; for tests.

        `id` is the signed identifier, where the contract has one; left out, a new one. `timestamp` is in seconds since
        1970-01-01T00:00:00Z; left out, now.
        """
        timestamp_ms = self._now_ms() if timestamp is None else timestamp * 1000
        return self._check.sign(body_bytes(body, float("inf")), id or f"msg_{os.urandom(16).hex()}", timestamp_ms)

    def _decode(self, data: bytes, headers: HeaderSource) -> EventT:
        raise NotImplementedError

    def _with_id(self, event: EventT, headers: HeaderSource) -> EventT:
        name = self.CONTRACT.id_header
        if name is not None and isinstance(event, Event):
            event.keep_id(read_headers(headers, [name])[name])
        return event

    def _now_ms(self) -> float:
        return self._now() * 1000


class PushWebhook(Receiver[EventT]):
    """The receiver of a contract that sends one event in each request."""

    def _decode(self, data: bytes, headers: HeaderSource) -> EventT:
        value = parse_json(body_text(data))
        carried = self.CONTRACT.carried
        if carried is not None:
            value = with_carried(carried, self._types.envelope, value, headers)
        event: EventT = decode_event(self._types, value, data)
        return event


class StreamWebhook(Receiver[Batch[EventT]]):
    """The receiver of a contract that sends batches of records."""

    # Hundreds of records come in one body.
    DEFAULT_BODY_BYTES: ClassVar[int] = 16 * MEBIBYTE

    def _decode(self, data: bytes, headers: HeaderSource) -> Batch[EventT]:
        form = self.CONTRACT.batch
        if form is None:
            raise TypeError(f'The contract "{self.CONTRACT.id}" has no batches.')
        return decode_batch(self._types, form, data)


def _check_of(contract: Contract, secrets: Secrets, tolerance: float | None) -> Authenticator:
    scheme = contract.signature
    if scheme is None:
        return Authorization(contract.authorization_header, secrets)
    seconds = scheme.tolerance_seconds if tolerance is None else tolerance
    return SignatureCheck(scheme, secrets, _not_negative("tolerance", seconds))


# NaN, from an unset environment variable for instance, would switch a limit off without a word.
def _not_negative(name: str, value: Any) -> float:
    if isinstance(value, (int, float)) and value >= 0:
        return value
    raise ValueError(f"{name}: expected a number that is not negative, got {value!r}.")
