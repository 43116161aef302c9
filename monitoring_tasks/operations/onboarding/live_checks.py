"""A contract held against the world: sources, registry, reference, scoring, volume."""

import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.partitions import PartitionKind
from monitoring_tasks.domain.texts import quoted_text
from monitoring_tasks.errors import MonitoringError, NoDataError
from monitoring_tasks.extract.step import read_rows
from monitoring_tasks.operations.onboarding.detectable import detectable
from monitoring_tasks.operations.onboarding.first_reference import (
    delivered_days,
    unit_now,
)
from monitoring_tasks.store.flavours import libraries_named, try_flavours
from monitoring_tasks.validate import checks
from monitoring_tasks.workspace.containment import is_from_rows
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.frozen_rows import versions_in, with_labels
from monitoring_tasks.workspace.scoring_again import Rescorer
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    from monitoring_tasks.domain.units import Unit
    from monitoring_tasks.rows.delivery import Rows

logger = logging.getLogger(__name__)
Status = Literal["ok", "warn", "fault"]
SCORED_ROWS = 200
OLD_REFERENCE_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLine:
    """What was found of one thing a contract relies on.

    Attributes:
        about: The thing.
        status: `ok`, `warn` or `fault`.
        text: What was found, and what to do about it.
    """

    about: str
    status: Status
    text: str

    def as_plain(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return asdict(self)


def check_live(workspace: Workspace, model: str) -> list[LiveLine]:
    """Ask everything the contract of a model relies on; no day is judged.

    A thing that does not answer is a fault of its own, and the others are asked all
    the same.
    """
    return list(_Live(workspace, model).lines())


class _Live:
    """One look at everything; what was read once is used by the later lines."""

    def __init__(self, workspace: Workspace, model: str) -> None:
        self.workspace, self.model = workspace, model
        self.contract = workspace.contract(model)
        self.unit: Unit | None = None
        self.rows: Rows | None = None
        self.version = ""

    def lines(self) -> Iterator[LiveLine]:
        """Yield the lines in the order in which a person would mend them."""
        parts: tuple[tuple[str, Callable[[], Iterator[LiveLine]]], ...] = (
            ("registry", self._registry),
            ("predictions", self._predictions),
            ("versions", self._versions),
            ("labels", self._labels),
            ("reference", self._reference),
            ("libraries", self._libraries),
            ("scoring", self._scoring),
            ("detection", self._detection),
        )
        for about, part in parts:
            try:
                yield from part()
            except MonitoringError as error:
                yield LiveLine(about=about, status="fault", text=str(error))
            except Exception as error:
                if not is_from_rows(error):
                    raise
                logger.exception("%s of %s could not be looked at", about, self.model)
                what = quoted_text(" ".join(str(error).split()))
                text = (
                    f"not to be looked at ({type(error).__name__}: {what}); the log "
                    "has the whole error; correct the rows and check again"
                )
                yield LiveLine(about=about, status="fault", text=text)

    def _registry(self) -> Iterator[LiveLine]:
        versions = self.workspace.versions(self.model)
        alias = self.contract.alias
        live = self.workspace.registry.alias_version(self.model, alias)
        self.version = live or (versions[0].version if versions else "")
        text = f"{len(versions)} versions, '{alias}' is version {live}"
        if live is None:
            names = ", ".join(version.version for version in versions[:5])
            text = (
                f"no alias '{alias}' on any of the versions ({names}): set it on the "
                "one that serves, or name another in `alias`"
            )
        yield LiveLine(about="registry", status="ok" if live else "fault", text=text)

    def _predictions(self) -> Iterator[LiveLine]:
        day = delivered_days(self.workspace, self.model)[-1]
        self.unit = unit_now(self.workspace, self.model, day)
        delivered = Day(self.workspace, self.unit)
        self.rows = read_rows(delivered, PartitionKind.PREDICTIONS)
        verdict = checks.check_predictions(
            self.rows.table,
            contract=self.contract,
            suite=self.workspace.suite(self.model, "predictions"),
            known_versions=frozenset(
                version.version for version in self.workspace.versions(self.model)
            ),
            other_days=self.rows.other_days,
        )
        status: Status = "fault"
        if verdict.is_fit:
            status = "ok" if verdict.verdict is Verdict.OK else "warn"
        text = f"{self.rows.table.num_rows} rows of {day}; {verdict.reason}"
        yield LiveLine(about="predictions", status=status, text=text)

    def _versions(self) -> Iterator[LiveLine]:
        if self.rows is None:
            return
        served = versions_in(self.rows.table, self.contract.columns.model_version)
        known = {version.version for version in self.workspace.versions(self.model)}
        unknown = [version for version in served if version not in known]
        if not unknown:
            text = f"the rows are of version {', '.join(served)}"
            yield LiveLine(about="versions", status="ok", text=text)
            return
        text = (
            f"the rows name {', '.join(unknown)[:80]}, the registry has "
            f"{', '.join(sorted(known))[:80]}: let the scoring job log the registered "
            "version"
        )
        yield LiveLine(about="versions", status="fault", text=text)

    def _labels(self) -> Iterator[LiveLine]:
        timing = self.contract.policy.labels
        if timing.never_come:
            text = "none are waited for (policy.labels.delay_days: never)"
            yield LiveLine(about="labels", status="ok", text=text)
            return
        if self.rows is None or self.unit is None:
            return
        back = int(timing.delay_days or 0)
        days = [d for d in delivered_days(self.workspace, self.model)
                if d <= self.unit.day - timedelta(days=back)][-3:]  # fmt: skip
        looks = [look for day in days if (look := self._joined(day)) is not None]
        if not looks:
            text = (
                f"no labels of {', '.join(map(str, days)) or 'any day'}: check "
                "sources.labels (files named by the day of arrival: `*` in place of "
                "{day}) and policy.labels.delay_days, or say `never`"
            )
            yield LiveLine(about="labels", status="warn", text=text)
            return
        yield self._matched(*looks[-1])

    def _matched(self, day: date, rows: int, joined: int, lost: str) -> LiveLine:
        """Say how many rows of a day have a label, and why others have none."""
        share, needed = joined / rows, self.contract.policy.label_coverage
        text = f"{joined} of {rows} rows of {day} have a label, by '{self._id}'"
        if lost:
            text += f"; {lost}"
        elif not joined:
            text += (
                ": the ids do not fit; compare how both write them, and whether files "
                "of labels are named by the day of arrival (`*` in place of {day})"
            )
        elif share < needed:
            text += (
                f", fewer than policy.label_coverage ({needed:.0%}): raise the delay"
            )
        status: Status = "warn" if joined else "fault"
        if share >= needed and not lost:
            status = "ok"
        return LiveLine(about="labels", status=status, text=text)

    @property
    def _id(self) -> str:
        return self.contract.columns.id

    def _joined(self, day: date) -> tuple[date, int, int, str] | None:
        """Return rows, those with a label, why labels are lost; None without any."""
        delivered = Day(self.workspace, unit_now(self.workspace, self.model, day))
        try:
            rows = read_rows(delivered, PartitionKind.PREDICTIONS).table
            labels = read_rows(delivered, PartitionKind.LABELS).table
        except NoDataError:
            return None
        counts = with_labels(self.contract, rows, labels)[1]
        return day, rows.num_rows, counts.joined, counts.remark

    def _reference(self) -> Iterator[LiveLine]:
        if not self.version:
            return
        reference = self.workspace.reference(self.model, self.version)
        if reference is None:
            text = (
                f"version {self.version} has none: `daywatch try {self.model}` makes "
                "one of its first days, `daywatch reference` of held-out rows"
            )
            yield LiveLine(about="reference", status="warn", text=text)
            return
        text = (
            f"version {self.version}: {reference.profile.rows} rows, "
            f"{reference.first_day} to {reference.last_day}"
        )
        status: Status = "ok"
        needed = self.contract.policy.min_reference_days
        if reference.baseline is None or reference.baseline.days < needed:
            few = reference.baseline.days if reference.baseline else 0
            status = "warn"
            text += (
                f"; no baseline of the data: {few} days of policy.min_rows rows, "
                f"{needed} are needed"
            )
        if self.unit is not None:
            age = (self.unit.day - reference.last_day).days
            if age > OLD_REFERENCE_DAYS:
                status, text = "warn", f"{text}; it is {age} days old"
        yield LiveLine(about="reference", status=status, text=text)

    def _libraries(self) -> Iterator[LiveLine]:
        if not self.version:
            return
        named = libraries_named(
            self.workspace.artifacts.folder(self.model, self.version)
        )
        python = self.contract.response.scoring.python
        tried = try_flavours(named, python=python or sys.executable)
        faults = [fault for fault in tried.values() if fault]
        where = f" in {python} (response.scoring.python)" if python else ""
        for fault in faults:
            yield LiveLine(about="libraries", status="fault", text=f"{fault}{where}")
        if tried and not faults:
            text = (
                f"{', '.join(tried)}: a pipeline is fitted and scored as installed"
                f"{where}"
            )
            yield LiveLine(about="libraries", status="ok", text=text)

    def _scoring(self) -> Iterator[LiveLine]:
        if self.rows is None or not self.version:
            return
        table = self.rows.table
        served = table[self.contract.columns.model_version].cast("string")
        frame = table.to_pandas()[
            [value == self.version for value in served.to_pylist()]
        ].head(SCORED_ROWS)
        if frame.empty:
            text = f"no row of the day is of version {self.version}; not tried"
            yield LiveLine(about="scoring", status="warn", text=text)
            return
        with tempfile.TemporaryDirectory(prefix="daywatch-") as scratch:
            rescorer = Rescorer(
                workspace=self.workspace,
                model=self.model,
                version=self.version,
                example=frame,
                folder=Path(scratch),
            )
            rescorer.rescore(frame)
        if rescorer.remark:
            text = f"{rescorer.remark}; versions cannot be compared or proven better"
            yield LiveLine(about="scoring", status="warn", text=text)
            return
        text = (
            f"version {self.version} gives what was logged for {len(frame)} rows, in a "
            "process of its own"
        )
        yield LiveLine(about="scoring", status="ok", text=text)

    def _detection(self) -> Iterator[LiveLine]:
        reference = (
            self.workspace.reference(self.model, self.version) if self.version else None
        )
        if reference is None:
            return
        for objective in self.contract.objectives:
            shown = detectable(objective, reference, self.contract.policy)
            if shown:
                yield LiveLine(about="detection", status=shown.status, text=shown.text)


def is_faulty(lines: list[LiveLine]) -> bool:
    """Whether something has to be mended."""
    return any(line.status == "fault" for line in lines)
