import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from monitoring_tasks.domain.delivery_problem import DeliveryProblem
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.report import pages, tables
from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.pages import render_day
from tests.report.sample import with_decision

BAD_DAY, EMPTY_DAY = date(2013, 8, 20), date(2013, 8, 29)
NASTY = "<script>alert(\"1\")</script> 'größe' & 空"
VOID = {"meta", "br", "link", "img", "input", "hr"}
Gather = Callable[[date], Facts]


class Page(HTMLParser):
    """A page as its tags, addresses and text; refuses tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        loads = {"href", "src", "srcset", "xlink:href", "action", "data"}
        self.addresses += [value or "" for name, value in attrs if name in loads]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        """The text a reader sees, in one line."""
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def breach(facts_of: Gather) -> str:
    """The page of the day of the rollback."""
    return render_day(facts_of(BAD_DAY))


@pytest.fixture(scope="module")
def bare(facts_of: Gather) -> Facts:
    """The empty day with no day before it: a page with next to nothing to draw."""
    facts = facts_of(EMPTY_DAY)
    looks = {EMPTY_DAY: facts.timeline[EMPTY_DAY]}
    return replace(facts, timeline=looks, first_day=EMPTY_DAY)


def test_page_is_html_and_loads_nothing(breach: str) -> None:
    """One file: no script, no link, no frame; the only address is the index."""
    page = Page(breach)
    assert page.open == []
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert page.addresses == ["../index.html"]
    assert not re.search(r"url\(|@import|javascript:|\son\w+=", breach)


def test_page_escapes_names_and_values(breach: str) -> None:
    """Quotes, markup and Unicode of a column or a reason are shown, never run."""
    assert "<script" not in breach
    assert NASTY in Page(breach).text


def test_page_is_small_and_has_no_machine_numbers(breach: str) -> None:
    """A page of 60 days stays below 700 KB and shows no NaN or None."""
    assert len(breach.encode()) < 700_000
    assert not re.search(r"\b(NaN|None|nan|inf)\b", Page(breach).text)


def test_page_is_equal_text_for_equal_facts(breach: str, facts_of: Gather) -> None:
    """Writing a page again changes no byte."""
    assert render_day(facts_of(BAD_DAY)) == breach


@pytest.mark.parametrize(
    ("section", "fact"),
    [
        pytest.param("verdict", "✖ breach · severity P1 · cause: model", id="verdict"),
        pytest.param("verdict", "Rollback: Moved champion from 4 to 3.", id="action"),
        pytest.param(
            "verdict",
            "daywatch run flight_delay --day 2013-08-20 --dry-run",
            id="again",
        ),
        pytest.param("verdict", "2013-08-21 10:00 UTC", id="as of"),
        pytest.param("performance", "roc auc", id="time line"),
        pytest.param(
            "estimator", "roc auc all ▲ demoted 49 +0.016 0.012 to 0.020", id="trust"
        ),
        pytest.param(
            "estimator", "0.018 50.0 % of 49 0.250 0.721 0.705", id="trust in numbers"
        ),
        pytest.param("estimator", "it lay too high f1 all ? untested 0 -", id="why"),
        pytest.param("estimator", "no value: untested: 0 mature days", id="untested"),
        pytest.param("checks", "900 rows, 880 joined, 120 missing", id="labels"),
        pytest.param("drift", "nulls 0.3 % (reference 0.3 %)", id="distributions"),
        pytest.param("drift", "no data: the day has no valid value", id="all null"),
        pytest.param("findings", "at least 0.700", id="limit"),
        pytest.param("findings", "policy.drift.min_distance", id="origin"),
        pytest.param("findings", "tpr, all: 3 rows are fewer", id="unjudged"),
        pytest.param(
            "versions", "3 roc auc 0.640 0.760 0.120 0.090 to 0.150", id="gain"
        ),
        pytest.param("versions", "2 roc auc no value", id="no answer"),
        pytest.param("incidents", "ROC AUC below 0.7", id="event"),
        pytest.param("incidents", "2013-08-23 10:00 UTC † mitigating kim", id="later"),
        pytest.param("incidents", "alias unchanged ✓ held this that", id="guard"),
        pytest.param("service", "the contract declares no column", id="no errors"),
        pytest.param("words", "✖ breach The whole interval", id="glossary"),
    ],
)
def test_section_shows_its_facts(breach: str, section: str, fact: str) -> None:
    """What was written to the store stands in the section a reader looks in."""
    ids = re.findall(r'<h2 id="(\w+)"', breach)
    start = breach.index(f'<h2 id="{section}"')
    rest = [breach.find(f'<h2 id="{name}"', start + 1) for name in ids]
    end = min((place for place in rest if place > 0), default=len(breach))
    text = re.sub(r"<[^>]+>", " ", breach[start:end])
    assert fact in " ".join(text.split())


def test_page_says_why_when_the_day_is_empty(facts_of: Gather) -> None:
    """A day without predictions is not decided, and every section says so."""
    text = Page(render_day(facts_of(EMPTY_DAY))).text
    assert "○ not decided" in text
    assert "No rows to judge: no file for 2013-08-29" in text
    assert text.count("no data: ") == 7


def test_page_names_the_doubled_ids_when_the_day_is_quarantined(
    facts_of: Gather,
) -> None:
    """What failed, how many rows and which ids; and that nothing was judged."""
    text = Page(render_day(facts_of(date(2013, 8, 5)))).text
    assert "The batch is quarantined" in text
    assert f"12 ids twice 24 r-17, {NASTY}" in text
    assert "What was done about it is not written down yet." in text


def test_page_says_so_when_the_version_has_no_reference(facts_of: Gather) -> None:
    """No reference, no comparison: in words."""
    text = Page(render_day(facts_of(date(2013, 8, 27)))).text
    assert "no data: version 3 has no reference" in text


def test_page_renders_when_it_is_the_first_day(facts_of: Gather) -> None:
    """A time line of one day is a time line."""
    assert "01 Jul" in Page(render_day(facts_of(date(2013, 7, 1)))).text


def test_page_says_when_clock_and_mode_are_not_real(bare: Facts) -> None:
    """A demonstration is never mistaken for a watch."""
    unit = replace(bare.unit, mode=Mode.BACKFILL)
    shown = replace(bare, simulated_clock=True, unit=unit)
    text = Page(render_day(shown)).text
    assert "(simulated clock)" in text
    assert "backfill: acts on nothing outside" in text


def test_page_says_when_only_labels_are_missing(bare: Facts) -> None:
    """Labels that could not be read are told without calling the rows missing."""
    look = bare.timeline[EMPTY_DAY]
    header = replace(look.header, problem=DeliveryProblem(labels="the source is down"))
    changed = replace(bare, timeline={EMPTY_DAY: replace(look, header=header)})
    text = Page(render_day(changed)).text
    assert "No labels: the source is down" in text
    assert "No rows to judge" not in text


def test_page_keeps_a_bounded_number_of_quiet_findings(
    bare: Facts, facts_of: Gather
) -> None:
    """Beyond a bound quiet findings are counted, not shown; the others all are."""
    loud, quiet = tables.split_findings(facts_of(BAD_DAY))
    many = [*quiet[:1] * (tables.MOST_QUIET + 7), *loud[:1] * 300]
    page = Page(render_day(replace(bare, findings=many)))
    assert "7 more are in the store and not on this page" in page.text
    assert page.text.count("✖ breach realized") == 300


def test_write_day_leaves_nothing_beside_the_page(bare: Facts, tmp_path: Path) -> None:
    """The page is written under another name and renamed, over an old one too."""
    pages.write_day(bare, tmp_path)
    path = pages.write_day(bare, tmp_path)
    assert path == tmp_path / "flight_delay" / "2013-08-29.html"
    assert list(path.parent.iterdir()) == [path]
    assert path.read_text(encoding="utf-8").endswith("</html>")


def test_pages_of_days_side_by_side_link_to_each_other(
    facts_of: Gather, tmp_path: Path
) -> None:
    """Whatever the order they are written in; a link never leads to no page."""
    days = [date(2013, 8, 19), date(2013, 8, 23), BAD_DAY]
    for day in days:
        pages.write_day(facts_of(day), tmp_path)
    (tmp_path / "flight_delay" / "2013-not-a-day.html").touch()
    links = {
        day: Page((tmp_path / "flight_delay" / f"{day}.html").read_text()).addresses
        for day in days
    }
    assert links == {
        date(2013, 8, 19): ["../index.html", "2013-08-20.html"],
        BAD_DAY: ["2013-08-19.html", "../index.html", "2013-08-23.html"],
        date(2013, 8, 23): ["2013-08-20.html", "../index.html"],
    }


def test_a_neighbour_changes_nothing_but_the_links(
    facts_of: Gather, tmp_path: Path
) -> None:
    """The page of the day before is otherwise the page it was."""
    first = pages.write_day(facts_of(date(2013, 8, 19)), tmp_path)
    before = first.read_text()
    pages.write_day(facts_of(BAD_DAY), tmp_path)
    link = ' · <a rel="next" href="2013-08-20.html">2013-08-20 →</a>'
    assert first.read_text().replace(link, "") == before


def test_page_shortens_a_text_that_would_fill_it(bare: Facts) -> None:
    """Ten megabytes of one reason are named in their length, not written down."""
    look = bare.timeline[EMPTY_DAY]
    text = "a\x00<b>" + "x" * 10**7
    long = with_decision(look, verdict=Verdict.NO_DATA, reasons=(text,))
    page = render_day(replace(bare, timeline={EMPTY_DAY: long}))
    assert len(page) < 100_000
    assert "a\ufffd&lt;b&gt;xxx" in page
    assert "characters more)" in page
