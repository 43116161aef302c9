import pytest

from monitoring_tasks.domain.decisions import Severity
from monitoring_tasks.domain.messages import Occasion
from monitoring_tasks.respond.channels.apprise import compose
from tests.respond.channels.notices import OPENED, about


def test_title_and_text_hold_what_there_is() -> None:
    """A headline that is cut is whole in the text."""
    message = compose(OPENED)
    assert message.title == OPENED.headline
    assert message.body.splitlines() == [
        *OPENED.lines,
        OPENED.links[0].href,
        *OPENED.commands,
    ]
    long = "x" * 300
    assert compose(about(Occasion.OPENED, headline=long)).body.startswith(long)


@pytest.mark.parametrize(
    ("occasion", "severity", "kind"),
    [
        ("opened", "P1", "failure"),
        ("opened", "P2", "warning"),
        ("mitigating", "P0", "info"),
        ("resolved", "P0", "success"),
    ],
)
def test_the_kind_is_apprises(occasion: str, severity: str, kind: str) -> None:
    """Services colour a message by it."""
    notice = about(Occasion(occasion), severity=Severity(severity))
    assert compose(notice).kind == kind
