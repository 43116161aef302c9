"""`run`, `backfill`, `status`, `show`, `incidents`, `report`, `rollback`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.workspace.workspace import open_workspace
from tests.faults import children
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.HISTORY[0].isoformat()
BAD_DAY = worlds.CONFIRMED.isoformat()
REASON = "version 3 reads its inputs wrong"


def ask(*words: str) -> Result:
    """Type a command."""
    return CliRunner().invoke(app, list(words))


def parsed(*words: str, code: int = ExitCode.DONE) -> Any:  # noqa: ANN401 (JSON)
    """Type a command with --json; give what it prints."""
    result = ask(*words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_run_is_a_dry_run_unless_told(home: Path) -> None:
    """A healthy day exits 0, and `--json` shows the very run that was asked for."""
    assert parsed("run", "loan", "--day", DAY, "--live")["mode"] == "live"
    shown = parsed("run", "loan", "--day", DAY)
    assert (shown["mode"], shown["verdict"]) == ("dry_run", "ok")
    assert parsed("show", "loan", "--day", DAY)["mode"] == "live"
    plain = ask("run", "loan", "--day", DAY)
    assert (plain.exit_code, "no action needed" in plain.stdout) == (0, True)
    assert worlds.alias(home) == "2"


def test_run_of_a_bad_day_exits_three(home: Path) -> None:
    """A day that needs a person says so by its exit code; a dry run opens nothing."""
    world.part(home, "predictions", world.HISTORY[0]).unlink()
    shown = parsed("run", "loan", "--day", DAY, code=ExitCode.NEEDS_A_PERSON)
    assert (shown["verdict"], shown["action"]["kind"]) == (
        "no_data",
        "would_open_incident",
    )
    assert parsed("incident", "list") == []
    assert parsed("run", "loan", "--day", DAY, "--live", code=3)["cause"] == (
        "integration"
    )
    (incident,) = parsed("incident", "list", "loan")
    told = incident["events"][0]["text"]
    assert told.startswith("P2, integration: no data: no file matches")
    assert incident["id"] in ask("incident", "list").stdout


def test_command_tries_again_later_when_the_registry_is_down(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What did not answer is exit 75, in one line and without a trace."""
    del home
    monkeypatch.setenv("DAYWATCH_REGISTRY_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    result = ask("run", "loan", "--day", DAY)
    assert result.exit_code == ExitCode.TRY_AGAIN
    assert result.stderr.startswith("try again: the registry at http://127.0.0.1:1")
    assert "Traceback" not in result.output


def test_day_with_an_incident_exits_three_whatever_its_verdict(home: Path) -> None:
    """Labels that cannot be read warn, and somebody has to mend them: in one line."""
    world.part(home, "labels", world.HISTORY[0]).write_bytes(b"PAR1")
    # In a process of its own: what is logged goes where the command sends it.
    typed = ["run", "loan", "--day", DAY]
    code = f"from monitoring_tasks.cli.app import app; app({typed})"
    done = subprocess.run(  # noqa: S603 (our own code)
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.NEEDS_A_PERSON
    assert "warn P2, cause label_quality" in done.stdout
    assert "would open an incident" in done.stdout
    assert "not readable parquet" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_day_that_is_not_over_is_not_judged(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row of it can be lacking yet: neither an incident nor a verdict is left."""
    monkeypatch.setenv("DAYWATCH_CLOCK", "system")
    with open_workspace(home) as workspace:
        ahead = str(day_of(workspace.clock.now(), "Europe/Berlin"))
    for words in (("run", "--day", ahead, "--live"), ("backfill", *span(DAY, ahead))):
        result = ask(words[0], "loan", *words[1:])
        assert result.exit_code == ExitCode.FAULT
        assert f"{ahead} is not over in Europe/Berlin" in result.stderr
    assert parsed("incident", "list") == []
    (line,) = parsed("status")
    assert line["day"] is None


def test_limits_of_days_without_data_say_what_is_wrong_with_them(home: Path) -> None:
    """Days were judged: that none of them was fit is another remedy."""
    world.part(home, "predictions", world.HISTORY[0]).unlink()
    parsed("run", "loan", "--day", DAY, code=ExitCode.NEEDS_A_PERSON)
    result = ask("policy", "explain", "loan")
    assert result.exit_code == ExitCode.FAULT
    told = " ".join(result.stderr.split())
    assert "none of the 1 judged days of loan tells which version served" in told
    assert f"newest, {DAY}: no file matches" in told
    assert f"loan {DAY}:" in ask("segments", "loan").stdout


def span(first: str, last: str) -> tuple[str, ...]:
    """Type a range of days."""
    return ("--from", first, "--to", last)


def test_status_shows_what_is_stored_when_the_registry_is_down(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is called at night has to see verdicts and incidents all the same."""
    parsed("run", "loan", "--day", DAY, "--live")
    monkeypatch.setenv("DAYWATCH_REGISTRY_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    (line,) = parsed("status", code=ExitCode.TRY_AGAIN)
    assert (line["day"], line["verdict"], line["alias"]) == (DAY, "ok", None)
    shown = ask("status")
    assert DAY in shown.stdout
    assert "(connection refused); is it up" in shown.stderr.replace("\n", " ")
    del home


def test_status_shows_the_models_beside_a_broken_contract(home: Path) -> None:
    """What is wrong with a file hides no other model, nor what is stored of its own."""
    parsed("run", "loan", "--day", DAY, "--live")
    contract = home / "expectations" / "loan" / "monitor.yaml"
    broken = home / "expectations" / "zebra" / "monitor.yaml"
    broken.parent.mkdir()
    broken.write_text(contract.read_text().replace("timestamp:", "stamp:"))
    loan, zebra = parsed("status", code=ExitCode.FAULT)
    assert (loan["day"], loan["alias"], loan["fault"]) == (DAY, "2", None)
    assert "columns.stamp: unknown key" in zebra["fault"]["text"]
    assert "zebra: no day has enough labels" not in ask("status").stdout


def test_backfill_counts_the_verdicts(home: Path) -> None:
    """The summary says how many days got which verdict, and nothing acts."""
    del home
    span = ("--from", DAY, "--to", "2024-03-20")
    assert parsed("backfill", "loan", *span)["verdicts"] == {"ok": 3}
    assert "3 ok" in ask("backfill", "loan", *span).stdout
    days = parsed("show", "loan", "--days", "2")
    assert [day["day"] for day in days] == ["2024-03-19", "2024-03-20"]
    assert days[0]["metric"] == "roc_auc"
    assert days[0]["realized"]["value"] > 0.8


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backfill", "loan", "--from", "2024-03-20", "--to", DAY), "lies before"),
        (("backfill", "loan", "--from", "soon", "--to", DAY), "soon"),
        (("run", "loan", "--day", "18.3.2024"), "is not a day"),
        (("show", "loan", "--days", "0"), "--days"),
        (("run", "loan"), "--day"),
    ],
)
def test_wrong_usage_exits_two(home: Path, words: tuple[str, ...], said: str) -> None:
    """What cannot be meant is refused with what was wrong."""
    del home
    result = ask(*words)
    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "ghost"), "no contract for 'ghost'"),
        (("show", "loan"), "has been judged yet"),
        (("report", "loan", "--day", "1999-01-01"), "has not been judged"),
        (("run", "ghost", "--day", DAY), "no contract for 'ghost'"),
        (("rollback", "loan", "--to", "2", "--reason", "no"), "say why"),
        (("rollback", "loan", "--to", "2", "--reason", REASON), "never been judged"),
    ],
)
def test_what_is_not_there_is_named(
    home: Path, words: tuple[str, ...], said: str
) -> None:
    """A model or a day nobody knows is one clear line and exit 1."""
    del home
    result = ask(*words)
    assert result.exit_code == ExitCode.FAULT
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


