"""What `daywatch check` says of suites."""

import json
from pathlib import Path

from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from tests.builders import MODEL
from tests.operations.days import write_workspace


def test_check_says_who_counts_each_expectation(tmp_path: Path) -> None:
    """In words and as JSON; of a suite with a fault nobody counts anything."""
    home = write_workspace(tmp_path / "home")
    suite = home / "expectations" / MODEL / "predictions.json"
    kinds = ("to_be_unique", "to_be_increasing")
    expectations = [
        {"type": f"expect_column_values_{kind}", "kwargs": {"column": "score"}}
        for kind in kinds
    ]
    suite.write_text(json.dumps({"expectations": expectations}))
    (suite.parent / "labels.json").write_text("{}")
    words = ["check", "--offline", "--home", str(home)]
    by = ["engine", "Great Expectations"]
    asked = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert asked["evaluated_by"] == {
        str(suite): [
            {"expectation": e["type"], "columns": "score", "by": who}
            for e, who in zip(expectations, by, strict=True)
        ]
    }
    said = CliRunner().invoke(app, words).stdout
    for kind, who in zip(kinds, by, strict=True):
        assert f"expect_column_values_{kind} on score: {who}\n" in said
