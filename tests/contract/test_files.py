from pathlib import Path
from typing import Any

import pytest
import yaml

from monitoring_tasks.contract.files import contract_files, find_contract, load_contract
from monitoring_tasks.errors import ConfigurationError
from tests.builders import MODEL, raw_contract

SHIPPED = contract_files(Path(__file__).parents[2] / "expectations")
HEAD = """\
model: flights
problem: binary
owners: [team]
sources:
  predictions: {kind: files, path: "{day}.parquet"}
  labels: {kind: files, path: "{day}.parquet"}
columns:
  id: id
  timestamp: at
  model_version: version
  prediction: prediction
  label: label
  score: score
"""


def fault_of(folder: Path, text: str | bytes) -> str:
    """Return what is said of a contract, without the name of its file."""
    path = folder / "monitor.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigurationError) as caught:
        load_contract(path)
    said = str(caught.value)
    assert said.startswith(str(path))
    return said.replace(str(path), "").lstrip(":")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.parent.name))
def test_shipped_contract_loads_from_the_folder_of_its_model(path: Path) -> None:
    """Every contract in the repository is valid and lies under its model's name."""
    loaded = load_contract(path)
    assert loaded.folder == path.parent
    assert loaded.contract.model == path.parent.name


def test_there_are_shipped_contracts() -> None:
    """The test above looks at something."""
    assert SHIPPED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            HEAD.replace("owners: [team]\n", ""),
            "1: owners: this key is required; add it",
            id="missing key",
        ),
        pytest.param(
            HEAD.replace("  label: label\n", ""),
            "7: columns.label: this key is required; add it",
            id="missing key within",
        ),
        pytest.param(
            HEAD.replace("kind: files, ", "", 1),
            "5: sources.predictions.kind: this key is required; add it",
            id="kind of source missing",
        ),
        pytest.param(
            HEAD + "policy:\n  drift:\n    min_distnce: 1\n    false_alarm: 0.01\n",
            "16: policy.drift.min_distnce: unknown key; remove it or correct its "
            "spelling (known beside it: false_alarm)",
            id="unknown key within",
        ),
        pytest.param(
            HEAD + "schedule:\n  cron: '0 6 * * *'\n  zone: UTC\n",
            "16: schedule.zone: unknown key; remove it or correct its spelling "
            "(known beside it: cron)",
            id="unknown key in one of two forms",
        ),
        pytest.param(
            HEAD + "objectives:\n  - metric: f1\n    source: realized\n    min: high\n",
            "17: objectives.0.min: Input should be a valid number",
            id="wrong type in a list",
        ),
        pytest.param(
            HEAD + "policy:\n  drift: {categorical: l_infinty}\n",
            "15: policy.drift.categorical: 'l_infinty' is none of 'jensen_shannon', "
            "'hellinger', 'l_infinity', 'psi' or 'chi2'; did you mean 'l_infinity'?",
            id="a misspelt distance",
        ),
        pytest.param(
            HEAD + "policy:\n  versions:\n    metric: roc_acu\n",
            "16: policy.versions.metric: a binary model can be compared by roc_auc, "
            "accuracy, brier, not by 'roc_acu'; did you mean 'roc_auc'?",
            id="a misspelt metric of comparison",
        ),
        pytest.param(
            HEAD + "policy: {min_rows: few}\n",
            "14: policy.min_rows: Input should be a valid integer",
            id="wrong type",
        ),
        pytest.param(
            HEAD.replace("  score: score", "  score: 5"),
            "13: columns.score: YAML reads 5 as a number; put it in quotes",
            id="neither of two types",
        ),
        pytest.param(
            HEAD.replace("binary", "multiclass"),
            "1: contract: a multiclass model needs columns.score",
            id="a rule of the whole",
        ),
        pytest.param(
            HEAD + "policy:\n  persistence: {bad_days: 4}\n",
            "15: policy.persistence: 4 bad days cannot happen in 3 days",
            id="a rule of a part",
        ),
        pytest.param(
            HEAD + "policy:\n  excluded_days: [2013-02-30]\n",
            "15: '2013-02-30' is not a day; write YYYY-MM-DD",
            id="no such day",
        ),
        pytest.param(
            HEAD + "tier: 1\ntier: 3\n",
            "15: the key 'tier' stands here twice; remove one",
            id="a key twice",
        ),
        pytest.param(HEAD + "policy: {a: 1\n", "15: ", id="broken YAML"),
        pytest.param("- a\n- b\n", "1: a contract is a mapping", id="a list"),
        pytest.param("", "1: a contract is a mapping", id="empty"),
        pytest.param(b"model: \xff\xfe", "is not UTF-8 text", id="not text"),
        pytest.param("model: \x00", "not valid YAML", id="not YAML"),
    ],
)
def test_fault_names_line_key_and_remedy(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    """Whoever reads the error knows where to look and what to do."""
    assert fault_of(tmp_path, text).lstrip().startswith(said)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """One fault a line, so that a file is fixed in one go."""
    said = fault_of(tmp_path, HEAD + "tier: 9\ncolour: red\n")
    assert [line.split(": ")[1] for line in said.splitlines()] == ["tier", "colour"]


def test_password_is_not_repeated_in_the_error(tmp_path: Path) -> None:
    """The error about a secret does not tell it."""
    source = "{kind: sql, table: t, connection: 'postgresql://u:s3cret@h/d'}"
    text = HEAD.replace('{kind: files, path: "{day}.parquet"}', source, 1)
    said = fault_of(tmp_path, text)
    assert said.startswith("5: sources.predictions.connection: a password does not")
    assert "s3cret" not in said


def test_absent_contract_is_named_with_a_remedy(tmp_path: Path) -> None:
    """A missing file says which one and how to make it."""
    with pytest.raises(ConfigurationError, match=r"none\.yaml: .*`daywatch init`"):
        load_contract(tmp_path / "none.yaml")


def test_contract_is_found_by_its_model(tmp_path: Path) -> None:
    """A model's contract lies in the folder of its name; others are listed."""
    (tmp_path / MODEL).mkdir()
    path = tmp_path / MODEL / "monitor.yaml"
    path.write_text(yaml.safe_dump(raw_contract()), encoding="utf-8")
    assert find_contract(tmp_path, MODEL).contract.model == MODEL
    assert contract_files(tmp_path) == [path]
    with pytest.raises(ConfigurationError, match=r"there are: flights.*init other"):
        find_contract(tmp_path, "other")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"classes": [False]}, 'in quotes, e.g. "NO"', id="no"),
        pytest.param({"owners": [True]}, 'in quotes, e.g. "yes"', id="yes"),
        pytest.param({"owners": [7]}, 'put it in quotes: "7"', id="number"),
        pytest.param({"owners": [None]}, "nothing stands here", id="null"),
        pytest.param({"response": {"fallback": "x"}}, "it takes digits", id="form"),
    ],
)
def test_text_that_yaml_reads_otherwise_is_to_be_quoted(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    """The remedy is a pair of quotes, or the form in words, never a pattern."""
    path = tmp_path / "monitor.yaml"
    path.write_text(yaml.safe_dump(raw_contract(**change)))
    with pytest.raises(ConfigurationError) as caught:
        load_contract(path)
    assert said in str(caught.value)
    assert "^" not in str(caught.value)
