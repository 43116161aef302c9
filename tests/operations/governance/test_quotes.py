"""Each number in the code is the one its sentence of law has."""

import re

import pytest

from monitoring_tasks.domain.regulatory_clocks import (
    CLOCKS,
    RETENTION_DAYS,
    RETENTION_MONTHS,
    LegalClock,
)
from monitoring_tasks.operations.governance.quotes import legal_quotes

WORDS = {"two": 2, "six": 6}
AUTHORITY = re.compile(r"not later than (\w+) days after")
LONGEST_SIX_MONTHS, SHORTEST_SIX_MONTHS = 184, 181


def number(text: str) -> int:
    """Read a number in digits or in words."""
    return WORDS[text] if text in WORDS else int(text)


@pytest.mark.parametrize("clock", CLOCKS, ids=lambda clock: clock.id)
def test_days_of_a_clock_stand_in_its_sentence(clock: LegalClock) -> None:
    """15, 10 and 2 days; where the sentence has no number it says `immediately`."""
    quote = legal_quotes()[clock.id]
    (*found,) = AUTHORITY.findall(quote.quote)
    if clock.days == 0:
        assert found == []
        assert "immediately inform first the provider" in quote.quote
    else:
        assert [number(text) for text in found] == [clock.days]
    assert quote.article == clock.article
    assert "2024/1689" in quote.regulation
    assert quote.url.startswith("https://")


@pytest.mark.parametrize(
    ("name", "article"),
    [("retention-provider", "19(1)"), ("retention-deployer", "26(6)")],
)
def test_retention_is_that_of_the_law(name: str, article: str) -> None:
    """Six months at least; in days it lies between what six months may be."""
    quote = legal_quotes()[name]
    (months,) = re.findall(r"at least (\w+) months", quote.quote)
    assert (number(months), quote.article) == (RETENTION_MONTHS, article)
    assert SHORTEST_SIX_MONTHS < RETENTION_DAYS < LONGEST_SIX_MONTHS
