"""The signature of a request: who sent it, when, and that nobody changed it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from . import ed25519
from .errors import WebhookError
from .headers import HeaderSource, read_headers
from .message import Message, content_digest, read_message, unsigned_message
from .values import describe


class SignedTime(NamedTuple):
    """Where the signed time stands: in a header of its own, or as one part of the signature header, `t=1700000000`."""

    unit: Literal["seconds", "milliseconds"]
    carrier: Literal["header", "signature", "message"]
    header: str | None = None
    prefix: str | None = None


class SignatureAlgorithm(NamedTuple):
    """An algorithm that signs, and what a receiver verifies it with."""

    name: Literal["hmac-sha256", "ed25519"]
    key: Literal["utf8", "base64-after-prefix"]
    """The secret as text in UTF-8, or the bytes that its base64 gives once `secret_prefix` is taken off."""
    secret_prefix: str
    """What a secret of this algorithm starts with; of ed25519 a public key."""
    prefix: str
    """Stands before each signature in the header. A signature with another prefix is passed over."""
    encoding: Literal["hex", "base64", "base64-unpadded"]
    secret_bytes_min: int = 0
    """The fewest bytes that a key may have."""


class Key(NamedTuple):
    """What one secret verifies with."""

    algorithm: SignatureAlgorithm
    data: bytes


class Text(NamedTuple):
    """A text that is signed as it is."""

    text: str


class SignatureScheme(NamedTuple):
    """How a contract signs."""

    algorithms: Sequence[SignatureAlgorithm]
    """A receiver has a secret of one of them at least."""
    content: Sequence[Literal["id", "timestamp", "body"] | Text]
    """The signed parts, joined by `joint`. `id` is the value of `id_header`."""
    signature_header: str
    separator: str
    timestamp: SignedTime | None
    """None when no time is sent; then none is checked, and the tolerance is of nothing."""
    id_header: str | None
    """None when no identifier is signed."""
    tolerance_seconds: int
    tolerance_sides: Literal["past", "both"]
    joint: str = "."
    message: Message | None = None
    """In place of `content`, which is then empty."""


class _Signed(NamedTuple):
    """The values of the signature's headers; `id` is empty when none is signed."""

    id: str
    timestamp: str | None
    """None when none is sent."""
    parts: list[tuple[str | None, str]]
    """The parts of the signature header: the known prefix of each, and what follows it."""
    base: str | None = None
    """What was signed, where the request is a signed message."""
    digest: str | None = None

    def behind(self, prefix: str) -> list[str]:
        """The signatures with this prefix."""
        return [value for found, value in self.parts if found == prefix]


def verify_signature(
    scheme: SignatureScheme,
    keys: Sequence[Key],
    *,
    body: bytes,
    headers: HeaderSource,
    now_ms: float,
    tolerance_seconds: float,
) -> None:
    """Checks headers, age and signature, in this order.

    `now_ms` is milliseconds since 1970-01-01T00:00:00Z. Raises missing_header, invalid_header, timestamp_invalid,
    timestamp_too_old, timestamp_too_new or no_matching_signature.
    """
    signed = _read_signed(scheme, headers)
    if signed.timestamp is not None:
        _check_age(scheme, signed.timestamp, now_ms, tolerance_seconds)
    if signed.digest is not None and signed.digest != content_digest(body):
        message = "The body is not the one that was signed: its SHA-256 is not that of the header Content-Digest."
        raise WebhookError("no_matching_signature", message)
    if signed.base is None:
        content = _signed_content(scheme, signed.id, signed.timestamp, body)
    else:
        content = signed.base.encode("utf-8", "surrogatepass")
    matches = 0
    # Every secret against every signature, with no early end: the time taken does not tell which one matched.
    for key in keys:
        matches += _matches_of(key, content, signed.behind(key.algorithm.prefix))
    if matches == 0:
        raise _no_match(scheme, keys, signed)


