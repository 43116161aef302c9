"""Which segments of a day a reader wants: few need the counts of thousands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSelection:
    """Some segments by name, and every segment of some columns.

    Attributes:
        names: `all` for the whole day, or `column=value`.
        columns: Columns every value of which is wanted.
    """

    names: frozenset[str] = frozenset({"all"})
    columns: frozenset[str] = frozenset()

    def holds(self, segment: str) -> bool:
        """Whether a segment is wanted."""
        return segment in self.names or segment.partition("=")[0] in self.columns


WHOLE_DAY = SegmentSelection()
"""The day as a whole, and none of its segments."""
