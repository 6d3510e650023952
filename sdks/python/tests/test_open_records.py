"""What others made: known members as attributes, and the others."""

from __future__ import annotations

import json
import unittest

from hookwright_webhooks.auth0 import Webhook

ENTRY = {
    "date": "2026-03-02T08:15:11Z",
    "type": "seacft",
    "_id": "90020260302081511",
    "log_id": "90020260302081511",
    "ip": "2001:db8::7",
    "user_name": None,
    "scope": ["openid", "offline_access"],
    "$event_schema": {"version": "1.0.0"},
}


class OpenRecords(unittest.TestCase):
    def setUp(self) -> None:
        [event] = Webhook.without_authorization().verify(json.dumps([ENTRY]).encode(), {}).records
        self.event = event
        self.entry = event.data

    def test_known_members_are_attributes_and_the_others_are_the_rest(self) -> None:
        self.assertEqual(self.event.id, ENTRY["_id"])
        self.assertEqual(self.entry.ip, "2001:db8::7")
        self.assertEqual(self.entry.rest, {"$event_schema": {"version": "1.0.0"}})

    def test_every_member_is_there_by_its_name_on_the_wire(self) -> None:
        self.assertEqual(self.entry["$event_schema"], {"version": "1.0.0"})
        self.assertEqual(self.entry["scope"], ["openid", "offline_access"])
        self.assertIsNone(self.entry["user_name"])
        self.assertEqual(set(self.entry), {"log_id", "ip", "user_name", "scope", "$event_schema"})

    def test_what_was_not_sent_is_not_there(self) -> None:
        self.assertNotIn("hostname", self.entry)
        self.assertNotIn("is_mobile", self.entry)
        with self.assertRaises(KeyError):
            self.entry["hostname"]
        with self.assertRaises(KeyError):
            self.entry["more"]

    def test_one_that_is_made_may_have_more_too(self) -> None:
        made = type(self.entry)(ip="192.0.2.1", rest={"more": [1]})
        self.assertEqual((made["ip"], made["more"]), ("192.0.2.1", [1]))
        self.assertNotEqual(made, type(self.entry)(ip="192.0.2.1"))


if __name__ == "__main__":
    unittest.main()
