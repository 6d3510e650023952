"""Batches, configured authorization, and questions."""

from __future__ import annotations

import json
import unittest
from typing import Any

from hookwright_webhooks import WebhookError
from hookwright_webhooks._core.batch import BatchFormat, decode_batch

from .contracts import gate, records, tape
from .contracts.gate.fixtures import FIXTURES as QUESTIONS
from .contracts.records.fixtures import FIXTURES as READINGS
from .contracts.tape.fixtures import FIXTURES as ENTRIES
from .orders import error_of

READING = READINGS["reading.taken"]["with a note"]
ENTRY = ENTRIES["f"]["a wrong password"]


class Batches(unittest.TestCase):
    webhook = records.Webhook("key")

    def test_each_record_has_its_own_bytes(self) -> None:
        one, other = json.dumps(READING, indent=1), json.dumps({**READING, "id": "2"}).replace('": ', '" :  ')
        body = f' {{ "records" : "no" , "x":[{{}}], "records"\n: [ {one} ,\t{other}\n] }} '.encode()
        batch = self.webhook.verify(body, self.webhook.sign(body))
        self.assertEqual([record.raw for record in batch.records], [one.encode(), other.encode()])
        self.assertEqual([record.dedupe_key for record in batch.records], [READING["id"], "2"])
        self.assertEqual(([*batch], len(batch), batch.raw), (batch.records, 2, body))

    def test_records_are_typed_and_unknown_ones_are_values(self) -> None:
        body = json.dumps({"records": [READING, {**READING, "type": "meter.removed"}]}).encode()
        known, unknown = self.webhook.parse(body).records
        assert isinstance(known, records.ReadingTaken) and isinstance(unknown, records.UnknownEvent)
        self.assertEqual((known.record.value, unknown.record), (12.5, READING["record"]))

    def test_a_record_alone_where_it_may_come(self) -> None:
        batch = tape.Webhook("Bearer 1").parse(json.dumps(ENTRY).encode())
        (record,) = batch.records
        assert isinstance(record, tape.F)
        self.assertEqual((record.data.user_id, record.dedupe_key), ("u_1", ENTRY["_id"]))

    def test_lines(self) -> None:
        types = tape.Webhook("Bearer 1")._types
        body = json.dumps(ENTRY).encode() + b"\r\n\n" + json.dumps({**ENTRY, "_id": "2"}).encode() + b"\n"
        batch = decode_batch(types, BatchFormat(kind="lines"), body)
        self.assertEqual([record.dedupe_key for record in batch.records], [ENTRY["_id"], "2"])
        error = error_of(decode_batch, types, BatchFormat(kind="lines"), body + b"7")
        self.assertEqual((error.code, error.path), ("not_an_object", "[2]"))

    def test_wrapped_records_have_the_bytes_of_their_events(self) -> None:
        types = tape.Webhook("Bearer 1")._types
        entry = json.dumps(ENTRY, indent=1)
        wrapped = f'{{"of":7, "entry":"no", "\\u0065ntry" : {entry} }}'
        form = BatchFormat(kind="array", record_member="entry", single=True)
        for body in (wrapped, f"[{wrapped}]"):
            (record,) = decode_batch(types, form, body.encode()).records
            self.assertEqual((record.raw, record.dedupe_key), (entry.encode(), ENTRY["_id"]))
        error = error_of(decode_batch, types, form, entry.encode())
        self.assertEqual((error.code, error.path, error.got), ("not_an_object", "entry", "nothing"))


class Authorizations(unittest.TestCase):
    def test_what_is_no_authorization(self) -> None:
        wrong: list[Any] = [None, "", " Bearer 1", [], "Bearer 1\n"]
        for value in wrong:
            with self.subTest(repr(value)):
                self.assertEqual(error_of(tape.Webhook, value).code, "secret_invalid")

    def test_one_of_several(self) -> None:
        body = json.dumps([ENTRY]).encode()
        rotating = tape.Webhook(["Bearer new", "Bearer old"])
        self.assertEqual(len(rotating.verify(body, {"authorization": "Bearer old"})), 1)
        error = error_of(rotating.verify, body, {"authorization": "Bearer none"})
        self.assertEqual((error.code, error.status), ("authorization_mismatch", 401))
        self.assertNotIn("Bearer new", str(error))

    def test_nobody_may_leave_a_signature_out(self) -> None:
        with self.assertRaises(TypeError):
            records.Webhook.without_authorization()


class Questions(unittest.TestCase):
    webhook = gate.Webhook("asec_key", now=lambda: 1_700_000_000)
    question = webhook.parse(json.dumps(QUESTIONS["before_pass"]["a guest"]))
    notice = webhook.parse(json.dumps(QUESTIONS["after_pass"]["a test"]))

    def test_the_answer_to_a_question(self) -> None:
        assert isinstance(self.question, gate.BeforePass)
        verdict = self.question.deny(code="not_today", reason="closed")
        body, headers = self.webhook.respond(verdict)
        self.assertEqual(body, b'{"decision":"deny","deny_code":"not_today","deny_reason":"closed"}')
        self.assertRegex(headers["Gate-Response-Signature"], "^t=1700000000,v1=[0-9a-f]{64}$")
        self.assertEqual(self.webhook.respond(verdict, sign=False).headers, {"content-type": "application/json"})

    def test_the_signature_of_an_answer_is_that_of_a_request(self) -> None:
        assert isinstance(self.question, gate.BeforePass)
        body, headers = self.webhook.respond(self.question.allow(override_roles=["admin"]))
        signed = {"Gate-Signature": headers["Gate-Response-Signature"]}
        # Verified as a request it is found genuine, and then no question.
        self.assertEqual(error_of(self.webhook.verify, body, signed).code, "missing_type")

    def test_a_question_has_the_methods_that_it_allows(self) -> None:
        self.assertFalse(hasattr(self.notice, "deny"))
        assert isinstance(self.notice, gate.AfterPass)
        with self.assertRaises(TypeError):
            self.notice.allow(override_roles=["admin"])  # type: ignore[call-arg]

    def test_a_verdict_made_by_hand_is_held_against_its_question(self) -> None:
        denial = gate.Verdict(decision="deny")
        error = error_of(self.webhook.respond, denial, to=self.notice)
        self.assertEqual((error.code, error.status), ("verdict_invalid", 500))
        self.assertEqual(self.webhook.respond(denial, to=self.question).body, b'{"decision":"deny"}')

    def test_decision_code_and_reason_come_first(self) -> None:
        class Reversed(gate.Verdict):
            FIELDS = gate.Verdict.FIELDS[::-1]

        verdict = Reversed(decision="deny", deny_code="no", deny_reason="closed")
        body = self.webhook.respond(verdict, sign=False).body
        self.assertEqual([*json.loads(body)], ["decision", "deny_code", "deny_reason"])

    def test_an_answer_that_is_too_long_is_refused(self) -> None:
        assert isinstance(self.question, gate.BeforePass)
        error = error_of(self.webhook.respond, self.question.deny(reason="x" * 65_536))
        self.assertEqual(error.code, "verdict_invalid")

    def test_a_wrong_error_is_not_taken_for_another(self) -> None:
        self.assertIsInstance(error_of(self.webhook.parse, b"[]"), WebhookError)


if __name__ == "__main__":
    unittest.main()
