"""What the facts answer to the question each rule of the triage asks. Pure."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.damaged_columns import corruption_in
from monitoring_tasks.domain.evidence_keys import (
    check_key,
    comparison_key,
    decision_key,
    keys_of,
)
from monitoring_tasks.domain.findings import FIT, Finding, Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.learn.postmortem.facts import PostmortemFacts


class WhyStatus(StrEnum):
    """What the facts make of an answer."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


class Answer(NamedTuple):
    """What the facts say to a question.

    Attributes:
        status: Whether they support what is asked, speak against it, or do not tell.
        text: What they say.
        evidence: Keys of what it rests on.
    """

    status: WhyStatus
    text: str
    evidence: tuple[str, ...] = ()


S = WhyStatus
R = ReasonCode
CHOSEN_BY: Mapping[ReasonCode, tuple[str, ...]] = {
    R.BATCH_MISSING: ("unfit_batch",),
    R.BATCH_UNFIT: ("unfit_batch",),
    R.BATCH_NOT_CHECKED: ("unfit_batch",),
    R.ALIAS_NOT_FOLLOWED: ("unsettled_release",),
    R.PREDICTIONS_LOST: ("lost_predictions",),
    R.MODELS_BROKE_TOGETHER: ("common_cause",),
    R.ROWS_CORRUPTED: ("corrupted_columns",),
    R.SEGMENT_WORSE_OFF: ("segment_cause",),
    R.GROUPS_UNEQUAL: ("unequal_groups",),
    R.VERSION_BETTER: ("model_cause",),
    R.RELEASE_WORSE: ("model_cause",),
    R.BETTER_VERSION_NO_RELEASE: ("better_without_release",),
    R.VERSION_MAY_BE_BETTER: ("unsettled_release",),
    R.NO_VERSION_MEASURED: ("unsettled_release",),
    R.LABELS_SUSPECT: ("label_quality",),
    R.SEGMENT_LABELS_SUSPECT: ("segment_labels",),
    R.LABELS_OVERDUE: ("label_quality",),
    R.LABELS_LOST: ("label_quality",),
    R.INPUTS_MOVED: ("covariate_drift",),
    R.INPUTS_EXPLAIN_LOSS: ("covariate_drift",),
    R.INPUTS_PREDICT_LOSS: ("covariate_drift",),
    R.INPUTS_JUMPED: ("jumped_inputs",),
    R.INPUTS_STAY_MOVED: ("covariate_drift",),
    R.OUTPUTS_MOVED: ("moved_outputs",),
    R.OUTPUTS_FOLLOW_INPUTS: ("moved_outputs",),
    R.OUTPUTS_NOT_REPRODUCED: ("not_reproduced",),
    R.MOVED_AT_RELEASE: ("moved_outputs",),
    R.TOO_GOOD: ("label_quality",),
    R.SEGMENT_LOST: ("segment_cause",),
    R.LABELS_UNLIKE_BEFORE: ("faulty_labels",),
    R.LABELS_MOVED: ("label_quality",),
    R.MEANING_CHANGED: ("concept_drift",),
}
"""Which rule a reason comes from; reasons that name no cause are not here."""

Ask = Callable[[PostmortemFacts], Answer | None]
"""Answers from the facts; None where only the order of the rules tells."""


def _unfit_batch(facts: PostmortemFacts) -> Answer | None:
    evaluation = facts.evaluation
    if evaluation is None or evaluation.data_verdict is None:
        return Answer(S.UNKNOWN, "the batch was not checked")
    if evaluation.data_verdict in FIT:
        failed = [c for c in evaluation.checks if c.status == "failed"]
        text = f"the batch was found fit to judge by; {len(failed)} checks warned"
        keys = tuple(check_key(check) for check in failed)
        return Answer(S.REFUTED, text, keys or (evaluation.key,))
    return Answer(S.SUPPORTED, evaluation.data_reason, (evaluation.key,))


def _lost_predictions(facts: PostmortemFacts) -> Answer | None:
    counts = facts.evaluation.label_counts if facts.evaluation else None
    if counts is None:
        return Answer(S.UNKNOWN, "no labels were joined on that day")
    text = f"{counts.orphans:,} labels belong to no prediction, {counts.joined:,} do"
    return Answer(S.REFUTED, text, ("label_counts/orphans",))


