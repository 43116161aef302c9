"""Tests lie where the module lies: `tests/<folder>/test_<module>.py`.

A folder of tests without a folder of that name in the package holds what crosses
modules: stories (`scenarios`), faults, simulations, `integration`, DAGs.
"""

from pathlib import Path

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "monitoring_tasks"
EXCEPTIONS = {
    "cli/test_days.py": "the commands on a judged day, in one story",
    "cli/test_deciding.py": "how commands name the horizon that decided",
    "cli/test_eighty_columns.py": "every table at the width of a terminal",
    "compare/test_bias.py": "one kind of number through `judge`",
    "compare/test_domain_classifier.py": "one kind of number through `judge`",
    "compare/test_prediction_drift.py": "one kind of number through `judge`",
    "decide/test_cause_limits.py": "limits of the causes, at their edges",
    "estimate/test_counting_bounds.py": "what counting keeps of rows that have no end",
    "estimate/test_domain_classifier.py": "one kind of number through `rowwise`",
    "estimate/test_fairness_days.py": "fairness on days of real people",
    "estimate/test_formulas.py": "every metric has its formula",
    "estimate/test_group_rows.py": "the fewest rows of a group, at the edge",
    "estimate/test_parity_drift.py": "beside NannyML's numbers",
    "estimate/test_parity_flights.py": "beside NannyML's numbers",
    "estimate/test_parity_performance.py": "beside NannyML's numbers",
    "estimate/test_parity_realized.py": "beside NannyML's numbers",
    "operations/onboarding/test_guesses.py": "what is guessed of columns, in one table",
    "operations/onboarding/test_onboarding.py": "from rows to a contract, in one story",
    "report/test_bounds.py": "pages of a model that has too much of everything",
    "report/test_drawing_texts.py": "texts of all charts",
    "report/test_drift_effects.py": "one section of the page",
    "report/test_labels.py": "one section of the page",
    "report/test_layout.py": "the page as a browser sees it",
    "report/test_slos_section.py": "one section of the page",
    "respond/test_action_age.py": "how old a day may be, through plan and step",
    "respond/test_guard_limits.py": "limits of the guards, at their edges",
    "respond/test_rollback_answers.py": "the states of a rollback, from end to end",
    "respond/test_rollback_killed.py": "the states of a rollback, from end to end",
    "respond/test_rollback_machine.py": "the states of a rollback, from end to end",
    "respond/test_rollback_newer.py": "the states of a rollback, from end to end",
    "respond/test_rollback_registry.py": "the states of a rollback, from end to end",
    "store/test_hostile_versions.py": "versions that harm who scores with them",
    "store/test_migrations.py": "the folder of that name",
    "store/test_scored_flavours.py": "every flavour of model is scored",
    "validate/test_limits.py": "what baseline and gate call unusual",
    "validate/test_outputs.py": "a model's own outputs at the gate",
    "workspace/test_day_is_read_once.py": "each part of a `Day` is read once",
}


def strays() -> set[str]:
    """Return the test files, under a folder of the package, that name no module."""
    paths = [path.relative_to(TESTS) for path in TESTS.glob("*/**/test_*.py")]
    mirrored = [path for path in paths if (PACKAGE / path.parts[0]).is_dir()]
    return {
        path.as_posix()
        for path in mirrored
        if not (
            PACKAGE / path.parent / f"{path.stem.removeprefix('test_')}.py"
        ).exists()
    }


def test_tests_lie_where_the_module_lies() -> None:
    """A test file names its module, or the table says what it is about."""
    assert strays() - EXCEPTIONS.keys() == set()


def test_no_exception_is_left_over() -> None:
    """What was moved or named anew leaves the table."""
    assert EXCEPTIONS.keys() - strays() == set()
