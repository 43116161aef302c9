"""Every contract and suite of a workspace, checked: what to fix, what to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.files import (
    FILE_NAME,
    contract_files,
    load_contract,
    located,
)
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.extract.reachability import unreachable
from monitoring_tasks.operations.checks.alias_checks import check_alias
from monitoring_tasks.operations.checks.channel_checks import check_channels
from monitoring_tasks.operations.checks.delay_checks import check_label_delay
from monitoring_tasks.operations.checks.limit_noise_checks import check_limits
from monitoring_tasks.operations.checks.playbook_checks import check_playbooks
from monitoring_tasks.operations.checks.scoring_checks import check_scoring
from monitoring_tasks.operations.checks.segment_checks import check_segments
from monitoring_tasks.operations.checks.suite_checks import check_suites
from monitoring_tasks.operations.onboarding.live_checks import check_live
from monitoring_tasks.operations.onboarding.live_lines import LiveLine
from monitoring_tasks.validate.suites.suite_files import check_suite, load_suite
from monitoring_tasks.workspace.workspace import Workspace

CHECKS = (
    check_limits,
    check_alias,
    check_label_delay,
    check_scoring,
    check_segments,
    check_channels,
)
"""What a sound contract is held against; each returns faults and notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found out about the files of a workspace.

    Attributes:
        faults: File -> what has to be fixed; empty for a sound one.
        notes: File -> what is worth knowing.
        evaluated_by: File of a sound suite -> `expectation`, `columns` and who counts
            it, `engine` or `Great Expectations`.
        live: Model -> what sources, registry and scoring answered, where asked.
    """

    faults: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    evaluated_by: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    live: Mapping[str, list[LiveLine]] = field(default_factory=dict)

    def sound(self) -> list[Path]:
        """List the sound files of those that were read."""
        return [Path(path) for path, faults in self.faults.items() if not faults]

    def sound_contracts(self) -> list[Path]:
        """List the sound contracts."""
        return [path for path in self.sound() if path.name == FILE_NAME]

    def note(self, path: Path, text: str) -> None:
        """Add a note on a file.

        Args:
            path: File of a contract or suite.
            text: One sentence.
        """
        self.notes.setdefault(str(path), []).append(text)


def check_workspace(
    workspace: Workspace, *, live: bool = False, offline: bool = False
) -> Checked:
    """Check every contract and suite; names file, line, key and remedy.

    Args:
        workspace: The workspace.
        live: Whether sources, registry and scoring are asked as well.
        offline: Whether nobody is asked whether sources can be reached.

    Raises:
        ConfigurationError: If there are no contracts.
    """
    checked = _read_all(workspace.settings.expectations)
    contracts = checked.sound_contracts()
    for path in contracts:
        for slo in load_contract(path).contract.slos:
            if slo.note:
                checked.note(path, slo.note)
    for path in contracts:
        _hold_against_store(workspace, path, checked)
    # Live checks read the sources, which tells more than that they can be reached.
    if live:
        models = [path.parent.name for path in checked.sound_contracts()]
        answers = {model: check_live(workspace, model) for model in models}
        return replace(checked, live=answers)
    if not offline:
        for path in contracts:
            _reach_sources(path, checked, home=workspace.settings.home)
    return checked


def _read_all(folder: Path) -> Checked:
    files = contract_files(folder)
    if not files:
        msg = f"{folder}: there are no contracts; `daywatch init MODEL` makes one"
        raise ConfigurationError(msg)
    checked = Checked()
    for path in files:
        try:
            loaded = load_contract(path)
        except ConfigurationError as error:
            checked.faults[str(path)] = str(error).splitlines()
            continue
        checked.faults[str(path)] = []
        for suite in sorted(path.parent.glob("*.json")):
            _read_suite(suite, loaded.contract, checked)
    return checked


def _read_suite(path: Path, contract: Contract, checked: Checked) -> None:
    """Add what is wrong with a suite, or who counts each of its expectations."""
    faults = checked.faults[str(path)] = check_suite(path, contract)
    if not faults:
        checked.evaluated_by[str(path)] = [
            {
                "expectation": statement.kind,
                "columns": ", ".join(statement.columns),
                "by": statement.evaluated_by,
            }
            for statement in load_suite(path, contract)
        ]


def _hold_against_store(workspace: Workspace, path: Path, checked: Checked) -> None:
    """Add what is wrong with a sound contract beside its data, and with its suites."""
    model = path.parent.name
    for check in CHECKS:
        faults, notes = check(workspace, model)
        checked.faults[str(path)] += [f"{path}: {fault}" for fault in faults]
        for note in notes:
            checked.note(path, note)
    for playbook, faults in check_playbooks(workspace, model).items():
        checked.faults[str(playbook)] = faults
    for suite, trial in check_suites(workspace, model).items():
        # A suite with faults of its own was not tried as it stands.
        if checked.faults.get(str(suite)) == []:
            checked.faults[str(suite)] += [f"{suite}: {f}" for f in trial.faults]
            for note in trial.notes:
                checked.note(suite, note)


def _reach_sources(path: Path, checked: Checked, *, home: Path) -> None:
    """Add sources of a sound contract that cannot be reached, or hold nothing yet."""
    for source in unreachable(load_contract(path).contract, home=home):
        if source.may_come:
            checked.note(path, f"{source.key}: {source.why}")
            continue
        where = located(path, *source.key.split("."))
        checked.faults[str(path)].append(f"{where}: {source.why}")
