from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from monitoring_tasks.domain.chains import BEFORE_FIRST
from monitoring_tasks.domain.journal import Line, chained
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.journal import Journal
from monitoring_tasks.store.journal_heads import JournalHeads
from monitoring_tasks.store.schema import JournalRow
from tests.builders import MODEL, NOW

HOUR = timedelta(hours=1)
SWAP = (
    "UPDATE alias_journal SET number = number - 5 WHERE number IN (2, 3);"
    "UPDATE alias_journal SET number = -number WHERE number < 0"
)


@pytest.fixture
def journal(database: Database) -> Journal:
    """A journal without a line."""
    return Journal(database)


def line(state: str = "applied", **parts: object) -> Line:
    """Return a line about an alias, parts replaced."""
    known: dict[str, Any] = {
        "key": "k",
        "state": state,
        "at": NOW,
        "model": MODEL,
        "alias": "champion",
        "from_version": "2",
        "to_version": "1",
        "reason": "größe 'x' \"y\"\n",
        "actor": "kim",
        "guards": [{"name": "a", "passed": True}],
        "evidence_digest": "e" * 64,
        "fence": 3,
        "detail": {"deep": [{"a": None, "b": 0.1, "c": "ä"}]},
    }
    return Line(**known | parts)


def test_lines_are_kept_as_they_were_said(journal: Journal) -> None:
    """Every field comes back; numbers count from one."""
    journal.append(line())
    journal.append(line("verified", at=NOW + HOUR))
    first, second = journal.lines(MODEL)
    assert chained(line(), 1, BEFORE_FIRST) == first
    assert (first.number, second.number) == (1, 2)
    assert first.previous == BEFORE_FIRST
    assert second.previous == first.digest


def test_lines_are_listed_by_model_and_state(journal: Journal) -> None:
    """Oldest first; all models' when none is named."""
    for model, state in (("a", "applied"), ("b", "hold"), ("a", "seen"), ("a", "hold")):
        journal.append(line(state, model=model))
    numbers = [one.number for one in journal.lines("a")]
    assert numbers == [1, 3, 4]
    assert [one.number for one in journal.lines()] == [1, 2, 3, 4]
    assert [one.number for one in journal.lines_in("hold")] == [2, 4]
    found = journal.lines_in("hold", "seen", model="a")
    assert [one.state for one in found] == ["seen", "hold"]


def test_newest_lines_and_those_of_one_thing_are_read_alone(journal: Journal) -> None:
    """Oldest first, as all of them."""
    for key, model in (("k1", "a"), ("k2", "b"), ("k1", "a"), ("k3", "a")):
        journal.append(line(model=model, key=key))
    assert [one.number for one in journal.lines("a", limit=2)] == [3, 4]
    assert [one.number for one in journal.lines(limit=3)] == [2, 3, 4]
    assert [one.number for one in journal.lines_of("k1")] == [1, 3]
    assert journal.lines_of("k") == []


def test_last_move_is_the_last_that_was_carried_out(journal: Journal) -> None:
    """Refused and other aliases' moves do not start a cool-down."""
    assert journal.last_applied(MODEL, "champion") is None
    journal.append(line(key="mine"))
    journal.append(line("blocked"))
    journal.append(line(alias="shadow"))
    journal.append(line(model="other"))
    found = journal.last_applied(MODEL, "champion")
    assert found is not None
    assert (found.at, found.key) == (NOW, "mine")


def test_alias_stood_where_the_last_line_of_then_says(journal: Journal) -> None:
    """Moves of Daywatch's, those made outside, and what was first seen; no others."""
    for hours, state, version in (
        (0, "seen", "1"),
        (2, "outside", "2"),
        (3, "executing", "9"),
        (4, "applied", "1"),
        (5, "verified", "9"),
    ):
        journal.append(line(state, at=NOW + hours * HOUR, to_version=version))
    stood = [
        journal.last_stand(MODEL, "champion", at=NOW + hours * HOUR)
        for hours in (-1, 0, 1, 2, 3, 4, 9)
    ]
    assert [one and one.to_version for one in stood] == [
        *(None, "1", "1", "2", "2", "1", "1"),
    ]
    now = journal.last_stand(MODEL, "champion")
    assert now is not None
    assert now.to_version == "1"


