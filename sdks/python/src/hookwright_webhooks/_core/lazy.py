"""Classes that are imported when they are first asked for (PEP 562), so that importing a contract costs little."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any


def names_of(package: str, modules: Sequence[str]) -> Callable[[str], Any]:
    """A module's `__getattr__` that looks a name up in the package's modules, and keeps it there."""

    def lookup(name: str) -> Any:
        if not name.startswith("_") and name not in modules:
            for module in modules:
                found = getattr(importlib.import_module(f"{package}.{module}"), name, None)
                if found is not None:
                    setattr(importlib.import_module(package), name, found)
                    return found
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return lookup
