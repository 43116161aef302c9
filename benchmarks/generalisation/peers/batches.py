"""The files peers read: days with the labels known on the morning of each look."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

from benchmarks.generalisation.cases import Case
from benchmarks.generalisation.data.making import MadeWorld
from benchmarks.generalisation.data.schema import ARRIVED, Batch
from benchmarks.generalisation.delivery import Delivered
from benchmarks.generalisation.mornings import Morning, mornings_of
from benchmarks.judgement.deliver import write_joined, write_reference
from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.schedule import CronSchedule
from monitoring_tasks.domain.runs import run_instant
from monitoring_tasks.operations.drills.deliveries import Delivery

BATCH, LABELS, BOTH = "batch", "labels", "both"
"""Parts of the work: a new batch without labels, the labels that came, or both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFiles:
    """The days of a case, or of a world's history, as peers read them.

    Attributes:
        name: Name of the case or the world.
        reference: The joined reference rows of the version that serves.
        is_release: Whether that is the reference of the case alone.
        is_history: Whether nothing is wrong with the days.
        parts: By `BATCH`, `LABELS` and `BOTH`: mornings, each with its file.
    """

    name: str
    reference: Path
    is_release: bool
    is_history: bool
    parts: Mapping[str, Sequence[tuple[Morning, Path]]]


@dataclass(frozen=True)
class Writer:
    """Writes the files of one world.

    Attributes:
        made: The world.
        kept: Where its reference lies for all processes.
        folder: Where the days go.
    """

    made: MadeWorld
    kept: Path
    folder: Path

    @cached_property
    def contract(self) -> Contract:
        """Which column is what."""
        return Contract.model_validate(self.made.contract)

    def history(self) -> BatchFiles:
        """Write the days without any fault."""
        world = self.made.world
        mornings = mornings_of(world, world.history)
        parts = self._written(world.name, mornings, self.made.day)
        return BatchFiles(
            name=world.name,
            reference=self._reference(),
            is_release=False,
            is_history=True,
            parts=parts,
        )

    def case(self, case: Case) -> BatchFiles:
        """Write the faulty days of a case, and the reference of its release."""
        delivered = Delivered(case=case, made=self.made)
        first = delivered.days[0]
        mornings = [
            morning
            for morning in mornings_of(self.made.world, delivered.days)
            if morning.day >= first
        ]
        reference = self._reference()
        if delivered.release is not None:
            reference = self.folder / case.name / "reference.parquet"
            reference.parent.mkdir()
            write_reference(delivered.release[1], self.contract, reference)
        return BatchFiles(
            name=case.name,
            reference=reference,
            is_release=delivered.release is not None,
            is_history=False,
            parts=self._written(case.name, mornings, delivered.delivered),
        )

    def _reference(self) -> Path:
        path = self.kept / "reference.parquet"
        if not path.is_file():
            self.kept.mkdir(parents=True, exist_ok=True)
            write_reference(self.made.reference(), self.contract, path)
        return path

    def _written(
        self, name: str, mornings: Iterable[Morning], batch: Callable[[date], Batch]
    ) -> dict[str, list[tuple[Morning, Path]]]:
        parts: dict[str, list[tuple[Morning, Path]]] = {}
        # The labels of a day come up to a week after it was first looked at.
        batch = lru_cache(8)(batch)
        for morning in mornings:
            part = _part(morning)
            path = self.folder / name / part / f"{morning.day}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            delivery = known_at(batch(morning.day), self._as_of(morning.lived))
            write_joined(delivery, self.contract, path, day=morning.day)
            parts.setdefault(part, []).append((morning, path))
        return parts

    def _as_of(self, lived: date) -> pd.Timestamp:
        schedule = self.contract.schedule
        if not isinstance(schedule, CronSchedule):
            raise TypeError(f"{self.contract.model} is not judged at a time of day")
        zone = self.contract.timezone
        return pd.Timestamp(run_instant(lived, timezone=zone, cron=schedule.cron))


def known_at(batch: Batch, as_of: pd.Timestamp) -> Delivery:
    """Return a batch with the labels that had come by an instant."""
    labels = batch.labels[batch.labels[ARRIVED] <= as_of]
    return Delivery(predictions=batch.predictions, labels=labels)


def _part(morning: Morning) -> str:
    if morning.has_batch:
        return BOTH if morning.has_labels else BATCH
    return LABELS
