"""A part of a list: so many lines from the first on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page of a list.

    Attributes:
        rows: How many there are on a page, >= 1.
        number: Which page, from 1.
    """

    rows: int
    number: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no page.

        Raises:
            ValueError: If it has no rows, or comes before the first.
        """
        if self.rows < 1 or self.number < 1:
            msg = f"page {self.number} of {self.rows} rows: both begin at 1"
            raise ValueError(msg)

    @property
    def offset(self) -> int:
        """How many rows come before it.

        >>> ListPage(rows=50, number=3).offset
        100
        """
        return self.rows * (self.number - 1)
