"""Names of ours beside a batch's own columns."""

ALL = "all"


DAY = "__day__"
