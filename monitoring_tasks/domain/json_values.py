"""Values as JSON holds them: what is stored, hashed or sent."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeAlias

JsonObject: TypeAlias = Mapping[str, Any]
"""A document at a border: read from JSON, or about to be written as it.

What travels through the code has a type of its own; this is for what is only kept.
"""


def plain_json(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Return a value as it comes back from JSON; dates and instants become ISO text."""
    return json.loads(json.dumps(value, default=str))


def hash_json(value: object) -> str:
    """Return the SHA-256 of a value as canonical JSON; dates as ISO text."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
