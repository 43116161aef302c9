"""The faults a drill knows: what each does, how large it is, and the right answer.

The right answers stand in `right_answers.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.drills import faults, model_faults, row_faults
from monitoring_tasks.operations.drills.deliveries import (
    Change,
    Delivery,
    Rescore,
    Terms,
)
from monitoring_tasks.operations.drills.grading import RightAnswer
from monitoring_tasks.operations.drills.right_answers import (
    COMMON,
    DATA,
    DATA_AT_ONCE,
    LATE_LABELS,
    MILDLY_WORSE,
    NEW_WORLD,
    QUIET,
    ROWS_MISSING,
    UNFAIR_MODEL,
    WORSE_MODEL,
    WRONG_LABELS,
)

if TYPE_CHECKING:
    import pandas as pd

ONSET = 3
"""The two days before are a control: an alarm on them is a false one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A known fault and the answer that is right.

    Attributes:
        name: Short name, as it is typed.
        about: What it does, and the unit of its size.
        change: Puts it into a day.
        expected: The right answer.
        size: How large it is; 1 where a size says nothing.
        onset: First faulty day of the drill, counted from 1.
        changes_scores: Whether the scores follow the changed inputs, so that the rows
            have to be scored again.
        needs_labels: Whether nothing but labels that are there in time can show it.
        hits_several: Whether it hits several models of one upstream at once.
        unwatched: Says why no objective of a contract could see it; empty where one
            could.
    """

    name: str
    about: str
    change: Change
    expected: RightAnswer
    size: float = 1.0
    onset: int = ONSET
    changes_scores: bool = False
    needs_labels: bool = False
    hits_several: bool = False
    unwatched: Callable[[Contract], str] = lambda _contract: ""


def inject(
    fault: Fault,
    delivery: Delivery,
    contract: Contract,
    *,
    example: "pd.DataFrame",
    seed: int,
    rescore: Rescore | None = None,
) -> Delivery:
    """Return a day as the fault would have delivered it; the same seed, the same day.

    Args:
        fault: What goes wrong.
        delivery: The healthy day. Not modified.
        contract: Says which column is what.
        example: Healthy rows, the same for all days of a drill; see `Terms`.
        seed: Where the chance starts; of the day and the fault.
        rescore: Scores changed inputs anew; None leaves the scores as they were.

    Raises:
        NotApplicableError: If the model's rows have nothing this fault could break.
    """
    terms = Terms(
        contract=contract,
        example=example,
        random=np.random.default_rng(seed),
        size=fault.size,
    )
    changed = fault.change(delivery, terms)
    if rescore is None or not fault.changes_scores:
        return changed
    return replace(changed, predictions=rescore(changed.predictions))


def choose(names: Sequence[str], *, size: float | None = None) -> list[Fault]:
    """Return the faults of these names, all of them if there is no name.

    Args:
        names: Short names.
        size: How large the faults are to be; None for each one's own size.

    Raises:
        ConfigurationError: If a name is unknown; the text names those there are.
    """
    unknown = [name for name in names if name not in FAULTS]
    if unknown:
        msg = f"no fault is called '{unknown[0]}'; there are: {', '.join(FAULTS)}"
        raise ConfigurationError(msg)
    chosen = [FAULTS[name] for name in names or FAULTS]
    return chosen if size is None else [replace(fault, size=size) for fault in chosen]


SCORED_AGAIN = frozenset(
    {
        "unit_change",
        "null_flood",
        "frozen_feature",
        "swapped_columns",
        "misjoined_feature",
        "timezone_shift",
        "category_recode",
    }
)
"""Faults whose scores follow the changed inputs."""
BY_LABELS = frozenset(
    {
        "label_delay",
        "label_flip",
        "concept_flip",
        "biased_group",
        "bad_release_mild",
        "bad_release_gross",
    }
)
"""Faults that nothing but labels that are there in time can show."""
ON_SEVERAL = frozenset(
    {
        "upstream_outage",
    }
)
"""Faults that hit several models of one upstream at once."""
UNWATCHED: Mapping[str, Callable[[Contract], str]] = MappingProxyType(
    {"biased_group": model_faults.is_fairness_unwatched}
)
"""Says of a fault why no objective of a contract could see it."""


def _watched(_contract: Contract) -> str:
    return ""


_Row = tuple[str, Change, float, RightAnswer, str]
_TABLE: tuple[_Row, ...] = (
    # Name, what puts it into a day, its size, the right answer; what it does.
    ("no_fault", faults.nothing, 1.0, QUIET,
     "nothing: the control of the experiment"),
    ("schema_break", faults.schema_break, 1.0, DATA_AT_ONCE,
     "so many features renamed"),
    ("unit_change", faults.unit_change, 1.609, DATA,
     "the most important number times the size (miles to kilometres)"),
    ("null_flood", faults.null_flood, 0.5, DATA_AT_ONCE,
     "the most important number missing on a share of the rows"),
    ("duplicate_rows", row_faults.duplicate_rows, 0.2, DATA_AT_ONCE,
     "a share of the rows delivered twice"),
    ("frozen_feature", faults.frozen_feature, 1.0, DATA,
     "the most important number the same on a share of the rows"),
    ("swapped_columns", faults.swapped_columns, 1.0, DATA,
     "the two most important numbers in each other's place"),
    ("misjoined_feature", faults.misjoined_feature, 1.0, DATA,
     "values of the most important feature on other rows, on a share of the rows"),
    ("timezone_shift", faults.timezone_shift, 5.0, DATA,
     "timestamps and hours so many hours late"),
    ("category_recode", faults.category_recode, 1.0, DATA,
     "categories of the most important text column as numbers"),
    ("partial_upstream_outage", row_faults.partial_outage, 0.5, ROWS_MISSING,
     "all rows of a share of the categories missing"),
    ("upstream_outage", row_faults.partial_outage, 0.5, COMMON,
     "the same categories missing in several models at once, such a share"),
    ("volume_drop", row_faults.volume_drop, 0.9, ROWS_MISSING,
     "a share of the rows missing"),
    ("covariate_shift_harmless", faults.covariate_shift, 1.0, QUIET,
     "the least important feature moved, by so many standard deviations"),
    ("label_delay", model_faults.label_delay, 1.0, LATE_LABELS,
     "no labels"),
    ("label_flip", model_faults.label_flip, 0.4, WRONG_LABELS,
     "a share of the labels turned into their contrary"),
    ("concept_flip", model_faults.concept_flip, 1.0, NEW_WORLD,
     "a share of the labels dealt out anew, the inputs as they were"),
    ("biased_group", model_faults.biased_group, 0.5, UNFAIR_MODEL,
     "a share of one group's accepted rows refused"),
    ("bad_release_mild", model_faults.bad_release, 0.03, MILDLY_WORSE,
     "scores degraded until the AUC has fallen by so much"),
    ("bad_release_gross", model_faults.bad_release, 0.3, WORSE_MODEL,
     "scores degraded until the AUC has fallen by so much"),
)  # fmt: skip
FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        name: Fault(
            name=name,
            about=about,
            change=change,
            expected=expected,
            size=size,
            changes_scores=name in SCORED_AGAIN,
            needs_labels=name in BY_LABELS,
            hits_several=name in ON_SEVERAL,
            unwatched=UNWATCHED.get(name, _watched),
        )
        for name, change, size, expected, about in _TABLE
    }
)
"""Every fault by its name, the control first."""
