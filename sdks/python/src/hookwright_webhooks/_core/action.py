"""The receiver of questions, which are answered with a verdict."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from .model import UNSET, Array, Model, Record
from .webhook import EventT, PushWebhook


class VerdictAnswer(NamedTuple):
    """What to answer a question with: status 200, this body and these headers."""

    body: bytes
    headers: dict[str, str]


class ActionWebhook(PushWebhook[EventT]):
    """The receiver of a contract that asks a question and waits for a verdict."""

    def respond(self, verdict: Model, sign: bool = True) -> VerdictAnswer:
        """The body and the headers that answer a question, in this order.

        Send the body as it is: printed again, it has other bytes than those that were signed. With `sign` the answer
        carries a signature by the first secret, which the sender then checks. Raises ValueError when the verdict is
        larger than the sender reads.
        """
        form = self.CONTRACT.verdict
        if form is None:
            raise TypeError(f'The contract "{self.CONTRACT.id}" has no verdicts.')
        body = json.dumps(to_json(verdict), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        if len(body) > form.bytes_max:
            raise ValueError(f"The verdict has {len(body)} bytes: expected at most {form.bytes_max}.")
        headers = {"content-type": "application/json"}
        if sign:
            signed = self.sign(body)
            scheme = self.CONTRACT.signature
            headers.update(
                (form.signature_header if scheme is not None and name == scheme.signature_header else name, value)
                for name, value in signed.items()
            )
        return VerdictAnswer(body, headers)


def to_json(model: Model) -> dict[str, Any]:
    """A model as its JSON object; what was left out stays out."""
    members: dict[str, Any] = {}
    for field in model.FIELDS:
        value = getattr(model, field.attribute)
        left_out = value is UNSET or (value is None and field.optional and not field.nullable)
        if not left_out:
            members[field.wire] = _json_of(field.type, value)
    return members


def _json_of(type_: Any, value: Any) -> Any:
    if isinstance(value, Model):
        return to_json(value)
    if isinstance(type_, Array) and value is not None:
        return [_json_of(type_.items, item) for item in value]
    if isinstance(type_, Record) and value is not None:
        return {key: _json_of(type_.values, item) for key, item in value.items()}
    return value
