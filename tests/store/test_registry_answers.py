"""What is kept of a registry's answers."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from monitoring_tasks.store.registry_answers import RegistryAnswers


def write(registry: Path, statement: str = "CREATE TABLE IF NOT EXISTS a (b)") -> None:
    """Run a statement in the registry's file, as another process would."""
    connection = sqlite3.connect(registry, isolation_level=None)
    connection.execute(statement)
    connection.close()


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A SQLite file with a table."""
    path = tmp_path / "mlflow.db"
    write(path)
    return path


@pytest.fixture
def kept(registry: Path, tmp_path: Path) -> RegistryAnswers:
    """What is kept of it."""
    return RegistryAnswers(registry=registry, kept=tmp_path / "cache" / "answers.json")


def answers(*versions: str | None) -> Callable[[], str | None]:
    """Return a registry that gives these answers and no further one."""
    left = iter(versions)
    return lambda: next(left)


def test_an_answer_holds_while_nobody_writes(kept: RegistryAnswers) -> None:
    """Each question is asked once, one whose answer is nothing too."""
    for _ in range(2):
        assert kept.answer("m", "champion", ask=answers("1")) == "1"
        assert kept.answer("m", "challenger", ask=answers(None)) is None
        assert kept.answer("other", "champion", ask=answers("7")) == "7"
    assert kept.answer("m", "champion", ask=answers()) == "1"
    assert kept.answer("m", "challenger", ask=answers()) is None


@pytest.mark.parametrize(
    "statement", ["INSERT INTO a VALUES (1)", "UPDATE a SET b = 2", "DELETE FROM a"]
)
def test_any_change_of_the_registry_is_asked_about(
    kept: RegistryAnswers, registry: Path, statement: str
) -> None:
    """A row of the same size changes the file as well as a new one."""
    write(registry, "INSERT INTO a VALUES (0)")
    kept.answer("m", "champion", ask=answers("1"))
    write(registry, statement)
    assert kept.answer("m", "champion", ask=answers("2")) == "2"
    assert kept.answer("m", "champion", ask=answers()) == "2"


def test_an_answer_given_while_somebody_wrote_is_not_kept(
    kept: RegistryAnswers, registry: Path
) -> None:
    """It may be of before or of after."""

    def ask() -> str:
        write(registry, "INSERT INTO a VALUES (1)")
        return "1"

    assert kept.answer("m", "champion", ask=ask) == "1"
    assert kept.answer("m", "champion", ask=answers("2")) == "2"


def test_a_backup_put_in_its_place_is_another_registry(
    kept: RegistryAnswers, registry: Path
) -> None:
    """Restored and written once more it has the size and the counter of before."""
    write(registry, "INSERT INTO a VALUES (0)")
    backup = registry.read_bytes()
    write(registry, "UPDATE a SET b = 2")
    assert kept.answer("alias", "m", "champion", ask=answers("2")) == "2"
    registry.write_bytes(backup)
    write(registry, "UPDATE a SET b = 3")
    assert kept.answer("alias", "m", "champion", ask=answers("3")) == "3"


def test_a_file_whose_header_tells_nothing_is_always_asked(
    kept: RegistryAnswers, registry: Path
) -> None:
    """With a write-ahead log changes lie beside the file."""
    write(registry, "PRAGMA journal_mode = WAL")
    for version in ("1", "2"):
        assert kept.answer("m", "a", ask=answers(version)) == version


@pytest.mark.parametrize("text", ["", "[]", '{"state": 1}', "\x00"])
def test_damaged_answers_are_none(
    kept: RegistryAnswers, tmp_path: Path, text: str
) -> None:
    """The registry is asked, and its answer is kept in their place."""
    kept.answer("m", "champion", ask=answers("1"))
    (tmp_path / "cache" / "answers.json").write_text(text)
    assert kept.answer("m", "champion", ask=answers("2")) == "2"
    assert kept.answer("m", "champion", ask=answers()) == "2"


@pytest.mark.parametrize("is_file", [True, False])
def test_what_cannot_be_told_is_asked(tmp_path: Path, *, is_file: bool) -> None:
    """A file that is absent, and a registry that is no file, speak for themselves."""
    path = tmp_path / "absent.db" if is_file else None
    kept = RegistryAnswers(registry=path, kept=tmp_path / "answers.json")
    for version in ("1", "2"):
        assert kept.answer("m", "a", ask=answers(version)) == version


def test_answers_to_different_questions_do_not_meet(kept: RegistryAnswers) -> None:
    """A version of that number is no alias of that name, and lists come back whole."""
    assert kept.answer("alias", "m", "1", ask=answers("2")) == "2"
    assert kept.answer("version", "m", "1", ask=lambda: {"tags": {"a": "b"}}) == {
        "tags": {"a": "b"}
    }
    assert kept.answer("alias", "m", "1", ask=answers()) == "2"
    assert kept.answer("version", "m", "1", ask=dict) == {"tags": {"a": "b"}}


def test_a_question_that_is_refused_is_asked_again(kept: RegistryAnswers) -> None:
    """An error is no answer: what was absent may be there the next time."""

    def refuse() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        kept.answer("version", "m", "9", ask=refuse)
    assert kept.answer("version", "m", "9", ask=answers("9")) == "9"
