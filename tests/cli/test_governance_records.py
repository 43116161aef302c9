"""`governance record ...`: people's judgements, beside the machine's facts."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from tests.operations.governance.answerable import INCIDENT, WHY, write_answerable

AWARE = ("aware", INCIDENT, "--at", "2024-03-01T21:00Z", *WHY)
EVERY_CLOCK = [
    part for name in ("art73-2", "art73-3", "art73-4") for part in ("--clock", name)
]
SUBMIT = (
    "submit-note", INCIDENT, *EVERY_CLOCK, "--clock", "art26-5", "--kind", "initial",
    "--at", "2024-03-02T05:00Z", *WHY,
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A judged day and an incident of it."""
    return write_answerable(tmp_path / "home")


def ask(home: Path, *words: str) -> Result:
    """Type a command of the group."""
    typed = ["governance", "record", *words, "--home", str(home)]
    return CliRunner().invoke(app, typed)


def parsed(home: Path, *words: str, code: int = ExitCode.DONE) -> Any:  # noqa: ANN401 (JSON)
    """Type a command with --json; give what it prints."""
    result = ask(home, *words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_opened_record_holds_facts_and_no_judgement(home: Path) -> None:
    """Everything a person has to say is unassessed, the role of the contract too."""
    parsed(home, "open", INCIDENT, *WHY)
    record = parsed(home, "show", INCIDENT)
    said = {answer["value"] for answer in record["answers"].values()}
    assert said == {record["aware"]["value"], record["causal_link"]["value"]}
    assert said == {"unassessed"}
    assert {clock["state"] for clock in record["clocks"]} == {"not_started"}
    facts = record["facts"]
    assert facts["system"]["organisation_role"] == "deployer"
    assert (facts["rows_by_version"], facts["logs"]["from"]) == (
        {"2": 100},
        "2024-03-01",
    )
    assert "no legal advice" in record["disclaimer"]
    assert "not finished" in record["blocks_closing"]


def test_clocks_run_from_the_word_of_a_person_to_the_word_of_a_person(
    home: Path,
) -> None:
    """Aware since the evening before: immediate is overdue, and exits 3 until noted."""
    parsed(home, "open", INCIDENT, *WHY)
    parsed(home, *AWARE)
    late = parsed(home, "show", INCIDENT, code=ExitCode.NEEDS_A_PERSON)
    dues = {clock["id"]: (clock["state"], clock["due_day"]) for clock in late["clocks"]}
    assert dues == {
        "art26-5": ("overdue", "2024-03-01"),
        "art73-3": ("running", "2024-03-03"),
        "art73-4": ("running", "2024-03-11"),
        "art73-2": ("running", "2024-03-16"),
    }
    plain = " ".join(ask(home, "show", INCIDENT).stdout.split())
    assert "not later than 15 days after the provider" in plain
    assert "overdue by" in plain
    (line,) = parsed(home, "list", code=ExitCode.NEEDS_A_PERSON)
    assert (line["next_clock"], line["overdue"]) == ("art26-5", ["art26-5"])
    parsed(home, *SUBMIT)
    done = parsed(home, "show", INCIDENT)
    assert {clock["state"] for clock in done["clocks"]} == {"met"}
    assert done["blocks_closing"] is None
    # Whatever runs out, is sent or is met: nobody has said whether the Act applies.
    assert done["answers"]["applicability"] == {"value": "unassessed"}
    assert parsed(home, "list")[0]["next_clock"] is None
    assert parsed(home, "verify") == {"ok": True, "events": 3, "broken": None}


def test_answers_and_measures_are_kept_with_who_and_why(home: Path) -> None:
    """The last word counts, and is shown with its author; text output says the same."""
    parsed(home, "open", INCIDENT, *WHY)
    parsed(home, "assess", INCIDENT, "--set", "death=yes", *WHY)
    parsed(
        home, "assess", INCIDENT, "--set", "death=no", "--set", "member_states=BE", *WHY
    )
    parsed(home, "assess", INCIDENT, "--not-required", "art73-3", *WHY)
    parsed(home, "cause", INCIDENT, "--link", "suspected", *WHY)
    parsed(home, "measure", INCIDENT, "--text", "suspended", "--alters-system", *WHY)
    record = parsed(home, "show", INCIDENT)
    death = record["answers"]["death"]
    assert (death["value"], death["actor"], death["reason"]) == ("no", "kim", WHY[1])
    assert record["answers"]["member_states"]["value"] == "BE"
    assert record["measures"][0]["value"]["alters_system"] is True
    states = {clock["id"]: clock["state"] for clock in record["clocks"]}
    assert states["art73-3"] == "not_required"
    plain = ask(home, "show", INCIDENT).stdout
    assert "no legal advice" in plain
    assert "suspected" in plain


def test_machine_puts_nothing_on_the_record_by_itself(home: Path) -> None:
    """A person whose login is Daywatch's name is told from it."""
    own = ("--reason", "told by the claims desk", "--by", "daywatch")
    assert parsed(home, "list") == []
    assert parsed(home, "open", INCIDENT, *own)["actor"] == "user daywatch"


REFUSED = (
    (("open", "nobody", *WHY), ExitCode.FAULT, "no incident 'nobody'"),
    (("open", INCIDENT, *WHY), ExitCode.FAULT, "open already"),
    (("assess", INCIDENT, "--set", "death=maybe", *WHY), ExitCode.FAULT, "none of"),
    (("assess", INCIDENT, "--set", "harm=no", *WHY), ExitCode.FAULT, "no question"),
    (("assess", INCIDENT, "--set", "death", *WHY), ExitCode.USAGE, "QUESTION"),
    (("assess", INCIDENT, *WHY), ExitCode.USAGE, "--set"),
    (("assess", INCIDENT, "--not-required", "x", *WHY), ExitCode.FAULT, "none of"),
    ((*AWARE[:3], "2024-03-02T07:00Z", *WHY), ExitCode.FAULT, "lies ahead"),
    ((*AWARE[:3], "2024-03-01", *WHY), ExitCode.USAGE, "hour"),
    ((*AWARE[:4], "--reason", "so"), ExitCode.FAULT, "say why"),
    (("cause", INCIDENT, "--link", "sure", *WHY), ExitCode.FAULT, "none of"),
)


def test_what_cannot_be_meant_is_refused(home: Path) -> None:
    """The error says what would be right, and nothing comes on the record."""
    parsed(home, "open", INCIDENT, *WHY)
    for words, code, text in REFUSED:
        result = ask(home, *words)
        assert (result.exit_code, text in result.output) == (code, True), result.output
    assert parsed(home, "verify")["events"] == 1
