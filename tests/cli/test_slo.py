"""`slo status`, `export` and `import`; what `status` and `check` say of slos."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from monitoring_tasks.contract.files import find_contract
from monitoring_tasks.workspace.workspace import open_workspace
from tests.builders import MODEL
from tests.operations.days import FIRST, SLO, Look, write_workspace
from tests.scenarios import worlds

pytestmark = worlds.QUIET
TIGHT = SLO | {"name": "tight", "target": 0.95}
FRESH = {"name": "fresh", "indicator": {"source": "freshness"}, "target": 0.9}


def ask(home: Path, *words: str) -> Result:
    """Type a command."""
    return CliRunner().invoke(app, [*words, "--home", str(home)])


def squeezed(text: str) -> str:
    """Return a text without blanks: where lines break depends on the path's length."""
    return "".join(text.split())


def parsed(home: Path, *words: str, code: int = ExitCode.DONE) -> Any:  # noqa: ANN401 (JSON)
    """Type a command with --json; give what it prints."""
    result = ask(home, *words, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Four judged days, one of them bad; a budget of two days and one of half a day."""
    home = write_workspace(tmp_path / "home", SLO, TIGHT)
    with open_workspace(home) as workspace:
        for offset, value in enumerate((0.7, 0.5, 0.7, 0.7)):
            Look(value=value).write(workspace, FIRST + timedelta(days=offset))
    return home


def test_status_tells_what_is_left_of_every_budget(home: Path) -> None:
    """Each promise has its state, its days and its numbers, and asks to wait or not."""
    (view,) = parsed(home, "slo", "status")
    loose, tight = view["slos"]
    assert (view["day"], view["freezes_promotions"]) == ("2024-03-04", True)
    assert (loose["state"], loose["good_days"], loose["bad_days"]) == ("at_risk", 3, 1)
    assert (loose["not_valid_days"], loose["remaining_days"]) == (6, 1.0)
    assert (tight["state"], tight["budget_days"]) == ("exhausted", 0.5)
    assert [day["state"] for day in loose["days"][-3:]] == ["bad", "good", "good"]
    plain = " ".join(ask(home, "slo", "status", MODEL).stdout.split())
    assert (
        "tight: 1 bad of 4 valid days; 0.5 are allowed: release no new version" in plain
    )
    assert "the first bad day exhausts it" in plain


def test_gate_exits_one_when_a_budget_is_exhausted(home: Path) -> None:
    """A pipeline stops by the exit code alone; looking never stops it."""
    assert ask(home, "slo", "status", MODEL).exit_code == ExitCode.DONE
    assert ask(home, "slo", "status", MODEL, "--gate").exit_code == ExitCode.FAULT
    first = ("slo", "status", MODEL, "--gate", "--day", "2024-03-01")
    assert parsed(home, *first)[0]["freezes_promotions"] is False


@pytest.mark.parametrize("words", [("--gate",), (MODEL,), (MODEL, "--gate")])
def test_gate_without_a_promise_is_shut(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Nothing declared is not taken for a promise kept."""
    home = write_workspace(tmp_path / "home")
    result = ask(home, "slo", "status", *words)
    assert (result.exit_code, "declares no slos" in result.stderr) == (1, True)
    assert parsed(home, "slo", "status") == []


@pytest.mark.parametrize(("words", "code"), [((), 0), ((MODEL,), 1), (("--gate",), 1)])
def test_model_nobody_looked_at_keeps_the_gate_shut(
    tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    """It hides no other model in the list, and opens no gate."""
    home = write_workspace(tmp_path / "home", SLO)
    result = ask(home, "slo", "status", *words)
    assert result.exit_code == code
    assert "has been judged yet" in result.stderr or code == 0


def test_export_and_import_give_the_contracts_own_slos(tmp_path: Path) -> None:
    """What was exported and imported again loads as the same promises."""
    home = write_workspace(tmp_path / "home", SLO, FRESH)
    wanted = find_contract(home / "expectations", MODEL).contract.slos
    path = tmp_path / "slos.yaml"
    path.write_text(ask(home, "slo", "export", MODEL).stdout)
    result = ask(home, "slo", "import", str(path))
    assert result.stdout.startswith(f"# for the contract of {MODEL}\nslos:\n")
    again = write_workspace(tmp_path / "again", *yaml.safe_load(result.stdout)["slos"])
    assert find_contract(again / "expectations", MODEL).contract.slos == wanted
    as_list = tmp_path / "list.json"
    as_list.write_text(json.dumps(parsed(home, "slo", "export", MODEL)))
    assert parsed(home, "slo", "import", str(as_list)) == yaml.safe_load(result.stdout)


def with_key(*keys: str, value: object) -> Any:  # noqa: ANN401 (a change)
    """Return a change of one key of the second document."""

    def change(documents: list[dict[str, Any]]) -> None:
        part = documents[1]
        for key in keys[:-1]:
            part = part[key]
        part[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(
            with_key("spec", "budgetingMethod", value="Occurrences"),
            "document 2: spec.budgetingMethod: ",
            id="method",
        ),
        pytest.param(
            with_key("spec", "service", value="other"),
            "spec.service: a contract is for one model; the documents name: "
            "flights, other",
            id="two models",
        ),
        pytest.param(
            with_key("metadata", "name", value="auc"),
            "metadata.name: given more than once: auc",
            id="one name",
        ),
        pytest.param(list.clear, "the documents name: none", id="nothing"),
    ],
)
def test_import_names_file_and_key(tmp_path: Path, change: Any, said: str) -> None:  # noqa: ANN401 (a change)
    """What a contract cannot hold is refused as a whole, in one clear line."""
    home = write_workspace(tmp_path / "home", SLO, FRESH)
    documents = parsed(home, "slo", "export", MODEL)
    change(documents)
    path = tmp_path / "slos.yaml"
    path.write_text(yaml.safe_dump_all(documents))
    result = ask(home, "slo", "import", str(path))
    assert (result.exit_code, result.stdout) == (ExitCode.FAULT, "")
    assert squeezed(said) in squeezed(result.stderr)
    assert "slos.yaml" in result.stderr.replace("\n", "")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"a: [1", "not valid YAML"), (b"\xff\xfe\xff", "cannot be read"), (None, "read")],
)
def test_import_of_a_file_that_is_none_is_refused(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    """A file that is absent or no YAML is named."""
    path = tmp_path / "slos.yaml"
    if content:
        path.write_bytes(content)
    result = ask(tmp_path, "slo", "import", str(path))
    assert result.exit_code == ExitCode.FAULT
    assert squeezed(said) in squeezed(result.stderr)
    assert "Traceback" not in result.output


def test_check_notes_a_budget_under_two_days(home: Path) -> None:
    """A small budget is worth a word and no fault."""
    checked = parsed(home, "check", "--offline")
    (notes,) = checked["notes"].values()
    assert (checked["faults"], len(notes)) == (0, 1)
    assert notes[0].startswith("slo 'tight': 0.95 of 10 days leaves 0.5 days")
    assert "note: slo 'tight'" in ask(home, "check", "--offline").stdout


def test_status_has_a_line_on_the_promises(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`daywatch status` says how each promise stands."""
    monkeypatch.setattr(
        "monitoring_tasks.store.registry.Registry.alias_version", lambda *_: None
    )
    assert parsed(home, "status")[0]["slos"] == {"auc": "at_risk", "tight": "exhausted"}
    said = "flights over many days: auc at_risk, tight exhausted"
    assert said in ask(home, "status").stdout


@pytest.mark.parametrize("command", ["status", "export", "import"])
def test_help_has_an_example_and_the_exit_codes(command: str) -> None:
    """Every command shows how it is used and what its exit codes mean."""
    result = CliRunner().invoke(app, ["slo", command, "--help"], env={"COLUMNS": "200"})
    assert f"daywatch slo {command}" in result.output
    assert "Exit codes" in result.output
