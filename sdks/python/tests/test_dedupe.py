"""An event that comes again is handled once."""

from __future__ import annotations

import base64
import json
import threading
import unittest

from hookwright_webhooks import MemoryDedupeStore, hookwright, once
from hookwright_webhooks.hookwright.fixtures import FIXTURES

from .contracts.shop import OrderPlaced
from .orders import placed_with, webhook

event = webhook.parse(placed_with())


class Once(unittest.TestCase):
    def test_the_second_time_is_passed_over(self) -> None:
        handled: list[object] = []
        repeated: list[object] = []
        handle = once(MemoryDedupeStore(), handled.append, on_duplicate=repeated.append)
        handle(event)
        handle(event)
        self.assertEqual((len(handled), len(repeated)), (1, 1))
        self.assertIsInstance(handled[0], OrderPlaced)

    def test_the_id_that_a_header_carried_is_the_events(self) -> None:
        body = json.dumps(FIXTURES["breaker.opened"]["a receiver that is being deployed"])
        receiver = hookwright.Webhook("whsec_" + base64.b64encode(bytes(32)).decode())
        received = receiver.verify(body, receiver.sign(body, id="evt_7"))
        self.assertEqual((received.id, received.dedupe_key), ("evt_7", "evt_7"))
        with self.assertRaises(LookupError):
            _ = receiver.parse(body).id

    def test_what_failed_may_come_again(self) -> None:
        attempts: list[object] = []

        def fail_once(received: object) -> None:
            attempts.append(received)
            if len(attempts) == 1:
                raise OSError("down")

        handle = once(MemoryDedupeStore(), fail_once)
        with self.assertRaises(OSError):
            handle(event)
        handle(event)
        handle(event)
        self.assertEqual(len(attempts), 2)

    def test_the_oldest_key_is_forgotten(self) -> None:
        store = MemoryDedupeStore(keys_max=2)
        self.assertEqual([store.add(key) for key in ("a", "b", "a", "c", "a")], [True, True, False, True, True])
        with self.assertRaises(ValueError):
            MemoryDedupeStore(keys_max=0)

    def test_of_many_threads_one_is_first(self) -> None:
        store = MemoryDedupeStore()
        barrier = threading.Barrier(8)
        first: list[bool] = []

        def add() -> None:
            barrier.wait()
            first.append(store.add("key"))

        threads = [threading.Thread(target=add) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(first.count(True), 1)


if __name__ == "__main__":
    unittest.main()
