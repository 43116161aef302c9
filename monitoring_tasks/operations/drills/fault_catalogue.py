"""The faults a drill knows: what each does, how large it is, and the right answer.

The right answers stand in `learn/right_answers.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.operations.drills import faults, model_faults
from monitoring_tasks.operations.drills.drills import RightAnswer
from monitoring_tasks.operations.drills.faults import Change, Delivery, Rescore, Terms
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
    """Give a day as the fault would have delivered it; the same seed, the same day.

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
    """Give the faults of these names, all of them if there is no name.

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
    return chosen if size is None else [replace(one, size=size) for one in chosen]


_ALL = (
    Fault(
        name="no_fault",
        about="nothing: the control of the experiment",
        change=faults.nothing,
        expected=QUIET,
    ),
    Fault(
        name="schema_break",
        about="so many features renamed",
        change=faults.schema_break,
        expected=DATA_AT_ONCE,
    ),
    Fault(
        name="unit_change",
        about="the most important number times the size (miles to kilometres)",
        change=faults.unit_change,
        expected=DATA,
        size=1.609,
        changes_scores=True,
    ),
    Fault(
        name="null_flood",
        about="the most important number missing on a share of the rows",
        change=faults.null_flood,
        expected=DATA_AT_ONCE,
        size=0.5,
        changes_scores=True,
    ),
    Fault(
        name="duplicate_rows",
        about="a share of the rows delivered twice",
        change=faults.duplicate_rows,
        expected=DATA_AT_ONCE,
        size=0.2,
    ),
    Fault(
        name="frozen_feature",
        about="the most important number the same on a share of the rows",
        change=faults.frozen_feature,
        expected=DATA,
        changes_scores=True,
    ),
    Fault(
        name="swapped_columns",
        about="the two most important numbers in each other's place",
        change=faults.swapped_columns,
        expected=DATA,
        changes_scores=True,
    ),
    Fault(
        name="timezone_shift",
        about="timestamps and hours so many hours late",
        change=faults.timezone_shift,
        expected=DATA,
        size=5.0,
        changes_scores=True,
    ),
    Fault(
        name="category_recode",
        about="categories of the most important text column as numbers",
        change=faults.category_recode,
        expected=DATA,
        changes_scores=True,
    ),
    Fault(
        name="partial_upstream_outage",
        about="all rows of a share of the categories missing",
        change=faults.partial_outage,
        expected=ROWS_MISSING,
        size=0.5,
    ),
    Fault(
        name="upstream_outage",
        about="the same categories missing in several models at once, such a share",
        change=faults.partial_outage,
        expected=COMMON,
        size=0.5,
        hits_several=True,
    ),
    Fault(
        name="volume_drop",
        about="a share of the rows missing",
        change=faults.volume_drop,
        expected=ROWS_MISSING,
        size=0.9,
    ),
    Fault(
        name="covariate_shift_harmless",
        about="the least important feature moved, by so many standard deviations",
        change=faults.covariate_shift,
        expected=QUIET,
    ),
    Fault(
        name="label_delay",
        about="no labels",
        change=model_faults.label_delay,
        expected=LATE_LABELS,
        needs_labels=True,
    ),
    Fault(
        name="label_flip",
        about="a share of the labels turned into their contrary",
        change=model_faults.label_flip,
        expected=WRONG_LABELS,
        size=0.4,
        needs_labels=True,
    ),
    Fault(
        name="concept_flip",
        about="a share of the labels dealt out anew, the inputs as they were",
        change=model_faults.concept_flip,
        expected=NEW_WORLD,
        needs_labels=True,
    ),
    Fault(
        name="biased_group",
        about="a share of one group's accepted rows refused",
        change=model_faults.biased_group,
        expected=UNFAIR_MODEL,
        size=0.5,
        needs_labels=True,
        unwatched=model_faults.is_fairness_unwatched,
    ),
    Fault(
        name="bad_release_mild",
        about="scores degraded until the AUC has fallen by so much",
        change=model_faults.bad_release,
        expected=MILDLY_WORSE,
        size=0.03,
        needs_labels=True,
    ),
    Fault(
        name="bad_release_gross",
        about="scores degraded until the AUC has fallen by so much",
        change=model_faults.bad_release,
        expected=WORSE_MODEL,
        size=0.3,
        needs_labels=True,
    ),
)
FAULTS: Mapping[str, Fault] = MappingProxyType({fault.name: fault for fault in _ALL})
"""Every fault by its name, the control first."""
