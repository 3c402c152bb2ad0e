"""The golden frames, which the browser's tests read too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "wire"


def golden(name: str) -> Any:
    """Return the content of a golden file."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
