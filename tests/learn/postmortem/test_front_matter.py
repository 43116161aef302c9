"""The head of a post-mortem: what was edited is known, what is unknown is refused."""

import pytest

from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.learn.postmortem.front_matter import (
    read_postmortem,
    with_front_matter,
)

TEXT = with_front_matter("# A\n\nbody\n", {"incident": "a", "status": "draft"})


@pytest.mark.parametrize(
    ("before", "after"),
    [("body", "what people wrote"), ("status: draft", "status: in_review")],
)
def test_a_change_anywhere_is_an_edit(before: str, after: str) -> None:
    """A status that was set counts as much as a sentence that was written."""
    assert not read_postmortem(TEXT, "a.md").is_edited
    assert read_postmortem(TEXT.replace(before, after), "a.md").is_edited


def test_digest_is_of_the_text_below_the_head() -> None:
    """A reviewer's name in the head changes nothing that was reviewed."""
    named = TEXT.replace("status: draft", "status: reviewed\nreviewers: [kim]")
    read = read_postmortem(named, "a.md")
    assert read.reviewers == ("kim",)
    assert read.digest == read_postmortem(TEXT, "a.md").digest
    changed = read_postmortem(TEXT.replace("body", "more"), "a.md")
    assert read.digest != changed.digest


@pytest.mark.parametrize(
    "text",
    ["# no head", "---\n[1]\n---\nx", TEXT.replace("draft\n", "done\n", 1)],
    ids=["no head", "no keys", "unknown status"],
)
def test_head_that_says_nothing_known_is_refused(text: str) -> None:
    """It is never taken for a reviewed one."""
    with pytest.raises(ConfigurationError, match=r"a\.md"):
        read_postmortem(text, "a.md")
