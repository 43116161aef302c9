from collections import Counter

import typer

from monitoring_tasks.cli.app import app
from monitoring_tasks.operations.governance.controls import control_map
from monitoring_tasks.store.schema import METADATA
from tests.papers.test_lists import commands

ASKED_FOR = {
    "EU AI Act": {"12", "19(1), 26(6)", "26(5)", "72", "73"},
    "NIST AI RMF": {f"MANAGE {n}" for n in ("2.3", "2.4", "4.1", "4.2", "4.3")}
    | {"MEASURE 2.4", "MEASURE 3.1"},
    "SR 26-2 (predecessor SR 11-7)": set(),
    "ISO/IEC 42001": {"9.1", "10.2", "A.6.2.6", "A.6.2.8", "A.8.3", "A.8.4"},
}


def test_every_named_command_and_table_exists() -> None:
    """Whoever follows the map arrives; a row that serves nothing names nothing."""
    there = set(commands(typer.main.get_command(app)))
    for control in control_map():
        assert set(control.commands) <= there, control
        assert set(control.tables) <= set(METADATA.tables), control
        assert bool(control.commands) is bool(control.tables), control


def test_every_duty_is_there_and_says_what_is_not_covered() -> None:
    """No row claims that Daywatch does all of it; none stands there twice."""
    listed = control_map()
    assert all(control.not_covered and control.duty for control in listed)
    for framework, clauses in ASKED_FOR.items():
        of_it = {c.clause for c in listed if c.framework.startswith(framework)}
        assert of_it, framework
        assert clauses <= of_it, framework
    times = Counter((control.framework, control.clause) for control in listed)
    assert set(times.values()) == {1}
