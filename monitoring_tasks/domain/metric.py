"""What is known of a number: its problems, direction, range and unit."""

import math
from dataclasses import dataclass

from monitoring_tasks.domain.direction import Better
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What is known of a number.

    Attributes:
        kind: What it is measured from.
        name: Its name; of a family (`is_family`) what the names begin with.
        problems: The problems it is measured for.
        better: In which direction it is better.
        low: Smallest value it can have.
        high: Largest value it can have.
        unit: Of its values: empty for none, `label`, `seconds`, `rows` or `value`.
        label_free: Whether it is known before labels are.
        per_group: Of fairness: whether it is of one group rather than between groups.
        compares: The problems whose versions may be compared by it.
        from_scores: Whether scores are read for it, not predictions.
        is_rank: Whether only the order of the scores counts for it.
        no_skill: Its value for scores that know nothing; None where that depends.
        is_family: Whether there is one a class, named `<name><class>`.
        in_percent: Whether people read it in percent.
    """

    kind: Kind
    name: str
    problems: tuple[Problem, ...] = tuple(Problem)
    better: Better
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    label_free: bool = False
    per_group: bool = False
    compares: tuple[Problem, ...] = ()
    from_scores: bool = False
    is_rank: bool = False
    no_skill: float | None = None
    is_family: bool = False
    in_percent: bool = False

    def within(self, value: float) -> float:
        """Return a value kept within the metric's range."""
        return min(max(value, self.low), self.high)

    @property
    def range_text(self) -> str:
        """The range in words: `0 to 1`, `0 or more`, `any number`."""
        if math.isinf(self.low):
            return "any number"
        if math.isinf(self.high):
            return f"{self.low:g} or more"
        return f"{self.low:g} to {self.high:g}"
