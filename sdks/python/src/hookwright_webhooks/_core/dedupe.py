"""Delivery is at least once: how to handle an event that comes again once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from .model import Event

KnownEventT = TypeVar("KnownEventT", bound=Event)


class DedupeStore(Protocol):
    """Remembers which events were handled. A table of a database is one with two statements; see the README."""

    def add(self, key: str) -> bool:
        """Notes the key, in one step with looking for it. True when it was not there before."""

    def discard(self, key: str) -> None:
        """Forgets the key, because the event could not be handled and will come again."""


class MemoryDedupeStore:
    """Remembers the last keys in this process, for receivers that have one and may handle an event again after a start.

    When there are more than `keys_max`, the oldest is forgotten. Safe to use from several threads. Raises ValueError
    when `keys_max` is not positive.
    """

    def __init__(self, keys_max: int = 10_000) -> None:
        if keys_max < 1:
            raise ValueError(f"keys_max: expected a positive number, got {keys_max}.")
        self._keys: OrderedDict[str, None] = OrderedDict()
        self._keys_max = keys_max
        self._lock = threading.Lock()

    def add(self, key: str) -> bool:
        """Notes the key. True when it was not there before."""
        with self._lock:
            if key in self._keys:
                return False
            self._keys[key] = None
            if len(self._keys) > self._keys_max:
                self._keys.popitem(last=False)
            return True

    def discard(self, key: str) -> None:
        """Forgets the key."""
        with self._lock:
            self._keys.pop(key, None)


def once(
    store: DedupeStore,
    handle: Callable[[KnownEventT], Any],
    on_duplicate: Callable[[KnownEventT], object] | None = None,
) -> Callable[[KnownEventT], None]:
    """`handle` for events that were not handled before. When it raises, the event is forgotten and may come again.

    Not for questions, which want an answer each time, and not for coroutine functions. For the records of a batch call
    it with each. A process that dies inside `handle` leaves the key noted: where that matters, note the key in the same
    transaction as the effect, as the README shows.
    """

    def handle_once(event: KnownEventT) -> None:
        if not store.add(event.dedupe_key):
            if on_duplicate is not None:
                on_duplicate(event)
            return
        try:
            handle(event)
        except BaseException:
            store.discard(event.dedupe_key)
            raise

    return handle_once