def _common_cause(facts: PostmortemFacts) -> Answer | None:
    if not facts.other_models:
        return Answer(S.UNKNOWN, "no other model was judged on that day")
    bad = [model for model, verdict in facts.other_models if verdict == Verdict.BREACH]
    keys = tuple(decision_key(model) for model, _ in facts.other_models)
    if bad:
        text = f"{len(bad)} of {len(facts.other_models)} other models broke as well"
        return Answer(S.UNKNOWN, text, keys)
    text = f"none of {len(facts.other_models)} other models broke on that day"
    return Answer(S.REFUTED, text, keys)


def _outputs(facts: PostmortemFacts) -> Answer | None:
    judged = facts.judged(Kind.REPRODUCTION)
    if not judged:
        return Answer(S.UNKNOWN, "no rows of that day were scored again")
    unlike = [f for f in judged if f.verdict is not Verdict.OK]
    if unlike:
        return Answer(S.UNKNOWN, unlike[0].reason, keys_of(unlike))
    return Answer(S.REFUTED, judged[0].reason, keys_of(judged))


def _corrupted(facts: PostmortemFacts) -> Answer | None:
    evaluation = facts.evaluation
    if evaluation is None or not evaluation.check_rows:
        return Answer(S.UNKNOWN, "no checks of the rows are kept")
    failed = [c for c in evaluation.checks if c.status == "failed"]
    keys = tuple(check_key(check) for check in failed)
    if corruption_in(evaluation.checks):
        return Answer(S.UNKNOWN, "some rows are of late unlike all others", keys)
    if failed:
        about = ", ".join(sorted({f"{c.name} {c.column}".strip() for c in failed}))
        return Answer(S.UNKNOWN, f"not new on that day, and failed: {about}", keys)
    return Answer(S.REFUTED, "no check says that values look damaged")


def _part_labels(facts: PostmortemFacts) -> Answer | None:
    whole = [f for f in _broken(facts) if f.measurement.segment == "all"]
    if not whole:
        return None
    text = "numbers of the whole batch are broken, not of a part alone"
    return Answer(S.REFUTED, text, keys_of(whole))


def _segment(facts: PostmortemFacts) -> Answer | None:
    broken = _broken(facts)
    whole = [f for f in broken if f.measurement.segment == "all"]
    weak = facts.evaluation.evidence.get("weak_segments") if facts.evaluation else None
    rules = [segment["rule"] for segment in (weak or {}).get("segments", ())]
    added = f"; worst among them: {rules[0]}" if rules else ""
    if whole:
        text = f"numbers of the whole batch are broken, not of a part alone{added}"
        return Answer(S.REFUTED, text, keys_of(whole))
    return Answer(S.UNKNOWN, f"{len(broken)} numbers of segments are broken{added}")


def _model(facts: PostmortemFacts) -> Answer | None:
    measured = [c for c in _comparisons(facts) if c.gain is not None]
    if not measured:
        return Answer(S.UNKNOWN, "no other version was scored on the same rows")
    better = _better(facts)
    if better is None:
        text = f"none of {len(measured)} other versions is surely better"
        keys = tuple(comparison_key(c.version) for c in measured)
        return Answer(S.REFUTED, text, keys)
    text = f"version {better.version} is better on the same {better.rows:,} rows"
    return Answer(S.UNKNOWN, text, (comparison_key(better.version),))


def _unsettled(facts: PostmortemFacts) -> Answer | None:
    better = _better(facts)
    if better is None:
        return None
    text = f"version {better.version} is measured, and surely better"
    return Answer(S.REFUTED, text, (comparison_key(better.version),))


def _labels(facts: PostmortemFacts) -> Answer | None:
    better = _better(facts)
    if better is None:
        return None
    text = f"version {better.version} does well by the same labels"
    return Answer(S.REFUTED, text, (comparison_key(better.version),))


