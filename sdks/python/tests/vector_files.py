"""Where the vectors are, which are shared by the SDKs of all languages."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3] / "test"

VECTORS = ROOT / "vectors" if (ROOT / "vectors" / "signatures.json").is_file() else None
"""The folder of the vectors; None outside of the repository."""

SMALL_VECTORS = ROOT / "golden" / "vectors" / "test" / "vectors"
"""The same for the small contracts of the tests."""
