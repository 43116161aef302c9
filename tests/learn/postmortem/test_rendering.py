"""A draft is Markdown to edit; its page shows values and obeys none of them."""

from monitoring_tasks.domain.rollbacks import DAYWATCH
from monitoring_tasks.learn.postmortem.facts import Told
from monitoring_tasks.learn.postmortem.front_matter import read_postmortem
from monitoring_tasks.learn.postmortem.rendering import draft, page_of, storage_of
from tests.builders import NOW, make_incident
from tests.learn.postmortem.facts import make_facts


def test_draft_has_every_part_and_is_an_unedited_draft() -> None:
    """All headings people are to fill are there, in a file Daywatch knows again."""
    text = draft(make_facts())
    read = read_postmortem(text, "a.md")
    assert (read.status, read.is_edited) == ("draft", False)
    for heading in (
        "Summary", "Impact", "Lead-up", "Detection", "Response and recovery",
        "Time line", "Why", "Was the estimate right?", "What went well",
        "What went badly", "Where we were lucky", "Contributing factors",
        "Action items", "Regulatory notes", "Reviewers",
    ):  # fmt: skip
        assert f"\n## {heading}\n" in read.body, heading


def test_values_cannot_become_tags_links_or_cells() -> None:
    """What a value says is shown as it is, on the page and in Confluence."""
    evil = "a|b <script>x</script> [y](javascript:z) **c**"
    page = page_of(read_postmortem(draft(_titled(evil)), "a.md").body, "<b>")
    assert "<script>" not in page
    assert 'href="javascript' not in page
    assert "<strong>c</strong>" not in page
    assert "a|b &lt;script&gt;" in page
    assert "<title>&lt;b&gt;</title>" in page


def test_time_line_names_no_person() -> None:
    """Who said something stands in the store, not in a blameless text."""
    told = [
        Told(at=NOW, who=who, state="open", text="it broke", source="event 1 (abc)")
        for who in (DAYWATCH, "a person")
    ]
    text = draft(make_facts(told=told))
    assert "| a person | open | it broke | event 1 (abc) |" in text


def test_storage_is_well_formed() -> None:
    """Confluence takes XHTML only."""
    assert storage_of("a  \nb\n\n---\n") == "<p>a<br />\nb</p>\n<hr />\n"


def _titled(title: str):  # noqa: ANN202 (facts)
    return make_facts(incident=make_incident(title=title))
