"""What a verified event is in Python."""

from __future__ import annotations

import copy
import unittest
from typing import Any

from hookwright_webhooks import UNSET, Model
from hookwright_webhooks._core.decode import EventTypes, decode_event
from hookwright_webhooks._core.model import Constant, Field

from .contracts import shop
from .contracts.shop import Money, OrderNoted, OrderPlaced, UnknownEvent, UnknownNote
from .contracts.shop.fixtures import FIXTURES
from .orders import PLACED, body_of, error_of, placed_with, webhook


def placed(**data: Any) -> OrderPlaced:
    event = webhook.parse(placed_with(**data))
    assert isinstance(event, OrderPlaced)
    return event


class Events(unittest.TestCase):
    def test_names_on_the_wire_become_names_of_python(self) -> None:
        event = placed()
        self.assertEqual((event.type, event.TYPE, event.api_version), ("order.placed", "order.placed", "2026-05"))
        self.assertEqual(event.data.order_id, "ord_1")
        self.assertEqual(event.data.x_key, "it's")
        self.assertEqual(event.data.total, Money(amount=1999, currency="EUR"))

    def test_the_four_states_of_a_field(self) -> None:
        without = copy.deepcopy(PLACED)
        del without["data"]["email"], without["data"]["requestId"]
        absent = webhook.parse(body_of(without))
        assert isinstance(absent, OrderPlaced)
        self.assertIs(absent.data.email, UNSET)
        self.assertIsNone(absent.data.request_id)
        self.assertIsNone(placed(email=None).data.email)
        self.assertIsNone(placed(paidAt=None).data.paid_at)
        self.assertFalse(UNSET)

    def test_a_value_that_is_not_known_stays_and_can_be_told(self) -> None:
        event = placed(total={"amount": 1, "currency": "CHF"})
        self.assertEqual(event.data.total.currency, "CHF")
        self.assertFalse(shop.MoneyCurrency.is_known(event.data.total.currency))
        self.assertTrue(shop.MoneyCurrency.is_known(shop.MoneyCurrency.EUR))

    def test_a_whole_number_with_a_fraction_of_zero_is_an_int(self) -> None:
        body = placed_with().replace(b'"count": 3', b'"count": 3.0')
        event = webhook.parse(body)
        assert isinstance(event, OrderPlaced)
        self.assertIs(type(event.data.count), int)

    def test_whole_numbers_end_where_a_double_is_exact(self) -> None:
        for text in (b"9007199254740991", b"-9007199254740991"):
            event = webhook.parse(placed_with().replace(b'"count": 3', b'"count": ' + text))
            assert isinstance(event, OrderPlaced)
            self.assertEqual(event.data.count, int(text))
        for text in (b"9007199254740992", b"-9007199254740993", b"1e16", b"9" * 309, b"9" * 400):
            with self.subTest(text):
                body = placed_with().replace(b'"count": 3', b'"count": ' + text)
                self.assertEqual(error_of(webhook.parse, body).path, "data.count")

    def test_booleans_are_no_numbers(self) -> None:
        for name in ("count", "share", "version"):
            with self.subTest(name):
                self.assertEqual(error_of(webhook.parse, placed_with(**{name: True})).path, f"data.{name}")

    def test_true_is_not_the_constant_one(self) -> None:
        class Flag(Model):
            FIELDS = (Field("flag", "flag", Constant(1)),)

        types = EventTypes("type", "data", "data", (), {"a": Flag}, Flag)
        error = error_of(decode_event, types, {"type": "a", "flag": True}, b"")
        self.assertEqual((error.path, error.expected, error.got), ("flag", "1", "boolean true"))

    def test_variants(self) -> None:
        note = webhook.parse(body_of(FIXTURES["order.noted"]["by a person"]))
        assert isinstance(note, OrderNoted) and isinstance(note.data, shop.PersonNote)
        later = copy.deepcopy(FIXTURES["order.noted"]["by a person"])
        later["data"] = {"kind": "parrot", "words": 3}
        unknown = webhook.parse(body_of(later))
        assert isinstance(unknown, OrderNoted) and isinstance(unknown.data, UnknownNote)
        self.assertEqual((unknown.data.kind, unknown.data.raw), ("parrot", {"kind": "parrot", "words": 3}))

    def test_an_unknown_event_is_a_value(self) -> None:
        event = webhook.parse(body_of({**PLACED, "type": "order.lost", "data": {"any": ["thing"]}}))
        assert isinstance(event, UnknownEvent)
        self.assertEqual((event.type, event.data, event.id), ("order.lost", {"any": ["thing"]}, PLACED["id"]))

    def test_raw_json_has_what_the_class_has_not(self) -> None:
        self.assertEqual(placed(added_later=[1]).raw_json()["data"]["added_later"], [1])

    def test_equality_and_representation_leave_the_bytes_out(self) -> None:
        one, other = placed(), webhook.parse(placed_with().replace(b": ", b":"))
        self.assertEqual(one, other)
        self.assertNotEqual(one, placed(count=4))
        self.assertNotEqual(Money(amount=1, currency="EUR"), ("EUR", 1))
        self.assertEqual(repr(Money(amount=1, currency="EUR")), "Money(amount=1, currency='EUR')")
        self.assertTrue(repr(one).startswith("OrderPlaced(type='order.placed', id='evt_"))
        with self.assertRaises(TypeError):
            hash(one)

    def test_events_can_be_made_and_take_no_other_attributes(self) -> None:
        data = shop.PersonNote(kind="person", author="Robin", text="hello")
        event = OrderNoted(id="evt_1", occurred_at=1, shop_id="shop_1", data=data)
        self.assertEqual((event.type, event.raw, event.api_version, data.stars), ("order.noted", b"", "2026-05", None))
        with self.assertRaises(AttributeError):
            event.surprise = 1  # type: ignore[attr-defined]

    def test_what_match_takes_apart(self) -> None:
        self.assertEqual(OrderPlaced.__match_args__, ("data",))
        self.assertEqual(Money.__match_args__, ("amount", "currency"))


