"""Nothing of a page is wider than a screen unless it scrolls by itself."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.index import IndexEntry, render_index
from monitoring_tasks.report.pages import render_day
from tests.report.sample import BAD_DAY, EMPTY_DAY, QUARANTINED_DAY
from tests.report.test_pages import VOID

Gather = Callable[[date], Facts]
WIDE = {"table": "scroll", "svg": "plot"}
"""What is as wide as its content, and the class of what it must scroll in."""


class Boxes(HTMLParser):
    """Collects what is wide and stands in nothing that scrolls."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, set[str]]] = []
        self.wide = 0
        self.loose: list[str] = []
        self.unreachable: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = set((given.get("class") or "").split())
        if tag in WIDE:
            self.wide += 1
            if not any(WIDE[tag] in outer for _, outer in self.open):
                self.loose.append(tag)
        if classes & set(WIDE.values()) and given.get("tabindex") != "0":
            self.unreachable.append(str(given))
        if tag not in VOID:
            self.open.append((tag, classes))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag


@pytest.mark.parametrize("day", [BAD_DAY, QUARANTINED_DAY, EMPTY_DAY])
def test_tables_and_charts_scroll_by_themselves(facts_of: Gather, day: date) -> None:
    """On 390 pixels the page stays put; what scrolls can be reached by the keyboard."""
    boxes = Boxes(render_day(facts_of(day)))
    assert boxes.wide > 2
    assert (boxes.loose, boxes.unreachable) == ([], [])


def test_the_chart_of_a_regression_scrolls_too(facts_of: Gather) -> None:
    """It is as wide as the others."""
    facts = facts_of(BAD_DAY)
    contract = facts.contract.model_copy(update={"problem": Problem.REGRESSION})
    boxes = Boxes(render_day(replace(facts, contract=contract)))
    assert (boxes.loose, boxes.unreachable) == ([], [])


def test_the_index_scrolls_its_table_and_wraps_its_strip() -> None:
    """A strip of ninety days takes more lines on a phone, not more width."""
    entry = IndexEntry(model="m", day=BAD_DAY, mode=Mode.LIVE, verdict=Verdict.OK)
    page = render_index([entry])
    boxes = Boxes(page)
    assert (boxes.wide, boxes.loose, boxes.unreachable) == (1, [], [])
    assert re.search(r"\.strip \{[^}]*flex-wrap: wrap", page)


@pytest.mark.parametrize(
    "rule",
    [
        r"\.scroll \{ overflow-x: auto",
        r"\.plot \{ overflow-x: auto",
        r"\.first pre \{[^}]*white-space: pre-wrap",
        r"\.first pre \{[^}]*overflow-wrap: anywhere",
        r"\.scroll::-webkit-scrollbar",
        r"h1 \{[^}]*overflow-wrap: anywhere",
    ],
)
def test_styles_keep_long_texts_on_the_screen(facts_of: Gather, rule: str) -> None:
    """What scrolls shows its bar; a long command or name is broken."""
    assert re.search(rule, render_day(facts_of(EMPTY_DAY)))