def assert_reports_of_a_range(home: Path) -> None:
    """A range is written whole; `--missing` writes what is not there, and no more."""
    folder = home / "reports" / "loan"
    looked_at = {line["day"] for line in parsed("show", "loan", "--days", "400")}
    there = {path.stem for path in folder.glob("*.html")}
    missing = parsed("report", "loan", "--missing")["reports"]
    assert {Path(path).stem for path in missing} == looked_at - there
    assert {path.stem for path in folder.glob("*.html")} == looked_at
    assert parsed("report", "loan", "--missing") == {"report": None, "reports": []}
    again = parsed("report", "loan", "--from", BAD_DAY, "--to", BAD_DAY)
    assert again["reports"] == [again["report"]] == [str(folder / f"{BAD_DAY}.html")]
    assert "--missing" not in (home / "reports" / "index.html").read_text()
    both = ask("report", "loan", "--day", BAD_DAY, "--missing")
    assert both.exit_code == ExitCode.USAGE


def test_looking_commands_tell_the_bad_day(breached: Path) -> None:
    """Status, show and report agree on the day, its verdict and its cause."""
    (line,) = parsed("status")
    assert (line["day"], line["verdict"]) == (BAD_DAY, "breach")
    assert (line["alias"], line["version"]) == ("3", "3")
    assert line["reason_codes"]["breach"]["version_better"] == 2
    shown = parsed("show", "loan", "--day", BAD_DAY)
    assert (shown["severity"], shown["cause"]) == ("P1", "model")
    assert {f["verdict"] for f in shown["findings"]} >= {"breach"}
    path = Path(parsed("report", "loan", "--day", BAD_DAY)["report"])
    assert path.is_relative_to(breached)
    assert "breach" in path.read_text(encoding="utf-8")
    assert_reports_of_a_range(breached)
    for words in (("status",), ("show", "loan"), ("show", "loan", "--day", BAD_DAY)):
        plain = ask(*words)
        assert (plain.exit_code, "breach" in plain.stdout) == (0, True), plain.output


