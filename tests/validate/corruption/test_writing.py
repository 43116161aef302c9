"""Texts in another writing."""

import pytest

from monitoring_tasks.validate.corruption.writing import Writings

KNOWN = ["New York", "Zürich", "Bern"]


@pytest.mark.parametrize(
    "text",
    ["NEW YORK", " New York", "NewYork", "Zurich", "Zu\u0308rich", "New Yo", "bern\t"],
)
def test_case_blanks_accents_and_cut_ends_do_not_count(text: str) -> None:
    """The same thing, written otherwise."""
    assert Writings(KNOWN).holds(text)


@pytest.mark.parametrize("text", ["Basel", "Be", "", "York"])
def test_another_word_is_another_word(text: str) -> None:
    """Neither a new name nor so short a beginning is a known one."""
    assert not Writings(KNOWN).holds(text)