def test_chain_of_a_journal_left_alone_holds(journal: Journal) -> None:
    """An empty one too; its head is the last line's digest."""
    assert (journal.verify(), journal.head()) == (None, BEFORE_FIRST)
    for number in range(5):
        journal.append(line(key=f"{number}"))
    assert journal.verify() is None
    assert journal.head() == journal.lines()[-1].digest


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("UPDATE alias_journal SET actor = 'x' WHERE number = 2", "line 2 was changed"),
        ("UPDATE alias_journal SET at = '2013-09-03' WHERE number = 3", "line 3 was"),
        ("UPDATE alias_journal SET guards = '[]' WHERE number = 1", "line 1 was"),
        ("UPDATE alias_journal SET detail = '{}' WHERE number = 1", "line 1 was"),
        ("DELETE FROM alias_journal WHERE number = 1", "line 1 is missing"),
        ("DELETE FROM alias_journal WHERE number = 2", "line 2 is missing"),
        (
            "UPDATE alias_journal SET number = number - 1",
            "line 1 is missing; line 0 follows 0",
        ),
        (
            SWAP,
            "line 2 does not follow",
        ),
    ],
)
def test_what_was_done_to_a_line_is_found(
    journal: Journal, database: Database, statement: str, text: str
) -> None:
    """Whoever can write to the store cannot do so unseen."""
    for number in range(4):
        journal.append(line(key=f"{number}"))
    with database.transaction() as connection:
        for one in statement.split(";"):
            connection.execute(sa.text(one))
    found = journal.verify()
    assert found is not None
    assert found.startswith(text)


def test_journal_cut_short_is_found_by_its_head_only(
    journal: Journal, database: Database
) -> None:
    """The chain of what is left holds: that is why the head is kept elsewhere too."""
    for number in range(3):
        journal.append(line(key=f"{number}"))
    head = journal.head()
    with database.transaction() as connection:
        connection.execute(sa.delete(JournalRow).where(JournalRow.number == 3))
    assert journal.verify() is None
    assert journal.head() != head


def test_journal_can_only_be_added_to(journal: Journal) -> None:
    """There is no way to change or take back a line."""
    public = {name for name in dir(journal) if not name.startswith("_")}
    assert public == {
        *("add", "append", "cut_lines", "head", "last_applied", "last_stand", "lines"),
        *("has_line", "last_line", "lines_in", "lines_of", "verify"),
    }


def fail(_: sa.Connection) -> None:
    """Break the transaction."""
    raise ZeroDivisionError


@pytest.mark.parametrize(("then", "kept"), [(fail, 0), (lambda _: None, 1)])
def test_line_goes_with_its_transaction(
    journal: Journal,
    database: Database,
    then: Callable[[sa.Connection], None],
    kept: int,
) -> None:
    """What was not done is not in the journal; the next line follows all the same."""
    try:
        with database.transaction() as connection:
            journal.add(connection, line())
            then(connection)
    except ZeroDivisionError:
        pass
    assert len(journal.lines()) == kept
    journal.append(line())
    assert journal.verify() is None


@pytest.fixture
def heads(tmp_path: Path) -> JournalHeads:
    """Where the digest of every line is kept besides."""
    return JournalHeads(tmp_path / "kept" / "journal.heads")


def test_newest_lines_cannot_be_cut_unseen(
    database: Database, heads: JournalHeads
) -> None:
    """The chain still holds; the heads kept outside name what is gone."""
    journal = Journal(database, heads)
    for _ in range(4):
        journal.append(line())
    assert journal.cut_lines() == []
    with database.transaction() as connection:
        connection.execute(sa.delete(JournalRow).where(JournalRow.number > 2))
    assert journal.verify() is None
    assert journal.cut_lines() == [3, 4]
    journal.append(line(reason="written in their place"))
    assert journal.verify() is None
    assert journal.cut_lines() == [3, 4]


def write_and_fail(database: Database, journal: Journal) -> None:
    """Add a line in a transaction that does not come to its end."""
    with database.transaction() as connection:
        journal.add(connection, line())
        fail(connection)


def test_a_line_that_was_not_written_leaves_no_head(
    database: Database, heads: JournalHeads
) -> None:
    """A transaction that fails leaves nothing, here and there."""
    journal = Journal(database, heads)
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database, journal)
    assert (journal.lines(), heads.read()) == ([], [])


def test_a_head_that_cannot_be_kept_does_not_lose_the_line(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line stands in the store; that its head does not is logged."""
    logged: list[str] = []
    monkeypatch.setattr(
        "monitoring_tasks.store.journal_heads.logger.warning",
        lambda text, *values: logged.append(text % values),
    )
    (tmp_path / "file").touch()
    journal = Journal(database, JournalHeads(tmp_path / "file" / "journal.heads"))
    journal.append(line())
    assert len(journal.lines()) == 1
    assert "head was not kept" in logged[0]


def test_a_head_that_a_crash_cut_off_is_no_alarm(
    database: Database, heads: JournalHeads
) -> None:
    """Half a digest says nothing about the journal."""
    journal = Journal(database, heads)
    journal.append(line())
    with heads.path.open("a") as file:
        file.write("2 abc")
    journal.append(line())
    assert journal.cut_lines() == []
