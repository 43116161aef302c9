"""What an incident rests on: labels, a broken promise, or numbers that need none. Pure.

Read from what the decisions of its days were chosen by.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from monitoring_tasks.domain.decisions import FIRST_GUESS, FROM_LABELS, GROUNDS, ONSET
from monitoring_tasks.domain.evidence_keys import CHECK
from monitoring_tasks.domain.findings import LABEL_GATE, Kind, Measurement
from monitoring_tasks.domain.json_values import JsonObject

OF_LABELS = f"{CHECK}{LABEL_GATE}/"
"""How the key of a statement about labels begins; all others need none."""
MEASURED_ALWAYS = frozenset({Kind.DRIFT, Kind.OUTPUT, Kind.REPRODUCTION})
"""Kinds of numbers that moved which every day has, labels or not."""
REPRODUCED = f"{Kind.REPRODUCTION.value}/"
ABOUT_OUTPUTS = (REPRODUCED, f"{Kind.OUTPUT.value}/")
"""How the names of numbers begin that are about outputs, whatever the column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentBasis:
    """What the days of an incident were told by.

    Attributes:
        is_told_by_labels: Whether labels said on one of them that a promise is broken,
            or that a release is worse.
        moved: What moved or looked damaged on any of them and can be measured without
            labels; numbers as `name_of`, statements as `check/gate/name/column`.
        has_more: Whether any was told by something else: a broken promise, labels, an
            alias that is not followed.
        output_columns: The columns that come out of the model.
        is_guess: Whether its cause rests on a single day and was never confirmed.
    """

    is_told_by_labels: bool = False
    moved: frozenset[str] = frozenset()
    has_more: bool = True
    output_columns: frozenset[str] = frozenset()
    is_guess: bool = False

    @property
    def is_moved_alone(self) -> bool:
        """Whether it rests on nothing but what is measured without labels."""
        return bool(self.moved) and not (self.has_more or self.is_told_by_labels)

    @property
    def has_outputs(self) -> bool:
        """Whether something that comes out of the model moved or looked damaged."""
        return any(
            name.startswith(ABOUT_OUTPUTS) or _column_in(name) in self.output_columns
            for name in self.moved
        )

    @property
    def statements(self) -> frozenset[tuple[str, str]]:
        """What failed about its rows: statement and column, as `Check.about`."""
        checks = [name for name in self.moved if name.startswith(CHECK)]
        return frozenset((name.split("/", 3)[2], _column_in(name)) for name in checks)

    @property
    def is_not_reproduced(self) -> bool:
        """Whether outputs were not those of the version that the rows state."""
        return any(name.startswith(REPRODUCED) for name in self.moved)


UNKNOWN_BASIS = IncidentBasis()
"""Of an incident of which nobody said what it rests on: no number ends it."""


def basis_of(
    evidence: Iterable[JsonObject], *, output_columns: Collection[str]
) -> IncidentBasis:
    """Return what an incident rests on.

    Args:
        evidence: Of the decisions of its days; empty ones say nothing.
        output_columns: The columns that come out of the model.
    """
    days = [of_day for of_day in evidence if of_day]
    names = [_moved_in(of_day) for of_day in days]
    return IncidentBasis(
        is_told_by_labels=any(of_day.get(FROM_LABELS) for of_day in days),
        moved=frozenset(name for of_day in names for name in of_day or ()),
        # A day whose grounds were not kept may have had any.
        has_more=not names or any(name is None for name in names),
        output_columns=frozenset(output_columns),
        is_guess=bool(days) and all(of_day.get(FIRST_GUESS) for of_day in days),
    )


def name_of(number: Measurement) -> str:
    """Name a number whichever version and however many days it is of.

    Args:
        number: Any number of a day.
    """
    return "/".join(map(str, number.key[:-2]))


def _column_in(name: str) -> str:
    """Return the column of a number or a statement; empty where it has none."""
    if name.startswith(CHECK):
        return name.split("/", 3)[3]
    return name.split("/")[2]


def _moved_in(of_day: JsonObject) -> frozenset[str] | None:
    """Return what moved on a day, if that alone told of it; else None."""
    names = [_name_in(key) for key in of_day.get(GROUNDS) or ()]
    if of_day.get(ONSET) or not names or None in names:
        return None
    return frozenset(name for name in names if name)


def _name_in(key: str) -> str | None:
    """Return the name in a key of evidence; None where it is of another kind."""
    if key.startswith(CHECK):
        return None if key.startswith(OF_LABELS) else key
    # Behind the name: version and horizon, see `Measurement.key`.
    name, *others = key.rsplit("/", 2)
    kind = name.partition("/")[0]
    return name if others and kind in MEASURED_ALWAYS else None
