"""What a decision says to people: the one place its sentences are made."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.reasons import Reason, ReasonCode


def _alias_missing(*, alias: str, model: str, aliases: Collection[str]) -> str:
    return (
        f"the registry has no alias '{alias}' of model '{model}' (it has: "
        f"{', '.join(sorted(aliases)) or 'none'}), so nothing can be rolled back; set "
        "the alias, or name another in `alias` of the contract"
    )


def _rows_corrupted(
    *,
    check: str,
    column: str,
    days: int,
    of_days: int,
    observed: str,
    others: int,
    release: str = "",
) -> str:
    where = f" on column '{column}'" if column else ""
    other_checks = f" (and {others} more)" if others else ""
    began = f"; that began when version {release} was released" if release else ""
    lasted = f"on {days} of the latest {of_days} days"
    if days == 1 < of_days:
        lasted = "as a promise broke"
    return f"{check}{where} failed {lasted}: {observed}{other_checks}{began}"


def _segment_worse_off(
    *, is_protected: bool, segments: Sequence[str], finding: str, better: str | None
) -> str:
    about = "a protected group" if is_protected else "a part of the rows"
    hint = (
        f"; version {better} is better on all rows; whether on these is unknown"
        if better
        else "; versions are compared on all rows, not by group"
    )
    return f"only {about} is worse off, {' and '.join(segments)}: {finding}{hint}"


def _groups_unequal(*, column: str, finding: str, remark: str) -> str:
    added = f"; {remark}" if remark else ""
    return (
        f"the groups of {column} are treated unequally, {finding}{added}, and "
        "performance on all rows suffers with it"
    )


def _no_version_measured(*, why: Sequence[str]) -> str:
    added = f" ({'; '.join(why)})" if why else ""
    return f"no other version could be measured on the same rows{added}"


def _labels_suspect(*, signs: Sequence[str], not_the_model: str) -> str:
    return (
        f"{'; '.join(signs)}; {not_the_model}: check the labels first; a sudden change "
        "of the world can look the same"
    )


def _labels_unlike_before(*, observed: str, days: int, onset: str, others: int) -> str:
    more = f" (and {others} more)" if others else ""
    span = f", on {days} days since {onset}" if days > 1 else ""
    return (
        f"{observed}{more}{span}: check the labels and their definition before the "
        "model; what is measured by them does not count until then"
    )


def _predictions_lost(*, share: float, usual: float, coverage: float | None) -> str:
    orphans = (
        f"{share:.1%} of the labels belong to no prediction of the day ({usual:.1%} is "
        "usual)"
    )
    if coverage is None:
        return f"{orphans}: predictions were lost, or ids changed"
    return (
        f"{orphans}, and {coverage:.1%} of the predictions that came have a label, as "
        "ever: predictions were lost on the way; look at the job that writes them"
    )


def _meaning_changed(*, has_drifted: bool, not_the_model: str) -> str:
    inputs = (
        "what moved in the inputs explains too little of it"
        if has_drifted
        else "the inputs stayed as they were"
    )
    return (
        f"{not_the_model} and {inputs}: what the features mean has changed, or the "
        "labels are wrong in a way that shows nowhere else; check a few labels, then "
        "retrain rather than roll back"
    )


def _models_broke_together(*, count: int, models: int, others: Sequence[str]) -> str:
    return (
        f"{count} of {models} models broke within a day of each other (this one, "
        f"{', '.join(sorted(others))}): look upstream of all of them"
    )


SENTENCES: Mapping[ReasonCode, str | Callable[..., str]] = {
    ReasonCode.DAY_EXCLUDED: "the contract excludes this day",
    ReasonCode.BATCH_MISSING: "no data: {text}",
    ReasonCode.BATCH_UNFIT: "bad data: {text}",
    ReasonCode.BATCH_NOT_CHECKED: "bad data: {text}",
    ReasonCode.ROLLBACK_WOULD_NOT_HELP: "a rollback would not help",
    ReasonCode.MODEL_NOT_IN_QUESTION: "look at the batch, not at the model",
    ReasonCode.DATA_WARNING: "data: {text}",
    ReasonCode.ALIAS_NOT_FOLLOWED: (
        "the rows were scored with version {version} although the alias '{alias}' "
        "stood at {stands} all day; the scoring job does not follow the registry"
    ),
    ReasonCode.PREDICTIONS_LOST: _predictions_lost,
    ReasonCode.MODELS_BROKE_TOGETHER: _models_broke_together,
    ReasonCode.ROWS_CORRUPTED: _rows_corrupted,
    ReasonCode.SEGMENT_WORSE_OFF: _segment_worse_off,
    ReasonCode.GROUPS_UNEQUAL: _groups_unequal,
    ReasonCode.VERSION_BETTER: (
        "version {better.version} is {by}better on the same {better.rows:,} rows: "
        "{better.metric} {better.candidate:.3f} against {better.champion:.3f}, gain "
        "{better.gain:.3f} [{better.lower:.3f}, {better.upper:.3f}]; the breach began "
        "{onset}, version {served} serves since {since}"
    ),
    ReasonCode.RELEASE_WORSE: (
        "{text}; that it is better by more than the margin of {margin:g} is not proven "
        "yet, so nothing is put back without a person"
    ),
    ReasonCode.BETTER_VERSION_NO_RELEASE: (
        "version {better} is better on the same rows, but the breach did not begin "
        "within {most_days} days of a known release of version {version}; a person "
        "should decide"
    ),
    ReasonCode.VERSION_MAY_BE_BETTER: (
        "version {best.version} may be better on the same rows, the day is too small "
        "to tell: {best.metric} gain {best.gain:.3f} [{best.lower:.3f}, "
        "{best.upper:.3f}]"
    ),
    ReasonCode.NO_VERSION_MEASURED: _no_version_measured,
    ReasonCode.LABELS_SUSPECT: _labels_suspect,
    ReasonCode.SEGMENT_LABELS_SUSPECT: _labels_suspect,
    ReasonCode.LABELS_UNLIKE_BEFORE: _labels_unlike_before,
    ReasonCode.LABELS_OVERDUE: "{text}: until they arrive, performance is unknown",
    ReasonCode.LABELS_LOST: "{text}",
    ReasonCode.INPUTS_MOVED: (
        "{not_the_model} and the inputs moved ({columns}), but how much of the loss "
        "that explains is unknown"
    ),
    ReasonCode.INPUTS_EXPLAIN_LOSS: (
        "{not_the_model} and the inputs moved ({columns}); the scores predict "
        "{share:.0%} of the loss; retrain rather than roll back"
    ),
    ReasonCode.INPUTS_PREDICT_LOSS: (
        "the inputs moved ({columns}) and the scores predict a loss"
    ),
    ReasonCode.INPUTS_JUMPED: (
        "inputs moved overnight on {since} ({columns}), to {ratio:.3g} times their "
        "limit: look at where they come from before the model"
    ),
    ReasonCode.INPUTS_STAY_MOVED: (
        "past the limits since {since} ({columns}), up to {ratio:.3g} times, and no "
        "labels show that it is harmless"
    ),
    ReasonCode.OUTPUTS_MOVED: (
        "the outputs moved ({columns}, since {since}, up to {ratio:.3g} times the "
        "limit) and no input did: look at the job that scores the rows"
    ),
    ReasonCode.OUTPUTS_FOLLOW_INPUTS: (
        "the outputs are odd ({columns}, since {since}) and are what the version gives "
        "for the inputs as delivered: look at the inputs together, none of them shows "
        "it alone"
    ),
    ReasonCode.OUTPUTS_NOT_REPRODUCED: (
        "{text}: look at the job that scores and delivers the rows, and at the version "
        "it loads"
    ),
    ReasonCode.MOVED_AT_RELEASE: (
        "{columns} moved (since {since}, up to {ratio:.3g} times the limit) when "
        "version {version} was released on {released}, and nothing else explains it: "
        "its rows lie otherwise than its own reference; look at the release, and at "
        "what its reference was made of"
    ),
    ReasonCode.TOO_GOOD: (
        "too good to be true since {since} ({columns}): {finding}; look for an input "
        "or a score that knows the answer, or for labels copied from decisions"
    ),
    ReasonCode.SEGMENT_LOST: (
        "a part of the rows is worse off since {since} ({columns}): {finding}; all "
        "rows together keep what is promised"
    ),
    ReasonCode.LABELS_MOVED: (
        "what the labels say moved ({columns}, since {since}) and no input did: "
        "{finding}; check the labels first"
    ),
    ReasonCode.MEANING_CHANGED: _meaning_changed,
    ReasonCode.TOO_GRAVE_TO_WAIT: (
        "too grave to wait for a second day, and too early to name a cause"
    ),
    ReasonCode.NO_CAUSE_FITS: "the evidence fits no known cause; a person should look",
    ReasonCode.BREACH_NOT_CONFIRMED: (
        "not confirmed yet: {counted.bad_days} of the last {counted.of_days} valid "
        "days are in breach; it takes {fast.bad_days} of {fast.of_days}, or "
        "{slow.bad_days} of {slow.of_days}, this day among them"
    ),
    ReasonCode.LABELS_NOT_USED: "{text}",
    ReasonCode.LABELS_ODD: "labels: {observed}",
    ReasonCode.NO_OBJECTIVE_MEASURED: (
        "no objective was measured: this day does not show that all is well"
    ),
    ReasonCode.NOTHING_MEASURED: (
        "nothing was measured: this day does not show that all is well"
    ),
    ReasonCode.FLAPPING: "flapping: {changes} changes in {of_days} valid days",
    ReasonCode.OVERRULED: "{severity}, {cause}: so says {actor} ({reason})",
    ReasonCode.ALIAS_MISSING: _alias_missing,
}
"""How each reason of a day is said. Reasons of numbers are said by whoever judged them,
`step_failed` by the step that failed, `limit_below_noise` by the check of limits."""


def reason(code: ReasonCode, **numbers: object) -> Reason:
    """Make a reason of a day: its code, and the sentence its numbers give.

    >>> reason(ReasonCode.FLAPPING, changes=4, of_days=21).text
    'flapping: 4 changes in 21 valid days'

    Args:
        code: What the reason is; one of `SENTENCES`.
        numbers: What the sentence needs.
    """
    sentence = SENTENCES[code]
    text = (
        sentence.format(**numbers) if isinstance(sentence, str) else sentence(**numbers)
    )
    return Reason(code=code, text=text)


def headline(severity: Severity | None, cause: Cause | None, first: Reason) -> Reason:
    """Return the most important reason of a day, with severity and cause in front.

    Args:
        severity: How much the day matters; None when nobody must act.
        cause: Where the trouble comes from; None when there is none.
        first: The reason to put them in front of.
    """
    begin = ", ".join(str(part) for part in (severity, cause) if part)
    return replace(first, text=f"{begin}: {first.text}") if begin else first
