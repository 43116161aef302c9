"""Playbooks: what a person does about an incident of each cause, as Markdown. Pure.

The shipped ones are part of the program; a model's own are handed in as text.
"""

import shlex
import traceback
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, StrictUndefined, Template, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.errors import ConfigurationError

FOLDER = "playbooks"
"""Of the shipped ones, and of a model's own beside its contract."""
OWN = "<template>"
"""What Jinja2 calls a template that was handed in as text."""


def shipped_playbook(cause: Cause) -> str:
    """Return the text of the playbook Daywatch ships for a cause."""
    return _shipped()[f"{cause}.md"]


def render_playbook(
    text: str, facts: Mapping[str, Any], *, name: str = "playbook"
) -> str:
    """Return a playbook with an incident's own numbers and commands.

    Args:
        text: The playbook; Jinja2 in a sandbox, where an unknown name is an error. It
            may include the parts of the shipped ones, e.g. `_facts.md`.
        facts: From `playbook_facts`.
        name: What the text is called in an error, e.g. its file.

    Raises:
        ConfigurationError: If it cannot be rendered; names line and problem.
    """
    try:
        return _template(text).render(facts)
    # A sandbox, yet whatever a text makes its filters raise is a fault of that text.
    except Exception as error:
        at = f":{line}" if (line := _line_of(error)) else ""
        msg = f"{name}{at}: {str(error) or type(error).__name__}"
        raise ConfigurationError(msg) from error


@cache
def _shipped() -> dict[str, str]:
    folder = files("monitoring_tasks.respond") / FOLDER
    return {
        part.name: part.read_text(encoding="utf-8")
        for part in folder.iterdir()
        if part.name.endswith(".md")
    }


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # Not escaped: it is Markdown for a terminal, not HTML.
    made = ImmutableSandboxedEnvironment(
        loader=DictLoader(_shipped()),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "sh": _quoted,
        "line": _line,
        "number": _number,
        "percent": _percent,
    }
    return made


def _template(text: str) -> Template:
    return _environment().from_string(text)


def _line_of(error: Exception) -> int | None:
    """Return the line of the text at which it went wrong; None where nobody can say."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno for f in reversed(frames) if f.filename == OWN), None)


def _quoted(value: object) -> str:
    """Return a text as one word of a shell."""
    return shlex.quote(str(value))


def _line(value: object) -> str:
    """Return a text on one line, without what Markdown would take for code."""
    return " ".join(str(value).replace("`", "'").split())


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
