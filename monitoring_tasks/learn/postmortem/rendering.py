"""A post-mortem as Markdown to edit, as a page, and as Confluence keeps it. Pure."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt

from monitoring_tasks.learn.postmortem.facts import PostmortemFacts
from monitoring_tasks.learn.postmortem.front_matter import with_front_matter
from monitoring_tasks.learn.postmortem.lessons import lessons_of
from monitoring_tasks.learn.postmortem.why_tree import WhyNode, why_tree

LONGEST_CELL = 600
"""Characters of one value; the store has the whole of it."""


def draft(facts: PostmortemFacts) -> str:
    """Return the draft of a post-mortem: its head, and Markdown to edit.

    Args:
        facts: What the store holds of the incident.
    """
    tree = why_tree(facts)
    body = templates().get_template("postmortem.md.j2")
    text = body.render(facts=facts, tree=tree, lessons=lessons_of(facts))
    due = facts.review_due
    return with_front_matter(
        text,
        {
            "incident": facts.incident.id,
            "severity": facts.incident.severity.value,
            "status": "draft",
            "found_by": "daywatch",
            # The last day of it: the instant is the midnight at its end.
            "review_due": str((due - timedelta(seconds=1)).date()) if due else None,
            "drafted_at": facts.drafted_at.isoformat(),
            "authors": [],
            "reviewers": [],
        },
    )


def facts_as_plain(facts: PostmortemFacts) -> dict[str, Any]:
    """Return what a post-mortem is drafted from as plain JSON, the tree of whys too."""
    left_out = {"evaluation", "findings", "rules", "incident", "override"}
    plain = {name: v for name, v in asdict(facts).items() if name not in left_out}
    lessons = asdict(lessons_of(facts))
    return plain | {
        "incident": facts.incident.id,
        "evaluation": facts.evaluation.key if facts.evaluation else None,
        "why_tree": as_plain(why_tree(facts)),
        "lessons": lessons,
    }


def as_plain(tree: tuple[WhyNode, ...]) -> list[dict[str, object]]:
    """Return a tree of whys as plain JSON."""
    return [
        {
            "id": node.id,
            "parent": node.parent,
            "question": node.question,
            "answer": node.answer,
            "status": node.status.value,
            "evidence": list(node.evidence),
        }
        for node in tree
    ]


def storage_of(body: str) -> str:
    """Return Markdown as well-formed XHTML; tags in it are shown, never obeyed."""
    return str(_markdown().render(body))


def page_of(body: str, title: str) -> str:
    """Return Markdown as a page that opens anywhere, without a network.

    Args:
        body: Markdown.
        title: Of the page.
    """
    page = templates().get_template("page.html.j2")
    return page.render(title=escape(title), content=storage_of(body))


@cache
def templates() -> Environment:
    """Return the templates of Markdown; values are kept from being read as marks."""
    made = Environment(
        loader=PackageLoader("monitoring_tasks.learn.postmortem"),
        autoescape=False,  # noqa: S701 (Markdown; tags are escaped when it is rendered)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"cell": cell, "instant": instant}
    return made


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable("table")


def cell(value: object) -> str:
    r"""Return a value as text of one line that Markdown takes as it stands.

    >>> print(cell("a|b <c>"))
    a\|b \<c>
    """
    text = " ".join(str(value).split())
    if len(text) > LONGEST_CELL:
        text = f"{text[: LONGEST_CELL - 1]}…"
    for mark in ("\\", "`", "*", "|", "<"):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("](", "]\\(")


def instant(at: datetime | None) -> str:
    """Return an instant to the minute in UTC; a dash for none."""
    return "-" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
