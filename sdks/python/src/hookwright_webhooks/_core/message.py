"""A request that is signed as an HTTP message (RFC 9421), its body by a digest (RFC 9530)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .errors import WebhookError
from .headers import HeaderSource, read_headers
from .values import describe


class Message(NamedTuple):
    """What is signed, and where it is said."""

    label: str
    """Names the signature in its two headers."""
    components: Sequence[str]
    """Names of headers in small letters, and `@method`, which is POST: just these are covered, in this order."""
    input_header: str
    """Says what is covered and when it was signed."""
    content_type: str


class SignedMessage(NamedTuple):
    """The values of a signed message's headers, and what they say."""

    timestamp: str
    """Seconds since 1970, as they were signed."""
    signature: str | None
    """The signature in base64; None when the header has none behind the label."""
    base: str
    """What was signed (RFC 9421 §2.5)."""
    digest: str | None
    """None where the body is not covered."""


def read_message(message: Message, signature_header: str, source: HeaderSource) -> SignedMessage:
    """Reads the headers of a signed message. Raises missing_header and invalid_header."""
    covered = [name for name in message.components if name != "@method"]
    values = read_headers(source, [message.input_header, signature_header, *covered])
    start = f"{message.label}={_component_list(message)}"
    sent = values[message.input_header]
    params = sent[len(start) :] if sent.startswith(start) else ""
    created = re.fullmatch(r';created=([0-9]{1,15})(?:;[a-z]+="[^"\\]*")*', params)
    if created is None:
        raise _not_covered(message, sent)
    found = re.fullmatch(re.escape(message.label) + r"=:([A-Za-z0-9+/]+={0,2}):", values[signature_header])
    return SignedMessage(
        timestamp=created[1],
        signature=None if found is None else found[1],
        base=_signature_base(message, values, params),
        digest=values.get("content-digest"),
    )


def unsigned_message(message: Message, *, body: bytes, id: str, timestamp: str) -> tuple[dict[str, str], str]:
    """The headers of a request but for its signature, and what is signed. A header that is neither has the id."""
    known = {"content-type": message.content_type, "content-digest": content_digest(body)}
    headers = {name: known.get(name, id) for name in message.components if name != "@method"}
    params = f';created={timestamp};alg="hmac-sha256"'
    base = _signature_base(message, headers, params)
    return {**headers, message.input_header: f"{message.label}={_component_list(message)}{params}"}, base


def content_digest(body: bytes) -> str:
    """The SHA-256 of a body as its header has it (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def _component_list(message: Message) -> str:
    quoted = " ".join(f'"{name}"' for name in message.components)
    return f"({quoted})"


def _signature_base(message: Message, values: Mapping[str, str], params: str) -> str:
    lines = [f'"{name}": {"POST" if name == "@method" else values[name].strip()}' for name in message.components]
    return "\n".join([*lines, f'"@signature-params": {_component_list(message)}{params}'])


def _not_covered(message: Message, sent: str) -> WebhookError:
    expected = f"{message.label}={_component_list(message)};created=…"
    got = describe(sent)
    where = f"The header {message.input_header} does not say what was signed and when"
    return WebhookError("invalid_header", f"{where}: expected {expected}, got {got}.", expected=expected, got=got)
