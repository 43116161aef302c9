"""Figures of the house: sizes, names, types, doors and words of the package.

    python -m benchmarks.house            # a table
    python -m benchmarks.house --json
    python -m benchmarks.house --root OTHER_CHECKOUT

Counts what makes code hard to read for a stranger, so that a change can be held against
what stood before. Nothing is imported: the sources are parsed.
"""

import argparse
import ast
import io
import json
import math
import re
import statistics
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "monitoring_tasks"
STEPS = ("extract", "validate", "estimate", "compare", "decide", "respond", "learn")
WORKSPACE = {f"{PACKAGE}.workspace.workspace", f"{PACKAGE}.wiring.workspace"}
"""The module of the workspace, today's and the one of older checkouts."""
UNTYPED = re.compile(r"(?:dict|Mapping)\[str, Any\]")
FLOW = (*STEPS, "workspace", "rows", "statistics", "domain", "daily.py", "wiring")
"""Where a day flows; `store`, `report`, `cli` and `contract` border on JSON."""
WITHOUT_CONTENT = frozenset(
    {
        "space", "found", "known", "one", "told", "mine", "asked", "place", "thing",
        "stuff", "data", "tmp", "temp", "obj", "item", "res", "ret", "look", "looks",
        "wish", "whole", "rest", "what", "seen", "said", "theirs", "ours", "more",
    }
)  # fmt: skip
"""Names that say nothing of what they hold."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="another checkout")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    options = parser.parse_args()
    figures = measure(options.root / PACKAGE)
    if options.json:
        print(json.dumps(figures, indent=2))  # noqa: T201 (a script's output)
        return
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name.replace("_", " "), str(value))
    Console().print(table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One parsed file of the package.

    Attributes:
        path: Below the package.
        text: Its text.
        tree: Its syntax tree.
        functions: Its functions and methods, nested ones too.
    """

    path: Path
    text: str
    tree: ast.Module
    functions: tuple[Function, ...]


def measure(package: Path) -> dict[str, Any]:
    """Return all figures of a package's sources, by name."""
    sources = read_sources(package)
    return size_figures(sources) | word_figures(sources) | door_figures(sources)


def read_sources(package: Path) -> list[Source]:
    """Parse every file of a package but the store's migrations."""
    sources = []
    for path in sorted(package.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        sources.append(
            Source(
                path=path.relative_to(package),
                text=text,
                tree=tree,
                functions=tuple(functions_in(tree)),
            )
        )
    return sources


def size_figures(sources: Sequence[Source]) -> dict[str, Any]:
    """Return how long files and functions are; files of one line do not count."""
    lines = [n for source in sources if (n := source.text.count("\n")) > 1]
    sizes = [code_lines(f) for source in sources for f in source.functions]
    return {
        "files": len(lines),
        "lines": sum(lines),
        "file_lines_median": round(statistics.median(lines)),
        "file_lines_p90": quantile(lines, 0.9),
        "file_lines_max": max(lines),
        "functions": len(sizes),
        "function_lines_median": round(statistics.median(sizes)),
        "function_lines_p95": quantile(sizes, 0.95),
        "function_lines_max": max(sizes),
    }


def word_figures(sources: Sequence[Source]) -> dict[str, Any]:
    """Return what names, docstrings and comments tell a reader."""
    names = [name for source in sources for name in named_in(source.tree)]
    empty = sum(name in WITHOUT_CONTENT for name in names)
    functions = [f for source in sources for f in source.functions]
    several = [f for f in functions if f.name[0] != "_" and parameters(f) >= 2]
    with_args = sum("Args:" in (ast.get_docstring(f) or "") for f in several)
    docs = [doc for f in functions if (doc := ast.get_docstring(f))]
    comments = sum(comment_count(source.text) for source in sources)
    lines = sum(source.text.count("\n") for source in sources)
    return {
        "names_without_content_percent": percent(empty, len(names)),
        "comments_per_100_lines": percent(comments, lines),
        "public_functions_of_two_or_more_parameters_with_args_percent": percent(
            with_args, len(several)
        ),
        "docstrings_beginning_with_give": sum(d.startswith("Give ") for d in docs),
    }


def door_figures(sources: Sequence[Source]) -> dict[str, Any]:
    """Return how many files open the workspace, and what flows without a type."""
    doors = [source for source in sources if imports_of(source.tree) & WORKSPACE]
    opened = [
        source
        for source in sources
        if is_in(source.path, STEPS)
        and source.path.name != "step.py"
        and any(
            is_below(name, ("store", "workspace")) for name in imports_of(source.tree)
        )
    ]
    return {
        "dict_str_any_in_the_flow": sum(
            len(UNTYPED.findall(source.text))
            for source in sources
            if is_in(source.path, FLOW)
        ),
        "files_importing_the_workspace": len(doors),
        "files_importing_the_workspace_in_steps": sum(
            is_in(source.path, STEPS) for source in doors
        ),
        "files_of_words_opening_store_or_workspace_beside_step": len(opened),
    }


def is_in(path: Path, rooms: Iterable[str]) -> bool:
    """Whether a path below the package lies in one of the rooms."""
    return path.parts[0] in rooms


def functions_in(tree: ast.AST) -> Iterator[Function]:
    """Return every function and method, nested ones too."""
    return (n for n in ast.walk(tree) if isinstance(n, Function))


def code_lines(function: Function) -> int:
    """Return the lines of a function's body, its docstring aside."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    if not body:
        return 0
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1


def named_in(tree: ast.AST) -> Iterator[str]:
    """Return every assigned name and every parameter."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def parameters(function: Function) -> int:
    """Return how many parameters a function has, `self` and `cls` aside."""
    args = function.args
    named = [a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    return len([name for name in named if name not in {"self", "cls"}])


def imports_of(tree: ast.AST) -> set[str]:
    """Return the modules a file imports, or imports names from."""
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module)
        elif isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
    return modules


def is_below(module: str, rooms: Iterable[str]) -> bool:
    """Whether a module lies in one of the package's folders."""
    return any(module.startswith(f"{PACKAGE}.{room}.") for room in rooms)


def comment_count(text: str) -> int:
    """Return how many comments explain: marks for tools do not count."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    marks = ("# noqa", "# type:", "# fmt:", "# pragma")
    return sum(
        token.type == tokenize.COMMENT and not token.string.startswith(marks)
        for token in tokens
    )


def quantile(values: Sequence[int], share: float) -> int:
    """Return the smallest value that a share of them, 0..1, does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def percent(part: int, total: int) -> float:
    """Return a share in percent, to one decimal."""
    return round(100 * part / total, 1) if total else 0.0


if __name__ == "__main__":
    main()
