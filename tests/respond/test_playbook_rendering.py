import re
import shlex

import pytest
import typer

from monitoring_tasks.cli.app import app
from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.respond.playbook_facts import playbook_facts, sample_facts
from monitoring_tasks.respond.playbook_rendering import (
    render_playbook,
    shipped_playbook,
)
from tests.builders import make_contract, make_incident
from tests.cli.commands import parsed

CONTRACT = make_contract()
COMMAND = re.compile(r"^ {4,}(daywatch .*)$|`(daywatch [^`]+)`", re.MULTILINE)
HEADS = ("## Check, in this order", "## Who decides", "## Whom to call, and when")


def rendered(cause: Cause, severity: Severity = Severity.P1) -> list[str]:
    """Render a shipped playbook with little and with much known, and for the fleet."""
    incident = make_incident(cause=cause, severity=severity)
    text = shipped_playbook(cause)
    fleet = playbook_facts(
        make_incident(id="many models", model="*", cause=cause),
        parts=[incident, make_incident(id="b", model="b")],
    )
    facts = [*sample_facts(CONTRACT, incident), fleet]
    return [render_playbook(text, known) for known in facts]


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_a_playbook_of_commands_that_exist(cause: Cause) -> None:
    """What to check, who decides, whom to call; each line can be typed as it stands."""
    group = typer.main.get_command(app)
    for text in rendered(cause):
        assert all(head in text for head in HEADS)
        assert "None" not in text
        commands = ["".join(match) for match in COMMAND.findall(text)]
        assert len(commands) >= 7
        for command in commands:
            assert parsed(group, shlex.split(command)), command


@pytest.mark.parametrize("severity", Severity)
def test_how_soon_to_call_hangs_on_the_severity(severity: Severity) -> None:
    """Only the two gravest wake somebody."""
    (text, *_) = rendered(Cause.DATA, severity)
    assert ("**Now:**" in text) is (severity in {Severity.P0, Severity.P1})


def test_own_text_may_use_the_shipped_parts() -> None:
    """A team writes its steps and keeps the facts and the end."""
    (facts, _) = sample_facts(CONTRACT, make_incident(id="odd id"))
    text = '{% include "_facts.md" %}\nCall 112. {{ incident.id|sh }}\n'
    shown = render_playbook(text, facts)
    assert "Owners: team" in shown
    assert "Call 112. 'odd id'" in shown


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("fine\n\n{{ no_such_name }}\n", 3),
        ("fine\n{% if x %}\n", 2),
        ("{{ 1 / 0 }}", 1),
        ("a\n{{ ''.__class__.__mro__ }}", 2),
        ('{% include "no.md" %}', 1),
    ],
)
def test_broken_text_is_named_with_its_line(text: str, line: int) -> None:
    """A name that is unknown, a tag left open, a way out of the sandbox."""
    (facts, _) = sample_facts(CONTRACT, make_incident())
    with pytest.raises(ConfigurationError, match=f"^own.md:{line}: "):
        render_playbook(text, facts, name="own.md")
