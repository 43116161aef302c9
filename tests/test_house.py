"""The figures of the house count what they say."""

import ast
from pathlib import Path

from benchmarks import house

SOURCE = '''"""A module."""

from monitoring_tasks.workspace.workspace import Workspace


def give(space: Workspace, rows: dict[str, Any]) -> int:
    """Give a number.

    Args:
        space: Where.
        rows: Which.
    """
    # Why the first: the others repeat it.
    found = rows["a"]  # noqa: X
    return found


def _plain(rows, count):
    return [one for one in rows]
'''


def write_package(folder: Path) -> Path:
    """Write a package of one word with a door, a second door and an empty init."""
    word = folder / "compare"
    word.mkdir(parents=True)
    (word / "__init__.py").write_text("")
    (word / "step.py").write_text(SOURCE)
    (word / "judge.py").write_text(SOURCE)
    return folder


def test_figures_of_a_small_package(tmp_path: Path) -> None:
    """Each figure is what a person counts by hand."""
    figures = house.measure(write_package(tmp_path))
    assert (figures["files"], figures["functions"]) == (2, 4)
    assert figures["function_lines_max"] == 2
    # space, rows, found, rows, count, one: of two files.
    assert figures["names_without_content_percent"] == 50.0
    assert figures["dict_str_any_in_the_flow"] == 2
    assert figures["files_importing_the_workspace_in_steps"] == 2
    assert figures["files_of_words_opening_store_or_workspace_beside_step"] == 1
    assert figures["docstrings_beginning_with_give"] == 2
    with_args = "public_functions_of_two_or_more_parameters_with_args_percent"
    assert figures[with_args] == 100.0


def test_marks_for_tools_are_no_comments() -> None:
    """Only a comment that tells a reader something counts."""
    assert house.comment_count(SOURCE) == 1


def test_quantile_is_the_nearest_rank() -> None:
    """Nine of ten values do not exceed the ninth."""
    assert house.quantile(range(1, 11), 0.9) == 9
    assert house.quantile([7], 0.5) == 7


def test_self_is_no_parameter() -> None:
    """What a caller hands over is counted, no more."""
    (method,) = house.functions_in(ast.parse("def f(self, a, *, b): ..."))
    assert house.parameters(method) == 2