def _covariate(facts: PostmortemFacts) -> Answer | None:
    judged = facts.judged(Kind.DRIFT)
    if not judged:
        return Answer(S.UNKNOWN, "no drift was measured on that day")
    drifted = [f for f in judged if f.verdict is Verdict.WARN]
    if not drifted:
        text = f"none of {len(judged)} measures of drift is past its limit"
        return Answer(S.REFUTED, text, keys_of(judged[:3]))
    columns = ", ".join(sorted({f.measurement.column or "all" for f in drifted}))
    evidence = facts.evaluation.evidence if facts.evaluation else {}
    effects = evidence.get("drift_effects") or ()
    hurting = [e["column"] for e in effects if (e.get("lower") or 0) > 0]
    if hurting:
        text = f"{columns} drifted; the move of {', '.join(hurting)} alone costs some"
        return Answer(S.UNKNOWN, text, keys_of(drifted))
    if effects:
        text = f"{columns} drifted, and no move of theirs alone should cost anything"
        return Answer(S.REFUTED, text, keys_of(drifted))
    return Answer(S.UNKNOWN, f"{columns} drifted; what it costs is not known")


def _scores(facts: PostmortemFacts) -> Answer | None:
    judged = facts.judged(Kind.DRIFT, Kind.OUTPUT)
    if not judged:
        return Answer(S.UNKNOWN, "no drift was measured on that day")
    drifted = [f for f in judged if f.verdict is Verdict.WARN]
    if not drifted:
        return Answer(S.REFUTED, "neither scores nor inputs are past their limits")
    numbers = [f.measurement for f in drifted]
    columns = ", ".join(sorted({n.column or n.metric for n in numbers}))
    return Answer(S.UNKNOWN, f"{columns} moved", keys_of(drifted))


def _unequal(facts: PostmortemFacts) -> Answer | None:
    judged = facts.judged(Kind.FAIRNESS)
    if not judged:
        return Answer(S.UNKNOWN, "no protected group is measured")
    broken = [f for f in judged if f.verdict is Verdict.BREACH]
    if broken:
        return Answer(S.UNKNOWN, broken[0].reason, keys_of(broken))
    text = f"none of {len(judged)} gaps between groups is past its limit"
    return Answer(S.REFUTED, text, keys_of(judged[:3]))


def _concept(facts: PostmortemFacts) -> Answer | None:
    better = _better(facts)
    if better is None:
        return None
    text = (
        f"version {better.version} does well on the same rows: what the inputs mean "
        "has not changed for it"
    )
    return Answer(S.REFUTED, text, (comparison_key(better.version),))


ASKED: Mapping[str, tuple[str, Ask]] = {
    "unfit_batch": ("Was the batch broken?", _unfit_batch),
    "lost_predictions": ("Were predictions lost on the way?", _lost_predictions),
    "common_cause": ("Did other models break at the same time?", _common_cause),
    "not_reproduced": ("Were the outputs another version's, or none's?", _outputs),
    "corrupted_columns": ("Were whole columns damaged?", _corrupted),
    "faulty_labels": ("Were the labels unlike those before?", _labels),
    "segment_labels": ("Were labels of a part those of other rows?", _part_labels),
    "segment_cause": ("Was only a part of the rows worse off?", _segment),
    "model_cause": ("Was it the version that serves?", _model),
    "unsettled_release": ("Was it a release nobody can measure?", _unsettled),
    "corrupted": ("Were some of the rows damaged?", _corrupted),
    "jumped_inputs": ("Did inputs jump overnight?", _covariate),
    "moved_outputs": ("Did the scores move, and no input?", _scores),
    "better_without_release": ("Was another version better all along?", _model),
    "label_quality": ("Were the labels wrong?", _labels),
    "covariate_drift": ("Did the inputs move?", _covariate),
    "unequal_groups": ("Were groups treated unequally?", _unequal),
    "concept_drift": ("Did the inputs come to mean something else?", _concept),
}
"""A rule of the triage by its name: what it asks, and what the facts answer."""


def _comparisons(facts: PostmortemFacts) -> tuple[Comparison, ...]:
    return facts.evaluation.comparisons if facts.evaluation else ()


def _better(facts: PostmortemFacts) -> Comparison | None:
    """Return the version that is surely better, the best of them; None without one."""
    better = [c for c in _comparisons(facts) if c.is_better_by(0)]
    return max(better, key=lambda c: c.gain or 0, default=None)


def _broken(facts: PostmortemFacts) -> list[Finding]:
    return [f for f in facts.findings if f.verdict is Verdict.BREACH]
