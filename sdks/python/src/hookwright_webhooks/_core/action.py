"""The receiver of questions, which are answered with a verdict."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from .errors import WebhookError
from .model import UNSET, Array, Event, Model, Record
from .webhook import EventT, PushWebhook, VerdictFormat


class VerdictAnswer(NamedTuple):
    """What to answer a question with: status 200, this body and these headers."""

    body: bytes
    headers: dict[str, str]


class ActionWebhook(PushWebhook[EventT]):
    """The receiver of a contract that asks a question and waits for a verdict.

    `event.allow()` and `event.deny(code=…, reason=…)` make the verdict that the question allows.
    """

    def respond(self, verdict: Model, sign: bool = True, *, to: Event | None = None) -> VerdictAnswer:
        """The body and the headers that answer a question with status 200, in this order.

        Send the body as it is: printed again, it has other bytes than those that were signed. With `sign` the answer
        carries a signature by the first secret, which the sender then checks. `to` is the question, to be sure that it
        allows this verdict. Raises WebhookError with code verdict_invalid when it does not, when a denial overrides
        something, and when the verdict has more bytes than the sender reads.
        """
        form = self.CONTRACT.verdict
        if form is None:
            raise TypeError(f'The contract "{self.CONTRACT.id}" has no verdicts.')
        members = to_json(verdict)
        _check(form, members, to)
        first = [name for name in (form.decision, form.code, form.reason) if name in members]
        ordered = {**{name: members[name] for name in first}, **members}
        text = json.dumps(ordered, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        body = text.encode("utf-8", "replace")
        if len(body) > form.bytes_max:
            raise verdict_invalid(f"at most {form.bytes_max} bytes", f"{len(body)} bytes")
        headers = {"content-type": "application/json"}
        if sign:
            # An answer carries its time in the signature's header, and no identifier.
            headers[form.signature_header] = "".join(self.sign(body).values())
        return VerdictAnswer(body, headers)


def _check(form: VerdictFormat, members: dict[str, Any], question: Event | None) -> None:
    denies = members.get(form.decision) == form.denies
    overridden = [name for name in form.overrides if name in members]
    if denies and overridden:
        raise verdict_invalid("a denial without overrides", " and ".join(overridden))
    answer = getattr(question, "ANSWER", "decides-and-overrides")
    if overridden and answer != "decides-and-overrides":
        raise verdict_invalid("no overrides in answer to this question", " and ".join(overridden))
    if denies and answer == "informational":
        raise verdict_invalid("no denial of a question whose answer changes nothing", "a denial")


def verdict_invalid(expected: str, got: str) -> WebhookError:
    """The error for a verdict that is not allowed."""
    message = f"The verdict cannot be sent: expected {expected}, got {got}."
    return WebhookError("verdict_invalid", message, expected=expected, got=got)


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
