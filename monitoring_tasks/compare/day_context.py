"""What the numbers of a day are judged in the light of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from monitoring_tasks.compare.pooled_numbers import NumberKey
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.reference import ReferenceProfile
from monitoring_tasks.domain.trust import DatedNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class DayContext:
    """What the numbers of a day are judged in the light of.

    Attributes:
        day: The calendar day.
        contract: The model's contract.
        references: Reference profile by version; a version may lack one.
        label_coverage: Share of the day's rows whose label is known, by version.
        recent: Numbers of the days just before that the day's are pooled with, by what
            they are about.
        stray_labels: What is the matter with labels that came and fit no prediction, in
            words; empty where nothing is.
    """

    day: date
    contract: Contract
    references: Mapping[str, ReferenceProfile]
    label_coverage: Mapping[str, float]
    recent: Mapping[NumberKey, Sequence[DatedNumber]] = field(default_factory=dict)
    stray_labels: str = ""
