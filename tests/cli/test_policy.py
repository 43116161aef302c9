"""`policy explain`, `policy replay`, `policy propose`, and what `check` refuses."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
HASTY = {"policy": {"persistence": {"bad_days": 1, "of_days": 1}}}
NOISY = {
    "policy": HASTY["policy"] | {"horizons": [{"days": 1, "false_alarm": 0.05}]},
    "objectives": [{"metric": "roc_auc", "source": "realized", "max_drop": 0.03}],
}
LOOSE = {
    "objectives": [
        {"metric": "roc_auc", "source": "realized", "min": 0.1, "max_drop": 0.9}
    ]
}


def ask(*words: str) -> Result:
    """Type a command."""
    return CliRunner().invoke(app, [*words])


def parsed(*words: str, code: int = ExitCode.DONE) -> Any:  # noqa: ANN401 (JSON)
    """Type a command with --json; give what it prints."""
    result = ask(*words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def write(path: Path, fragment: dict[str, Any]) -> str:
    """Write a fragment; give its path as typed."""
    path.write_text(yaml.safe_dump(fragment))
    return str(path)


def change(home: Path, parts: dict[str, Any]) -> Path:
    """Put parts in the place of the contract's; give its path."""
    path = home / "expectations" / world.MODEL / "monitor.yaml"
    return world.write_contract(home, yaml.safe_load(path.read_text()) | parts)


def test_explain_tells_what_limits_promise_and_kept(breached: Path) -> None:
    """Each objective has its horizons, what they alarm and what they find."""
    before = worlds.dump(breached)
    found = parsed("policy", "explain", world.MODEL, "--drop", "0.2")
    assert worlds.dump(breached) == before
    assert found["version"] == "3"
    first = found["objectives"][0]
    assert first["drop"]["size"] == 0.2
    assert [find["within_days"] for find in first["finds"]] == [1, 7, 28]
    assert found["total"]["pages"]["lower"] <= found["total"]["pages"]["value"]
    assert found["history"]["breaches"]["count"] == 2
    told = {promise["family"] for promise in found["families"]["promises"]}
    assert {"realized metrics", "drift of inputs", "batch against reference"} <= told
    plain = " ".join(ask("policy", "explain", world.MODEL).stdout.split())
    for said in (
        "expected: a healthy year has",
        "observed: 10 judged days",
        "assumes",
        "not worked out: segments",
        "false ones a year",
    ):
        assert said in plain


def test_replay_of_the_contract_as_it_stands_says_the_same(breached: Path) -> None:
    """The same code on the same numbers; but for the response that is still to come.

    Nothing is written, and no alias moves.
    """
    before = worlds.dump(breached), worlds.files(breached), worlds.alias(breached)
    found = parsed("policy", "replay", world.MODEL)
    assert found["before"] == found["after"]
    (day,) = found["days"]
    assert day["before"] | {"remedy": "rollback"} == day["after"]
    assert (day["day"], found["judged_days"]) == (str(worlds.CONFIRMED), 10)
    after = worlds.dump(breached), worlds.files(breached), worlds.alias(breached)
    assert after == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fragment", "gained", "lost"),
    [
        pytest.param(HASTY, [worlds.FIRST_BAD], [], id="one bad day is enough"),
        pytest.param(LOOSE, [], [worlds.CONFIRMED], id="nothing is a loss"),
    ],
)
def test_replay_tells_the_alarms_gained_and_lost(
    breached: Path,
    fragment: dict[str, Any],
    gained: list[date],
    lost: list[date],
) -> None:
    """Both contracts judge the days, and what differs is listed."""
    other = write(breached / "other.yaml", fragment)
    found = parsed("policy", "replay", world.MODEL, "--policy", other)
    assert found["gained"] == [str(day) for day in gained]
    assert found["lost"] == [str(day) for day in lost]
    assert {day["day"] for day in found["days"]} >= {str(day) for day in gained + lost}
    plain = ask("policy", "replay", world.MODEL, "--policy", other).stdout
    assert "Days judged otherwise" in plain


@pytest.mark.slow
def test_replay_measures_again_what_counts_can_tell(
    breached: Path, tmp_path: Path
) -> None:
    """Wider intervals come from kept counts; rows nobody counted are not guessed at."""
    del breached
    wide = write(tmp_path / "wide.yaml", {"policy": {"confidence": 0.99}})
    found = parsed("policy", "replay", world.MODEL, "--policy", wide)
    assert found["measured_again"] == ["policy.confidence"]
    raw = write(tmp_path / "raw.yaml", {"policy": {"sample_rows": 7}})
    result = ask("policy", "replay", world.MODEL, "--policy", raw)
    assert result.exit_code == ExitCode.FAULT
    assert "policy.sample_rows" in result.stderr


def test_replay_without_a_judged_day_says_so(breached: Path) -> None:
    """An empty span has no rate."""
    del breached
    result = ask("policy", "replay", world.MODEL, "--from", "2030-01-01", "--to",
                 "2030-01-02")  # fmt: skip
    assert result.exit_code == ExitCode.FAULT
    assert "has been judged yet" in result.stderr


@pytest.mark.slow
def test_proposal_is_printed_and_never_applied(breached: Path, tmp_path: Path) -> None:
    """The fragment goes to the file that was asked for, and is what replay reads."""
    contract = change(breached, NOISY)
    before = contract.read_text()
    path = tmp_path / "fragment.yaml"
    words = ("policy", "propose", world.MODEL, "--false-pages-per-year", "1")
    result = ask(*words, "--write", str(path))
    assert result.exit_code == ExitCode.DONE, result.output
    assert contract.read_text() == before
    assert "Proposed, not applied" in result.stdout
    fragment = yaml.safe_load(path.read_text())
    assert set(fragment) <= {"policy", "objectives"}
    found = parsed("policy", "replay", world.MODEL, "--policy", str(path))
    assert found["changed_keys"]


def test_proposal_refuses_to_write_a_contract(breached: Path) -> None:
    """A person puts limits into force."""
    contract = breached / "expectations" / world.MODEL / "monitor.yaml"
    result = ask("policy", "propose", world.MODEL, "--write", str(contract))
    assert result.exit_code == ExitCode.USAGE
    assert "never writes a contract" in " ".join(result.stderr.split())


def test_check_refuses_limits_below_the_noise(breached: Path) -> None:
    """A floor that healthy days fall through is an error, a hopeless loss a note."""
    assert ask("check").exit_code == ExitCode.DONE
    limits = {"min": 0.99, "max_drop": 0.0001}
    objectives = [{"metric": "roc_auc", "source": "realized"} | limits]
    change(breached, {"objectives": objectives})
    result = ask("check")
    assert result.exit_code == ExitCode.FAULT
    plain = " ".join(result.stdout.split())
    assert "objectives: realized roc_auc: its limits lie below the noise" in plain
    assert "a loss of 0.0001 can never be told from chance" in plain


def test_check_of_a_contract_without_days_makes_no_store(home: Path) -> None:
    """Contracts come before days; looking at one leaves nothing behind."""
    for path in home.glob("daywatch.db*"):
        path.unlink()
    assert ask("check", "--offline").exit_code == ExitCode.DONE
    assert not (home / "daywatch.db").exists()


def test_explain_of_a_model_nobody_looked_at_says_what_to_do(home: Path) -> None:
    """Nothing is known of its noise."""
    del home
    result = ask("policy", "explain", world.MODEL)
    assert result.exit_code == ExitCode.FAULT
    assert "backfill" in result.stderr
