"""Limits below the noise are said on the day, and never stop it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitoring_tasks.compare import limit_warnings
from monitoring_tasks.compare.step import with_limit_warnings
from monitoring_tasks.domain.decisions import Decision
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.reference import DailyNoise
from monitoring_tasks.domain.units import Unit
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.workspace import Workspace, open_workspace
from tests.builders import MODEL, make_decision, make_reference
from tests.operations.days import AUC, FIRST, Look, write_workspace

NOISE = DailyNoise(mean=0.7, spread=0.03, days=42, sampling=0.02, rows=100)
Judged = tuple[Workspace, Unit]


def judged_under(home: Path, limit: dict[str, float]) -> Iterator[Judged]:
    """Judge the first day of a model whose AUC moves by .04 from day to day."""
    write_workspace(home, objectives=[AUC | limit])
    with open_workspace(home) as workspace:
        unit = Look().write(workspace, FIRST)
        known = make_reference(version="2", noise={"realized/roc_auc//all": NOISE})
        workspace.references._profiles[MODEL, "2"] = known
        yield workspace, unit


@pytest.fixture
def noisy(tmp_path: Path) -> Iterator[Judged]:
    """A limit just below the usual value."""
    yield from judged_under(tmp_path / "home", {"min": 0.69})


@pytest.fixture
def sound(tmp_path: Path) -> Iterator[Judged]:
    """A limit far below it."""
    yield from judged_under(tmp_path / "home", {"min": 0.3})


def said(judged: Judged, **parts: object) -> Decision:
    """Decide a healthy day and add what is to be said of its limits."""
    decision = make_decision(
        verdict=Verdict.OK, reasons=("all is well",), evidence={}, **parts
    )
    return with_limit_warnings(Day(*judged), decision)


def test_a_limit_below_the_noise_is_a_reason_and_no_verdict(noisy: Judged) -> None:
    """The very first day says it, and stays as good as it was."""
    decision = said(noisy)
    assert decision.verdict is Verdict.OK
    assert decision.reasons[0] == "all is well"
    assert "realized roc_auc: its limits lie below the noise" in decision.reasons[1]
    assert decision.evidence["limits"]["below_noise"] == [decision.reasons[1]]


def test_a_sound_limit_is_not_mentioned(sound: Judged) -> None:
    """No reason, no evidence."""
    decision = said(sound)
    assert decision.reasons == ("all is well",)
    assert "limits" not in decision.evidence


def test_years_are_drawn_once_for_a_contract_and_reference(
    noisy: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second day reads what the first one found; another reference draws anew."""
    first = said(noisy)

    def refuse(*_: object, **__: object) -> None:
        msg = "drawn again"
        raise ValueError(msg)

    monkeypatch.setattr(limit_warnings, "promised_alarms", refuse)
    assert said(noisy) == first
    workspace, unit = noisy
    moved = make_reference(version="2", noise={"realized/f1//all": NOISE})
    # A process reads a reference once.
    with open_workspace(workspace.settings.home) as another:
        another.references._profiles[MODEL, "2"] = moved
        assert said((another, unit)).evidence["limits"]["unknown"] == [
            "limits were not held against the noise: drawn again"
        ]


def test_what_cannot_be_kept_or_drawn_does_not_stop_the_day(
    noisy: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache that is a file is told; the decision stands."""
    workspace, _ = noisy
    logged: list[str] = []
    monkeypatch.setattr(
        limit_warnings.logger,
        "warning",
        lambda text, *parts: logged.append(text % parts),
    )
    (workspace.settings.home / "cache").write_text("in the way")
    decision = said(noisy)
    assert decision.reasons == ("all is well",)
    assert (
        "were not held against the noise" in decision.evidence["limits"]["unknown"][0]
    )
    assert f"limits of {MODEL} were not checked" in logged[0]


def test_the_list_of_reasons_does_not_grow_past_its_end(noisy: Judged) -> None:
    """The warning takes the place of the least important reason."""
    workspace, unit = noisy
    full = make_decision(reasons=tuple("abcdefgh"), evidence={})
    reasons = with_limit_warnings(Day(workspace, unit), full).reasons
    assert len(reasons) == 8
    assert reasons[:7] == tuple("abcdefg")
    assert "below the noise" in reasons[7]


def test_a_version_without_reference_says_nothing(noisy: Judged) -> None:
    """Nothing is known of its noise."""
    workspace, _ = noisy
    workspace.references._profiles[MODEL, "2"] = None
    assert said(noisy).reasons == ("all is well",)
