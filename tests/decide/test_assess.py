import pytest

from monitoring_tasks.decide.assess import (
    day_verdict,
    is_release_sound,
    performance_verdict,
)
from monitoring_tasks.decide.standing_warnings import StandingWarning
from monitoring_tasks.domain.findings import ADVISORY, Finding, Kind, Verdict
from tests.builders import DAY, make_finding

V = Verdict


def make_warning(*, is_harmless: bool, is_sudden: bool = False) -> StandingWarning:
    """Return a number that has stood past its limit for two days."""
    return StandingWarning(
        finding=make_finding(V.WARN, kind=Kind.DRIFT),
        onset=DAY,
        ratio=9.0,
        first_ratio=9.0,
        stands=True,
        is_told=True,
        is_harmless=is_harmless,
        is_sudden=is_sudden,
        is_grave=False,
    )


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        pytest.param({1: V.OK, 7: V.OK}, V.OK, id="well"),
        pytest.param({1: V.INCONCLUSIVE, 7: V.OK}, V.OK, id="the week can tell"),
        pytest.param({1: V.INCONCLUSIVE, 28: V.OK, 7: V.INCONCLUSIVE}, V.OK, id="28"),
        pytest.param({1: V.INCONCLUSIVE, 7: V.WARN, 28: V.OK}, V.WARN, id="shortest"),
        pytest.param({1: V.INCONCLUSIVE, 7: V.INCONCLUSIVE}, V.INCONCLUSIVE, id="none"),
        pytest.param({1: V.OK, 7: V.INCONCLUSIVE}, V.OK, id="the day can tell"),
        pytest.param({1: V.OK, 7: V.WARN}, V.OK, id="a bad week that is over"),
        pytest.param({1: V.OK, 28: V.BREACH}, V.BREACH, id="a bad month"),
        pytest.param({1: V.BREACH, 7: V.OK}, V.BREACH, id="a bad day"),
        pytest.param(
            {1: V.INCONCLUSIVE, 7: V.OK, 28: V.BREACH}, V.BREACH, id="a week amid it"
        ),
        pytest.param({1: V.NO_DATA, 7: V.OK}, V.OK, id="measured over the week"),
        pytest.param({1: V.NO_DATA, 7: V.NO_DATA, 28: V.OK}, V.OK, id="over 28 days"),
        pytest.param({1: V.NO_DATA, 7: V.WARN}, V.WARN, id="a warning over the week"),
        pytest.param({1: V.NO_DATA, 7: V.INCONCLUSIVE}, V.INCONCLUSIVE, id="may be"),
        pytest.param({1: V.NO_DATA, 7: V.NO_DATA}, V.NO_DATA, id="never measured"),
        pytest.param({1: V.NO_DATA}, V.NO_DATA, id="not measured, no other horizon"),
        pytest.param({1: V.NO_DATA, 7: V.BREACH}, V.BREACH, id="absent, bad week"),
        pytest.param({1: V.IMMATURE, 7: V.OK}, V.IMMATURE, id="labels to come"),
    ],
)
def test_horizons_of_an_objective(verdicts: dict[int, V], whole: V) -> None:
    """A longer horizon speaks where the day cannot tell; a breach of any counts."""
    findings = [make_finding(v, horizon=horizon) for horizon, v in verdicts.items()]
    assert performance_verdict(findings) is whole


@pytest.mark.parametrize(
    ("realized", "estimated", "whole"),
    [
        pytest.param(V.OK, V.BREACH, V.OK, id="labels acquit"),
        pytest.param(V.BREACH, V.OK, V.BREACH, id="labels convict"),
        pytest.param(V.IMMATURE, V.BREACH, V.BREACH, id="no labels yet"),
        pytest.param(V.INCONCLUSIVE, V.BREACH, V.BREACH, id="labels cannot tell"),
    ],
)
def test_labels_are_the_judge(realized: V, estimated: V, whole: V) -> None:
    """An estimate speaks until the labels of the same number do."""
    findings = [make_finding(realized), make_finding(estimated, kind=Kind.ESTIMATED)]
    assert performance_verdict(findings) is whole
    other = make_finding(V.BREACH, kind=Kind.ESTIMATED, metric="f1")
    assert performance_verdict([make_finding(V.OK), other]) is V.BREACH


def test_one_objective_does_not_speak_for_another() -> None:
    """A good week of the one leaves the other's day as unclear as it is."""
    findings = [
        make_finding(V.INCONCLUSIVE),
        make_finding(V.OK, metric="f1"),
        make_finding(V.OK, metric="f1", horizon=7),
    ]
    assert performance_verdict(findings) is V.INCONCLUSIVE


def findings(*parts: tuple[Kind, Verdict]) -> list[Finding]:
    """Return findings of kinds with verdicts."""
    return [make_finding(verdict, kind=kind) for kind, verdict in parts]


