from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.domain.chains import BEFORE_FIRST, first_break
from monitoring_tasks.domain.journal import (
    FIELDS,
    JournalLine,
    Line,
    chained,
    digest_of,
)
from tests.builders import NOW


def line(**parts: object) -> Line:
    """Return a line, parts replaced."""
    known: dict[str, Any] = {
        "key": "k",
        "state": "applied",
        "at": NOW,
        "model": "m",
        "actor": "kim",
    }
    return Line(**known | parts)


def lines(count: int) -> list[JournalLine]:
    """Return a journal of so many lines."""
    made: list[JournalLine] = []
    for number in range(1, count + 1):
        previous = made[-1].digest if made else BEFORE_FIRST
        made.append(chained(line(key=f"k{number}"), number, previous))
    return made


@given(st.integers(0, 8))
def test_chain_as_it_was_written_holds(count: int) -> None:
    """However long, an empty one too."""
    assert first_break(lines(count)) is None


@given(st.data())
def test_line_that_was_changed_is_found(data: st.DataObject) -> None:
    """Any line, in any of its fields."""
    journal = lines(4)
    index = data.draw(st.integers(0, 3))
    name = data.draw(st.sampled_from(FIELDS))
    other: dict[str, Any] = {
        "at": NOW + timedelta(microseconds=1),
        "fence": 7,
        "guards": [{"name": "x"}],
        "detail": {"forced": True},
    }
    changed = {name: other.get(name, "something else")}
    journal[index] = replace(journal[index], **changed)
    text = f"line {index + 1} was changed after it was written"
    assert first_break(journal) == text


@given(st.integers(0, 2))
def test_line_that_is_missing_is_found(index: int) -> None:
    """Any but the last: that one is missed by the head kept elsewhere."""
    journal = lines(4)
    del journal[index]
    assert first_break(journal) == (
        f"line {index + 1} is missing; line {index + 2} follows {index}"
    )


@given(st.permutations(range(4)).filter(lambda order: order != [0, 1, 2, 3]))
def test_lines_in_another_order_are_found(order: list[int]) -> None:
    """Also when they are numbered as if nothing had happened."""
    moved = [lines(4)[index] for index in order]
    assert first_break(moved) is not None
    numbered = [replace(line, number=n) for n, line in enumerate(moved, start=1)]
    assert first_break(numbered) is not None


def test_line_that_was_written_anew_breaks_the_one_after_it() -> None:
    """Whoever computes its digest again has to do so for all that follow."""
    journal = lines(3)
    journal[1] = chained(line(key="forged"), 2, journal[0].digest)
    assert first_break(journal) == "line 3 does not follow the line before it"


def test_line_put_in_between_is_found() -> None:
    """Numbers have no gaps and no doubles."""
    journal = lines(2)
    extra = chained(line(), 2, journal[0].digest)
    journal.insert(1, extra)
    assert first_break(journal) == "line 3 is missing; line 2 follows 2"


def test_digest_does_not_know_the_zone_an_instant_comes_back_in() -> None:
    """A database may give any; another instant is another digest."""
    row = lines(1)[0].to_json()
    there = NOW.astimezone(timezone(timedelta(hours=-5)))
    assert digest_of(dict(row) | {"at": there}) == row["digest"]
    assert digest_of(dict(row) | {"at": NOW.replace(microsecond=1)}) != row["digest"]


def test_digest_is_over_every_field_number_and_previous() -> None:
    """A column added to lines later has to be put under the digest, or told here."""
    row = lines(1)[0].to_json()
    assert set(row) == {*FIELDS, "number", "previous", "digest"}
    assert digest_of(dict(row) | {"number": 2}) != row["digest"]
    assert digest_of(dict(row) | {"previous": "1" * 64}) != row["digest"]
