"""One fault in several models on the same days: one trouble, and one call is enough.

And the same fault in one model alone, for which nobody may blame what all share.
"""

from dataclasses import dataclass
from datetime import date

from benchmarks.judgement.airports import NAME, WORLDS
from benchmarks.judgement.cases import Case, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCase:
    """One fault in some models of the fleet on the same days.

    Attributes:
        fault: Name in the catalogue or among the held-out ones.
        size: How large the fault is, in its own unit.
        onset: First faulty day.
        hit: Worlds that are hit; more than one: of a common cause.
        count: How many days.
    """

    fault: str
    size: float
    onset: date
    hit: tuple[str, ...]
    count: int = 2

    @property
    def name(self) -> str:
        """A name that is fit for a file."""
        return f"{NAME}-{len(self.hit)}-{self.fault}-{self.size:g}-{self.onset}"

    @property
    def is_common(self) -> bool:
        """Whether one cause is behind more than one model."""
        return len(self.hit) > 1

    @property
    def parts(self) -> list[Case]:
        """The case as each hit model sees it."""
        return [
            Case(
                world=world,
                kind=Kind.DATA,
                fault=self.fault,
                size=self.size,
                onset=self.onset,
                count=self.count,
                is_gross=True,
            )
            for world in self.hit
        ]


_FAULTS = (("partial_upstream_outage", 0.5), ("volume_drop", 0.9), ("no_weather", 0.7))
_ONSETS = (date(2013, 9, 4), date(2013, 9, 14))
FLEET_CASES: tuple[FleetCase, ...] = tuple(
    FleetCase(fault=fault, size=size, onset=onset, hit=hit)
    for hit in (tuple(WORLDS), tuple(WORLDS)[1:2])
    for fault, size in _FAULTS
    for onset in _ONSETS
)
"""All of them are evaluation: later than anything that was tuned on."""