def _matches_of(key: Key, content: bytes, signatures: Sequence[str]) -> int:
    if key.algorithm.name == "ed25519":
        return sum(_verify_ed25519(key.data, content, signature) for signature in signatures)
    expected = _hmac_of(key, content).encode()
    return sum(hmac.compare_digest(expected, one.encode("utf-8", "surrogatepass")) for one in signatures)


def _verify_ed25519(key: bytes, content: bytes, text: str) -> bool:
    if re.fullmatch(r"[A-Za-z0-9+/]{86}==", text) is None:
        return False
    signature = base64.b64decode(text)
    # 64 bytes have one form in base64; another one that gives the same bytes is refused.
    return base64.b64encode(signature).decode() == text and ed25519.verify(key, content, signature)


def signature_headers(
    scheme: SignatureScheme, key: Key, *, body: bytes, id: str, timestamp_ms: float
) -> dict[str, str]:
    """The headers of a signed request; `timestamp_ms` is rounded down to the scheme's unit.

    Raises secret_invalid for a public key, which signs nothing.
    """
    if key.algorithm.name == "ed25519":
        message = "A public key verifies and signs nothing: sign with the private key, by a library for Ed25519."
        raise WebhookError("secret_invalid", message)
    carried = scheme.timestamp
    timestamp = None if carried is None else str(int(timestamp_ms // _unit_ms(scheme)))
    if scheme.message is not None:
        sent, base = unsigned_message(scheme.message, body=body, id=id, timestamp=timestamp or "")
        return {**sent, scheme.signature_header: f"{scheme.message.label}=:{_hmac_of(key, base.encode())}:"}
    signature = key.algorithm.prefix + _hmac_of(key, _signed_content(scheme, id, timestamp, body))
    headers: dict[str, str] = {}
    if scheme.id_header is not None:
        headers[scheme.id_header] = id
    inside: list[str] = []
    if carried is not None and timestamp is not None:
        if carried.header is not None:
            headers[carried.header] = timestamp
        if carried.prefix is not None:
            inside.append(carried.prefix + timestamp)
    headers[scheme.signature_header] = scheme.separator.join([*inside, signature])
    return headers


def _read_signed(scheme: SignatureScheme, source: HeaderSource) -> _Signed:
    if scheme.message is not None:
        timestamp, signature, base, digest = read_message(scheme.message, scheme.signature_header, source)
        # Behind the label stands one signature, in any of the algorithms.
        prefixes = {algorithm.prefix for algorithm in scheme.algorithms}
        found: list[tuple[str | None, str]] = [] if signature is None else [(prefix, signature) for prefix in prefixes]
        return _Signed(id="", timestamp=timestamp, parts=found, base=base, digest=digest)
    header = None if scheme.timestamp is None else scheme.timestamp.header
    names = [name for name in (scheme.id_header, header, scheme.signature_header) if name is not None]
    values = read_headers(source, names)
    parts = _parts_of(scheme, values[scheme.signature_header])
    return _Signed(
        id="" if scheme.id_header is None else values[scheme.id_header],
        timestamp=_timestamp_part(scheme, parts) if header is None else values[header],
        parts=parts,
    )


# A sender puts a few signatures into the header. More cost time to verify, and are not read.
_PARTS_MAX = 16


# A scan and not a split, because a prefix may contain the separator: `v1,AAA,v1,BBB`.
def _parts_of(scheme: SignatureScheme, header: str) -> list[tuple[str | None, str]]:
    """The parts of the header behind one of the scheme's prefixes; None before one that is not ours, `sha384=…`."""
    known = [algorithm.prefix for algorithm in scheme.algorithms]
    if scheme.timestamp is not None and scheme.timestamp.prefix is not None:
        known.insert(0, scheme.timestamp.prefix)
    parts: list[tuple[str | None, str]] = []
    start = 0
    while start < len(header) and len(parts) < _PARTS_MAX:
        prefix = next((candidate for candidate in known if header.startswith(candidate, start)), None)
        begin = start + len(prefix or "")
        separator = header.find(scheme.separator, begin)
        end = len(header) if separator == -1 else separator
        parts.append((prefix, header[begin:end]))
        start = end + len(scheme.separator)
    return parts


def _timestamp_part(scheme: SignatureScheme, parts: list[tuple[str | None, str]]) -> str | None:
    if scheme.timestamp is None:
        return None
    found = [value for prefix, value in parts if prefix == scheme.timestamp.prefix]
    if len(found) == 1:
        return found[0]
    expected = f'one part that starts with "{scheme.timestamp.prefix}"'
    got = str(len(found)) if found else "none"
    where = f"The header {scheme.signature_header} does not say when it was signed"
    raise WebhookError("invalid_header", f"{where}: expected {expected}, got {got}.", expected=expected, got=got)


def _check_age(scheme: SignatureScheme, timestamp: str, now_ms: float, tolerance_seconds: float) -> None:
    age_ms = now_ms - _timestamp_ms(scheme, timestamp)
    tolerance_ms = tolerance_seconds * 1000
    # Negated, so that a clock that gives NaN refuses instead of accepting everything.
    if not (age_ms <= tolerance_ms):
        raise _out_of_time("timestamp_too_old", age_ms, tolerance_seconds)
    if scheme.tolerance_sides == "both" and -age_ms > tolerance_ms:
        raise _out_of_time("timestamp_too_new", age_ms, tolerance_seconds)


# Fifteen digits are the most that a double holds exactly, in the languages that have no other number.
def _timestamp_ms(scheme: SignatureScheme, timestamp: str) -> int:
    if timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15:
        return int(timestamp) * _unit_ms(scheme)
    expected = f"Unix time in {_unit_of(scheme)}, decimal digits only"
    got = describe(timestamp)
    message = f"The signed time is malformed: expected {expected}, got {got}."
    raise WebhookError("timestamp_invalid", message, expected=expected, got=got)


def _out_of_time(
    code: Literal["timestamp_too_old", "timestamp_too_new"], age_ms: float, tolerance_seconds: float
) -> WebhookError:
    side = "past" if code == "timestamp_too_old" else "future"
    got = f"{abs(age_ms) / 1000:.15g} s in the {side}"
    expected = f"at most {tolerance_seconds:.15g} s in the {side}"
    remedy = "Either the delivery is replayed or one of the two clocks is wrong."
    return WebhookError(code, f"The signed time is {got}: expected {expected}. {remedy}", expected=expected, got=got)


def _unit_of(scheme: SignatureScheme) -> str | None:
    return None if scheme.timestamp is None else scheme.timestamp.unit


def _unit_ms(scheme: SignatureScheme) -> int:
    return 1000 if _unit_of(scheme) == "seconds" else 1


# The body goes in as bytes: as text, whatever is not UTF-8 would be replaced and never verify (R-STECH-93).
def _signed_content(scheme: SignatureScheme, id: str, timestamp: str | None, body: bytes) -> bytes:
    values = {
        "id": id.encode("utf-8", "surrogatepass"),
        "timestamp": (timestamp or "").encode("utf-8", "surrogatepass"),
        "body": body,
    }
    parts = [part.text.encode() if isinstance(part, Text) else values[part] for part in scheme.content]
    return scheme.joint.encode().join(parts)


def _hmac_of(key: Key, content: bytes) -> str:
    encoding = key.algorithm.encoding
    digest = hmac.new(key.data, content, hashlib.sha256).digest()
    if encoding == "hex":
        return digest.hex()
    text = base64.b64encode(digest).decode()
    return text if encoding == "base64" else text.rstrip("=")


def _no_match(scheme: SignatureScheme, keys: Sequence[Key], signed: _Signed) -> WebhookError:
    header = scheme.signature_header
    prefixes = list(dict.fromkeys(key.algorithm.prefix for key in keys))
    if not any(signed.behind(prefix) for prefix in prefixes):
        expected = " or ".join(f'"{prefix}"' for prefix in prefixes)
        message = f"The header {header} has no signature that starts with {expected}."
        return WebhookError("no_matching_signature", message, expected=f"a signature after {expected}")
    causes = "the secret is that of another endpoint or was rotated, or the body was changed on its way"
    return WebhookError("no_matching_signature", f"No signature in the header {header} matches: {causes}.")
