"""The tree of whys: a branch for every rule of the triage, answered by facts alone."""

import pytest

from monitoring_tasks.decide.triage import CAUSE_RULES
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.learn.postmortem.facts import Signal, Trial
from monitoring_tasks.learn.postmortem.why_rules import ASKED, CHOSEN_BY, WhyStatus
from monitoring_tasks.learn.postmortem.why_tree import WhyNode, why_tree
from tests.builders import DAY, make_decision, make_evaluation, make_finding
from tests.learn.postmortem.facts import make_facts


def branch(tree: tuple[WhyNode, ...], rule: str) -> WhyNode:
    """Return the branch of a rule."""
    return next(node for node in tree if node.question == ASKED[rule][0])


def test_every_rule_of_the_triage_has_its_question() -> None:
    """A rule that is added without one stops every draft; here it stops the tests."""
    rules = {rule.__name__.lstrip("_") for rule in CAUSE_RULES}
    assert rules <= ASKED.keys()
    assert {name for names in CHOSEN_BY.values() for name in names} <= ASKED.keys()


def test_rule_that_fitted_is_supported_and_asked_on() -> None:
    """Five questions deep below the cause; every node hangs on one that is there."""
    tree = why_tree(make_facts())
    chosen = branch(tree, "model_cause")
    assert chosen.status is WhyStatus.SUPPORTED
    assert chosen.evidence[0].endswith("#comparison/1")
    assert max(node.depth for node in tree if node.id.startswith(chosen.id)) == 4
    ids = {node.id for node in tree}
    assert all(node.parent in ids for node in tree if node.parent)


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("segment_cause", WhyStatus.REFUTED),
        ("concept_drift", WhyStatus.REFUTED),
        ("label_quality", WhyStatus.REFUTED),
        ("common_cause", WhyStatus.UNKNOWN),
        ("covariate_drift", WhyStatus.UNKNOWN),
        ("lost_predictions", WhyStatus.UNKNOWN),
    ],
)
def test_other_rules_are_refuted_by_facts_or_unknown(
    rule: str, status: WhyStatus
) -> None:
    """A better version on the same rows speaks against the world and the labels."""
    assert branch(why_tree(make_facts()), rule).status is status


def test_drift_without_known_cost_is_neither_supported_nor_refuted() -> None:
    """What moved may have cost something; nobody measured it."""
    drifted = make_finding(Verdict.WARN, kind=Kind.DRIFT, column="fare")
    node = branch(why_tree(make_facts(findings=[drifted])), "covariate_drift")
    assert (node.status, "fare" in node.answer) == (WhyStatus.UNKNOWN, True)


def test_no_rule_is_called_refuted_where_the_batch_was_unfit() -> None:
    """A day that cannot be judged says nothing for or against a model."""
    decision = make_decision(
        reasons=("bad data",), reason_codes=(ReasonCode.BATCH_UNFIT,)
    )
    evaluation = make_evaluation(decision=decision, data_verdict=Verdict.BREACH)
    tree = why_tree(make_facts(evaluation=evaluation, findings=[]))
    assert branch(tree, "unfit_batch").status is WhyStatus.SUPPORTED
    asked = [branch(tree, r.__name__.lstrip("_")) for r in CAUSE_RULES]
    assert {node.status for node in asked} == {WhyStatus.UNKNOWN}


def test_why_not_sooner_is_answered_by_replay_then_by_signals() -> None:
    """A limit that would have found it comes first; without one, what spoke before."""
    signal = Signal(
        kind="drift", name="fare", day=DAY, verdict="warn", text="", evidence="key"
    )
    trial = Trial(key="policy.persistence", first=DAY, days_gained=1)
    question = "Why was it not found sooner?"

    def answer(**parts: object) -> str:
        tree = why_tree(make_facts(**parts))
        return next(node.answer for node in tree if node.question == question)

    assert "1 day sooner" in answer(trials=(trial,), signals=(signal,))
    assert "drift fare spoke" in answer(signals=(signal,))
    assert "no other limits were tried" in answer()
    assert "first look" in answer(found_on=DAY)
