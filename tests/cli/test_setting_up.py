"""`init`, `check`, `propose-suite`, `reference` and help, as a person meets them."""

import json
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml
from typer.core import TyperGroup
from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.commands import MODULES, load_command
from monitoring_tasks.cli.output import ExitCode
from monitoring_tasks.domain.windows import days_between
from tests.faults import children
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
COMMANDS = [
    name
    for name, module in MODULES.items()
    if not isinstance(load_command(name, module), TyperGroup)
]
ask = CliRunner().invoke


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_and_the_exit_codes(command: str) -> None:
    """Every command shows how it is used and what its exit codes mean."""
    result = ask(app, [command, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == ExitCode.DONE
    assert f"daywatch {command}" in result.output
    assert "Exit codes" in result.output


@pytest.mark.parametrize("problem", ["binary", "multiclass", "regression"])
def test_contract_of_init_waits_for_its_blanks(tmp_path: Path, problem: str) -> None:
    """Untouched it is refused line by line; filled in, it is sound."""
    made = ask(
        app, ["init", "churn", "--problem", problem, "--json", "--home", str(tmp_path)]
    )
    path = Path(json.loads(made.stdout)["contract"])
    assert yaml.safe_load(path.read_text())["problem"] == problem
    checked = ask(app, ["check", "--json", "--home", str(tmp_path)])
    assert checked.exit_code == ExitCode.FAULT
    faults = json.loads(checked.stdout)["checked"][str(path)]
    keys = [fault.split(": ")[1] for fault in faults]
    assert keys == ["owners", "sources.predictions.path", "sources.labels.path"]
    assert all(f"{path}:" in fault and "put yours in its place" in fault
               for fault in faults)  # fmt: skip
    text = path.read_text().replace("<your team>", "risk")
    text = text.replace("<your folder>", "scores").replace("<your label folder>", "old")
    path.write_text(text)
    checked = ask(app, ["check", "--offline", "--json", "--home", str(tmp_path)])
    assert (checked.exit_code, json.loads(checked.stdout)["faults"]) == (0, 0)


def test_no_contract_is_written_for_a_reference_that_cannot_be_read(
    tmp_path: Path,
) -> None:
    """Typed again with the right name, the command is to go through."""
    (tmp_path / "scores.csv").write_text("id,at\n1,2024-03-01T00:00:00Z\n")
    words = ["--predictions", str(tmp_path / "scores.csv"), "--home", str(tmp_path)]
    made = ask(app, ["init", "churn", *words, "--reference", "gone.parquet"])
    assert made.exit_code != ExitCode.DONE
    assert "gone.parquet: there is no such file" in made.output
    assert not (tmp_path / "expectations").exists()


def test_check_says_what_cannot_be_reached(tmp_path: Path) -> None:
    """A wrong folder, with its line; labels that have yet to come are a note."""
    path = tmp_path / "expectations" / "churn" / "monitor.yaml"
    ask(app, ["init", "churn", "--home", str(tmp_path)])
    day = tmp_path / "scores" / "day=2026-11-01"
    day.mkdir(parents=True)
    (day / "rows.parquet").write_bytes(b"")
    text = path.read_text().replace("<your team>", "risk")
    text = text.replace("<your label folder>", "scores")
    path.write_text(text.replace("<your folder>", "scoers"))
    result = ask(app, ["check", "--json", "--home", str(tmp_path)])
    assert result.exit_code == ExitCode.FAULT
    (fault,) = json.loads(result.stdout)["checked"][str(path)]
    assert fault.startswith(f"{path}:17: sources.predictions.path: there is no folder")
    assert fault.endswith("did you mean 'scores'?")
    path.write_text(text.replace("<your folder>", "scores"))
    result = ask(app, ["check", "--json", "--home", str(tmp_path)])
    assert result.exit_code == ExitCode.DONE
    text = text.replace('"scores/', '"truth/')
    path.write_text(text.replace("<your folder>", "scores"))
    result = ask(app, ["check", "--json", "--home", str(tmp_path)])
    assert result.exit_code == ExitCode.DONE
    (note,) = json.loads(result.stdout)["notes"][str(path)]
    assert note.startswith("sources.labels.path: there is no folder")


def test_init_never_overwrites(tmp_path: Path) -> None:
    """A contract that stands is left as it is."""
    path = tmp_path / "expectations" / "churn" / "monitor.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    result = ask(app, ["init", "churn", "--home", str(tmp_path)])
    assert (result.exit_code, path.read_text()) == (ExitCode.FAULT, "mine")
    assert "already exists" in result.stderr


def test_init_refuses_an_unknown_problem(tmp_path: Path) -> None:
    """The error names the problems there are."""
    result = ask(app, ["init", "churn", "--problem", "magic", "--home", str(tmp_path)])
    assert result.exit_code == ExitCode.FAULT
    assert "binary, multiclass, regression" in " ".join(result.stderr.split())


@pytest.mark.parametrize("model", ["a/../../b", "ü b", ""])
def test_init_refuses_a_name_no_model_may_have(tmp_path: Path, model: str) -> None:
    """A name that would lead out of the folder, or fail the check, writes nothing."""
    result = ask(app, ["init", model, "--home", str(tmp_path / "home")])
    assert result.exit_code in {ExitCode.FAULT, ExitCode.USAGE}
    assert list(tmp_path.rglob("monitor.yaml")) == []


@pytest.mark.parametrize(
    ("broken", "line", "said"),
    [
        pytest.param("tier: 9", 8, "tier", id="value"),
        pytest.param("teir: 1", 8, "unknown key", id="unknown key"),
        pytest.param("timezone: Mars/Base", 8, "IANA", id="time zone"),
        pytest.param("tier: [1", 10, "expected", id="not YAML"),
    ],
)
def test_check_names_file_line_key_and_remedy(
    tmp_path: Path, broken: str, line: int, said: str
) -> None:
    """A broken contract is named as `file:line: key: what and remedy`; exit 1."""
    path = tmp_path / "expectations" / "churn" / "monitor.yaml"
    ask(app, ["init", "churn", "--home", str(tmp_path)])
    kept = [
        text
        for text in path.read_text().splitlines()
        if not text.startswith(("tier:", "timezone:"))
    ]
    path.write_text("\n".join([*kept[:7], broken, *kept[7:]]))
    result = ask(app, ["check", "--json", "--home", str(tmp_path)])
    assert result.exit_code == ExitCode.FAULT
    (fault,) = json.loads(result.stdout)["checked"][str(path)]
    assert fault.startswith(f"{path}:{line}: ")
    assert said in fault
    plain = ask(app, ["check", "--home", str(tmp_path)])
    assert (plain.exit_code, fault[-20:] in plain.stdout) == (1, True)


def test_check_without_a_contract_says_how_to_make_one(tmp_path: Path) -> None:
    """An empty workspace is not a good one."""
    result = ask(app, ["check", "--home", str(tmp_path)])
    assert result.exit_code == ExitCode.FAULT
    assert "daywatch init" in " ".join(result.stderr.split())


def test_check_prints_the_schema() -> None:
    """The contract's JSON Schema is complete enough for an editor."""
    schema = json.loads(ask(app, ["check", "--schema"]).stdout)
    assert {"model", "sources", "columns"} <= set(schema["required"])


def test_setting_that_is_unknown_is_named(tmp_path: Path) -> None:
    """A misspelt setting is refused by name, in any command."""
    (tmp_path / "daywatch.yaml").write_text("registry_uri: x\n")
    result = ask(app, ["status", "--home", str(tmp_path)])
    assert result.exit_code == ExitCode.FAULT
    assert "registry_uri" in result.stderr


def test_proposed_suite_is_written_and_passes_check(home: Path) -> None:
    """A suite drafted from judged days is sound, and the days it saw still pass."""
    first, last = (day.isoformat() for day in world.HISTORY)
    span = ["--from", first, "--to", last]
    early = ask(app, ["propose-suite", "loan", *span])
    assert early.exit_code == ExitCode.FAULT
    assert "daywatch backfill" in " ".join(early.stderr.split())
    assert ask(app, ["backfill", "loan", *span, "--json"]).exit_code == 0
    drafted = json.loads(ask(app, ["propose-suite", "loan", *span]).stdout)
    written = ask(app, ["propose-suite", "loan", *span, "--write"])
    assert written.exit_code == ExitCode.DONE
    path = home / "expectations" / "loan" / "predictions.json"
    assert json.loads(path.read_text()) == drafted
    checked = ask(app, ["check", "--json"])
    assert (checked.exit_code, json.loads(checked.stdout)["faults"]) == (0, 0)
    (row,) = worlds.run(home, world.HISTORY[0])
    assert row.data_verdict == "ok"


def test_reference_is_logged_beside_the_version(home: Path) -> None:
    """A reference made by hand is what the version is held against from then on."""
    days = [
        pd.read_parquet(world.part(home, "predictions", day)).merge(
            pd.read_parquet(world.part(home, "labels", day)), on="id"
        )
        for day in days_between(*world.HISTORY)
    ]
    path = home / "reference.parquet"
    pd.concat(days).to_parquet(path)
    words = ["reference", "loan", "--rows", str(path), "--version", "2",
             "--trained-until", "2024-02-29", "--json"]  # fmt: skip
    refused = ask(app, words)
    assert refused.exit_code == ExitCode.FAULT
    why = " ".join(refused.stderr.split())
    assert "has a reference of" in why
    assert "--replace puts these 3200 rows on 8 days in its place, 3200 with" in why
    made = ask(app, [*words, "--replace"])
    found = json.loads(made.stdout)
    assert (found["days"], found["baseline_days"], found["rows_a_day"]) == (8, 8, 400)
    assert "no baseline of the data: 8 days" in found["warnings"][0]
    assert (made.exit_code, found["rows"]) == (0, 8 * world.ROWS)
    assert found["first_day"] == world.HISTORY[0].isoformat()


def test_command_is_a_real_process() -> None:
    """`daywatch --version` runs as installed."""
    code = "from monitoring_tasks.cli.app import app; app(['--version'])"
    done, written = children.finish(children.start(Path.cwd(), code))
    assert (done, written.startswith("daywatch ")) == (0, True), written
    assert sys.executable


def test_check_tries_suites_on_the_reference(home: Path) -> None:
    """Bounds that no day of the reference meets are refused."""
    path = home / "expectations" / "loan" / "predictions.json"
    kwargs = {"column": "amount", "max_value": -1000}
    kind = "expect_column_values_to_be_between"
    path.write_text(json.dumps({"expectations": [{"type": kind, "kwargs": kwargs}]}))
    checked = ask(app, ["check", "--json"])
    (fault,) = json.loads(checked.stdout)["checked"][str(path)]
    assert checked.exit_code == ExitCode.FAULT
    assert fault.startswith(f"{path}: {kind} on 'amount' fails on every day of the")
