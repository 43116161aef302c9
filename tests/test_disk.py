"""What the disk refuses, and what is kept where it allows it."""

import errno
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitoring_tasks.cli.app import app
from monitoring_tasks.cli.output import ExitCode
from monitoring_tasks.disk import in_words, keep_if_allowed, may_make
from monitoring_tasks.errors import SourceUnavailableError
from monitoring_tasks.store.mlflow_connection import translated_errors

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/tmp/part")  # noqa: S108 (not used)
READ_ONLY = OSError(errno.EROFS, os.strerror(errno.EROFS), "/w/reports")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FULL, "/tmp/part: No space left on device; make room there"),  # noqa: S108
        (READ_ONLY, "/w/reports: Read-only file system; run it as a user who may"),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory"), "No usable"),
    ],
)
def test_disk_fault_is_one_line_of_a_command(
    error: OSError, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file, what is wrong and what helps; no trace, and no word of trying again."""

    def fail(_: object) -> list[Path]:
        raise error

    monkeypatch.setattr(
        "monitoring_tasks.operations.checks.workspace_check.contract_files", fail
    )
    result = CliRunner().invoke(app, ["check"], env={"COLUMNS": "200"})
    assert result.exit_code == ExitCode.FAULT
    assert result.stderr.startswith(f"error: {said}")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("error", [FULL, READ_ONLY])
def test_own_disk_is_not_taken_for_the_registry(error: OSError) -> None:
    """What failed here says nothing of the registry, which may hold what is wanted."""
    where = ("version 3", "sqlite:///mlflow.db")
    with pytest.raises(OSError, match=error.strerror), translated_errors(*where):
        raise error
    with pytest.raises(SourceUnavailableError), translated_errors(*where):
        raise ConnectionError("refused")


def test_what_may_not_be_kept_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache is written where that is allowed, folders included, and nowhere else."""
    path = tmp_path / "cache" / "kept.json"
    with monkeypatch.context() as reading:
        reading.setattr(os, "access", lambda *_: False)
        assert not may_make(path)
        keep_if_allowed(path, "1")
    assert list(tmp_path.iterdir()) == []
    assert in_words(OSError("odd")) == "odd"
    keep_if_allowed(path, "1")
    assert path.read_text() == "1"