R, E, D, F = Kind.REALIZED, Kind.ESTIMATED, Kind.DRIFT, Kind.FAIRNESS


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        pytest.param([], V.NO_DATA, id="nothing"),
        pytest.param([(D, V.OK)], V.NO_DATA, id="drift only"),
        pytest.param([(R, V.OK)], V.OK, id="ok"),
        pytest.param([(R, V.OK), (F, V.BREACH)], V.BREACH, id="the worst"),
        pytest.param([(R, V.IMMATURE), (E, V.OK)], V.OK, id="estimate speaks"),
        pytest.param([(R, V.IMMATURE), (E, V.BREACH)], V.BREACH, id="estimate warns"),
        pytest.param([(R, V.IMMATURE)], V.IMMATURE, id="immature alone"),
        pytest.param([(R, V.OK), (D, V.WARN)], V.OK, id="drift aside"),
        pytest.param([(R, V.OK), (E, V.NO_DATA)], V.NO_DATA, id="a number missing"),
    ],
)
def test_performance_is_the_worst_objective(
    parts: list[tuple[Kind, Verdict]], verdict: Verdict
) -> None:
    """Drift is no performance; what is immature speaks only when alone."""
    assert performance_verdict(findings(*parts)) is verdict


NEWS = (make_warning(is_harmless=False),)
SEASON = (make_warning(is_harmless=True),)
JUMP = (make_warning(is_harmless=True, is_sudden=True),)


@pytest.mark.parametrize(
    ("performance", "parts", "warnings", "verdict"),
    [
        pytest.param(V.OK, [(E, V.OK)], NEWS, V.WARN, id="drift is news"),
        pytest.param(V.OK, [(R, V.OK)], SEASON, V.OK, id="known to be harmless"),
        pytest.param(V.OK, [(R, V.OK)], JUMP, V.WARN, id="harmless, but no season"),
        pytest.param(
            V.OK, [(Kind.FORECAST, V.WARN)], (), V.WARN, id="good, not for long"
        ),
        pytest.param(V.OK, [(Kind.LABELS, V.WARN)], (), V.WARN, id="labels missing"),
        pytest.param(
            V.OK, [(R, V.OK), (Kind.LABELS, V.WARN)], (), V.OK, id="enough of them"
        ),
        pytest.param(
            V.INCONCLUSIVE,
            [(R, V.OK), (Kind.LABELS, V.WARN)],
            (),
            V.WARN,
            id="not all promises are known to be kept",
        ),
        pytest.param(V.OK, [(Kind.FORECAST, V.OK)], (), V.OK, id="good for long"),
        pytest.param(V.BREACH, [], NEWS, V.BREACH, id="breach stays"),
        pytest.param(V.NO_DATA, [], NEWS, V.WARN, id="drift alone"),
        pytest.param(V.NO_DATA, [], (), V.NO_DATA, id="nothing"),
        pytest.param(V.OK, [(D, V.NO_DATA)], (), V.OK, id="drift missing"),
    ],
)
def test_drift_is_at_most_a_warning(
    performance: Verdict,
    parts: list[tuple[Kind, Verdict]],
    warnings: tuple[StandingWarning, ...],
    verdict: Verdict,
) -> None:
    """Inputs that moved are news unless labels show that it is harmless."""
    assert day_verdict(performance, findings(*parts), warnings) is verdict


@pytest.mark.parametrize("kind", sorted(ADVISORY))
def test_what_may_only_warn_is_no_performance(kind: Kind) -> None:
    """It makes no day one in breach."""
    assert performance_verdict(findings((kind, V.WARN), (E, V.OK))) is V.OK


@pytest.mark.parametrize(
    ("verdict", "day"),
    [
        pytest.param(V.WARN, V.WARN, id="overdue"),
        pytest.param(V.OK, V.OK, id="in time"),
    ],
)
def test_overdue_labels_of_other_days_are_news(verdict: V, day: V) -> None:
    """Even on a day whose own labels show that its promises are kept."""
    late = make_finding(verdict, kind=Kind.LABELS, metric="label_overdue_days")
    assert day_verdict(V.OK, [*findings((R, V.OK)), late]) is day


def test_release_that_is_not_settled_says_nothing_of_performance() -> None:
    """The promises speak; that a release may be worse does not."""
    parts = ((Kind.COMPARISON, V.INCONCLUSIVE), (R, V.OK))
    assert performance_verdict(findings(*parts)) is V.OK


@pytest.mark.parametrize(
    ("kind", "verdict", "is_sound"),
    [
        pytest.param(Kind.COMPARISON, V.OK, True, id="not worse"),
        pytest.param(Kind.COMPARISON, V.INCONCLUSIVE, False, id="not known yet"),
        pytest.param(Kind.COMPARISON, V.BREACH, False, id="worse"),
        pytest.param(Kind.REALIZED, V.OK, False, id="promises were kept"),
    ],
)
def test_release_is_sound_only_where_labels_show_it(
    kind: Kind, verdict: V, *, is_sound: bool
) -> None:
    """What was not compared, or not settled, is no evidence."""
    assert is_release_sound([make_finding(verdict, kind=kind)]) is is_sound