class DedupeKeys(unittest.TestCase):
    def test_in_the_envelope(self) -> None:
        self.assertEqual(placed().dedupe_key, PLACED["id"])

    def test_in_a_header(self) -> None:
        from hookwright_webhooks.hookwright import Webhook
        from hookwright_webhooks.hookwright.fixtures import FIXTURES as OWN

        body = body_of(next(iter(next(iter(OWN.values())).values())))
        receiver = Webhook("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
        event = receiver.verify(body, receiver.sign(body, id="msg_7"))
        self.assertEqual(event.dedupe_key, "msg_7")
        with self.assertRaises(LookupError):
            _ = receiver.parse(body).dedupe_key


class Lazy(unittest.TestCase):
    def test_a_name_that_is_not_there_is_told(self) -> None:
        with self.assertRaisesRegex(AttributeError, "has no attribute 'OrderPlacd'"):
            _ = shop.OrderPlacd  # type: ignore[attr-defined]

    def test_every_exported_name_is_there(self) -> None:
        for name in shop.__all__:
            self.assertIsNotNone(getattr(shop, name))

    def test_classes_and_frameworks_are_not_imported_before_they_are_used(self) -> None:
        import subprocess
        import sys

        code = (
            "import sys; from hookwright_webhooks.stech import Webhook; "
            "import hookwright_webhooks.stech as s; hasattr(s, '__wrapped__'); import hookwright_webhooks.adapters.flask, "
            "hookwright_webhooks.adapters.django, hookwright_webhooks.adapters.fastapi, "
            "hookwright_webhooks.adapters.aws_lambda; print([name for name in sys.modules if name.split('.')[0] in "
            "('flask', 'django', 'starlette', 'fastapi', 'dataclasses', 'enum_') or name.endswith('stech.events')])"
        )
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        self.assertEqual(run.stdout.strip(), "[]")


if __name__ == "__main__":
    unittest.main()
