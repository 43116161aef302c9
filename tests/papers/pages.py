"""Pages of the documents, read as tables, code words and drawings."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "monitoring_tasks"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def page(name: str) -> str:
    """Return the text of a page by its path below the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def section(name: str, title: str) -> str:
    """Return what stands under a heading, up to the next of its rank or a higher."""
    lines = page(name).splitlines()
    start = next(
        number
        for number, line in enumerate(lines)
        if line.startswith("#") and line.lstrip("# ").replace("`", "") == title
    )
    rank = len(lines[start]) - len(lines[start].lstrip("#"))
    end = next(
        (
            number
            for number, line in enumerate(lines[start + 1 :], start + 1)
            if re.match(rf"#{{1,{rank}}} ", line)
        ),
        len(lines),
    )
    return "\n".join(lines[start + 1 : end])


def cells(text: str) -> list[list[str]]:
    """Return the cells of every row of a text's tables, without heads and rules."""
    lines = text.splitlines()
    rows = []
    for number, line in enumerate(lines):
        is_row = line.lstrip().startswith("|")
        is_head = number + 1 < len(lines) and set(lines[number + 1]) <= set("|- ")
        is_rule = set(line) <= set("|- ")
        if is_row and not is_rule and not (is_head and lines[number + 1].strip()):
            rows.append([c.strip() for c in re.split(r"(?<!\\)\|", line.strip())[1:-1]])
    return rows


def words(text: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`\n]+)`", text)
