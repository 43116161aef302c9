"""Protected groups."""

UNKNOWN = frozenset({"", "none", "null", "nan", "unknown"})
