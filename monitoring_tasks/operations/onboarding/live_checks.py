"""A contract held against the world: sources, registry, reference, scoring, volume."""

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.texts import quoted_text
from monitoring_tasks.errors import MonitoringError
from monitoring_tasks.operations.onboarding.delivered import delivered_days, unit_now
from monitoring_tasks.operations.onboarding.live_labels import label_lines
from monitoring_tasks.operations.onboarding.live_lines import LiveLine, Status
from monitoring_tasks.operations.onboarding.live_rows import delivered_rows
from monitoring_tasks.operations.onboarding.live_version import (
    detection_lines,
    library_lines,
    reference_line,
    scoring_line,
)
from monitoring_tasks.validate.gates.prediction_gates import check_predictions
from monitoring_tasks.workspace.containment import is_from_rows
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.frozen_rows import versions_in
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    from monitoring_tasks.domain.units import Unit
    from monitoring_tasks.rows.delivery import Rows

logger = logging.getLogger(__name__)


def check_live(workspace: Workspace, model: str) -> list[LiveLine]:
    """Ask everything the contract of a model relies on; no day is judged.

    A thing that does not answer is a fault of its own, and the others are asked all
    the same.

    Args:
        workspace: The workspace.
        model: Registered model name.

    Returns:
        One line per thing, in the order in which a person would fix them.

    Raises:
        ConfigurationError: If no contract declares the model.
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
        """Yield the lines in the order in which a person would fix them."""
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
        said: dict[str, str] = {}
        for about, part in parts:
            try:
                yield from part()
            except MonitoringError as error:
                text = str(error)
                if text in said:
                    text = f"not checked, for the same reason as {said[text]}"
                said.setdefault(str(error), about)
                yield LiveLine(about=about, status="fault", text=text)
            except Exception as error:
                # A fault of the machine or of our own code is no answer about the rows.
                if not is_from_rows(error):
                    raise
                logger.exception("%s of %s could not be checked", about, self.model)
                said_by_error = quoted_text(" ".join(str(error).split()))
                text = (
                    f"could not be checked ({type(error).__name__}: {said_by_error}); "
                    "the log has the whole error; correct the rows and check again"
                )
                yield LiveLine(about=about, status="fault", text=text)

    def _registry(self) -> Iterator[LiveLine]:
        versions = self.workspace.versions(self.model)
        alias = self.contract.alias
        live = self.workspace.registry.alias_version(self.model, alias)
        # Without the alias the newest version stands in, so that the rest is checked.
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
        with delivered_rows(Day(self.workspace, self.unit)) as delivered:
            self.rows = delivered.rows
            verdict = check_predictions(
                delivered.batch.rows,
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
        text = f"{delivered.count} rows of {day}; {verdict.reason}"
        yield LiveLine(about="predictions", status=status, text=text)

    def _versions(self) -> Iterator[LiveLine]:
        if self.rows is None:
            return
        served = versions_in(self.rows.table, self.contract.columns.model_version)
        registered = {
            version.version for version in self.workspace.versions(self.model)
        }
        unknown = [version for version in served if version not in registered]
        if not unknown:
            text = f"the rows are of version {', '.join(served)}"
            yield LiveLine(about="versions", status="ok", text=text)
            return
        text = (
            f"the rows name {', '.join(unknown)[:80]}, the registry has "
            f"{', '.join(sorted(registered))[:80]}: let the scoring job log the "
            "registered version"
        )
        yield LiveLine(about="versions", status="fault", text=text)

    def _labels(self) -> Iterator[LiveLine]:
        newest = self.unit.day if self.unit and self.rows is not None else None
        return label_lines(self.workspace, self.model, newest)

    def _reference(self) -> Iterator[LiveLine]:
        if self.version:
            day = self.unit.day if self.unit else None
            yield reference_line(self.workspace, self.model, self.version, day=day)

    def _libraries(self) -> Iterator[LiveLine]:
        if self.version:
            yield from library_lines(self.workspace, self.model, self.version)

    def _scoring(self) -> Iterator[LiveLine]:
        if self.rows is not None and self.version:
            table = self.rows.table
            yield scoring_line(self.workspace, self.model, self.version, table)

    def _detection(self) -> Iterator[LiveLine]:
        if self.version:
            yield from detection_lines(self.workspace, self.model, self.version)