@pytest.mark.slow
def test_rollback_is_refused_with_four_and_applied_with_zero(breached: Path) -> None:
    """A guard that does not hold is exit 4 and named; a proven version goes back."""
    refused = parsed(
        "rollback", "loan", "--to", "9", "--reason", REASON, code=ExitCode.REFUSED
    )
    assert refused["state"] == "blocked"
    plain = ask("rollback", "loan", "--to", "3", "--reason", REASON)
    assert (plain.exit_code, "did not hold" in plain.stdout) == (4, True)
    assert worlds.alias(breached) == "3"
    applied = parsed("rollback", "loan", "--to", "2", "--reason", REASON)
    assert (applied["state"], worlds.alias(breached)) == ("verifying", "2")


@pytest.mark.slow
def test_commands_work_as_processes(home: Path) -> None:
    """In a process of its own a day is judged and JSON alone stands on stdout."""
    call = (
        "from monitoring_tasks.cli.app import app; app(['run','loan','--day',{!r}{}])"
    )
    done, written = children.finish(children.start(home, call.format(DAY, ",'--json'")))
    assert done == 0, written
    assert json.loads(written[written.index("{") : written.rindex("}") + 1])
    with open_workspace(home) as workspace:
        assert workspace.results.days("loan") == (world.HISTORY[0], world.HISTORY[0])


def test_person_closes_an_incident_with_a_reason(home: Path) -> None:
    """Closed once, with who and why on its time line; an absent one is named."""
    world.part(home, "predictions", world.HISTORY[0]).unlink()
    (row,) = worlds.run(home, world.HISTORY[0])
    incident = row.action.incident
    closed = parsed("incident", "resolve", incident, "--reason", "the job was late")
    assert closed["state"] == "resolved"
    (told,) = parsed("incident", "list")
    assert "the job was late" in [event["text"] for event in told["events"]]
    assert parsed("status")[0]["active_incidents"] == 0
    absent = ask("incident", "ack", "loan-data-1999-01-01")
    assert (absent.exit_code, "there is no incident" in absent.stderr) == (1, True)
    again = ask("incident", "ack", incident)
    assert (again.exit_code, "cannot become" in again.stderr) == (1, True)
