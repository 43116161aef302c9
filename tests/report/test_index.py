import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from monitoring_tasks.domain.day_lines import DayLine
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.report.index import (
    INDEX_DAYS,
    INDEX_LINES,
    STRIP_DAYS,
    IndexEntry,
    grouped,
    render_index,
    write_index,
)
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.day_lines import newest_days
from tests.report.sample import BAD_DAY, NASTY
from tests.report.test_pages import Page

ENTRY = IndexEntry(model="m", day=BAD_DAY, mode=Mode.LIVE, verdict=Verdict.OK)


def days_of(database: Database) -> list[DayLine]:
    """The days of every model of a store."""
    return newest_days(database, most=INDEX_DAYS, lines=INDEX_LINES)


def test_index_lists_every_day_newest_first(database: Database, tmp_path: Path) -> None:
    """One line a day looked at; only a day with a page has a link."""
    page = tmp_path / "flight_delay" / "2013-08-20.html"
    page.parent.mkdir()
    page.touch()
    index = Page(write_index(days_of(database), tmp_path).read_text(encoding="utf-8"))
    assert index.open == []
    assert index.tags.count("tr") == 1 + 59
    # The strip and the table lead to the one page there is.
    assert index.addresses == ["flight_delay/2013-08-20.html"] * 2
    table = index.text[index.text.index("What was done") :]
    assert table.index("2013-08-29") < table.index("2013-07-01")
    line = "2013-08-20 ✖ breach P1 model live Moved champion from 4 to 3."
    assert line in table


def test_index_says_how_to_write_the_pages_that_are_missing(
    database: Database, tmp_path: Path
) -> None:
    """The command is there to be copied; with all pages there it is gone."""
    command = "daywatch report flight_delay --missing"
    index = write_index(days_of(database), tmp_path)
    assert "59 of 59 days have no page yet" in index.read_text()
    assert command in index.read_text()
    (tmp_path / "flight_delay").mkdir()
    for back in range(60):
        day = date(2013, 8, 29) - timedelta(days=back)
        (tmp_path / "flight_delay" / f"{day}.html").touch()
    assert command not in write_index(days_of(database), tmp_path).read_text()


def test_index_groups_by_model_with_a_strip_of_verdicts() -> None:
    """Each model by name; its strip is oldest first, and a gap in it is a gap."""
    entries = [
        replace(ENTRY, model="b", verdict=Verdict.BREACH),
        replace(ENTRY, model="a", day=BAD_DAY - timedelta(days=2)),
        replace(ENTRY, model="a", verdict=None),
    ]
    first, second = grouped(entries)
    assert (first.model, second.model) == ("a", "b")
    assert [entry.day for entry in first.entries] == [
        BAD_DAY,
        BAD_DAY - timedelta(days=2),
    ]
    assert [entry and entry.verdict for _, entry in first.strip] == [
        Verdict.OK,
        None,
        None,
    ]
    page = render_index(entries)
    strips = re.findall(r'<ol class="strip".*?</ol>', page, flags=re.DOTALL)
    assert [re.sub(r"<[^>]+>|\s", "", strip) for strip in strips] == ["✓·○", "✖"]
    assert 'title="2013-08-19: not judged"' in page


def test_strip_is_bounded_and_the_table_is_not() -> None:
    """A year of days does not fill the screen with cells."""
    entries = [replace(ENTRY, day=BAD_DAY - timedelta(days=i)) for i in range(300)]
    (model,) = grouped(entries)
    assert (len(model.strip), len(model.entries)) == (STRIP_DAYS, 300)
    assert model.strip[-1][0] == BAD_DAY


def test_index_says_so_when_there_is_nothing(tmp_path: Path) -> None:
    """An empty store has an index that says so."""
    written = write_index([], tmp_path / "reports")
    assert "no data: no day has been judged yet" in written.read_text(encoding="utf-8")


def test_index_escapes_and_shows_missing_words() -> None:
    """An action may hold any text; what is missing is a dash."""
    index = render_index([replace(ENTRY, verdict=Verdict.NO_DATA, action=NASTY)])
    assert "<script" not in index
    assert f"2013-08-20 ∅ no data - - live {NASTY}" in Page(index).text
