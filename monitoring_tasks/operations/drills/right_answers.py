"""What the judgement has to say of each kind of fault.

The right answers follow the decision tree of `docs/architecture.md`, not what the
judgement happens to say: data that broke is the data's, a model that got worse is the
model's or nobody knows, a world that changed is no reason to roll back.
"""

from dataclasses import replace

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.operations.drills.grading import Remedy, RightAnswer


def _answer(
    verdicts: set[Verdict],
    causes: set[Cause | None],
    remedies: set[Remedy],
    *,
    within_days: int | None = None,
) -> RightAnswer:
    return RightAnswer(
        verdicts=frozenset(verdicts),
        causes=frozenset(causes),
        remedies=frozenset(remedies),
        within_days=within_days,
    )


BROKEN = {Verdict.NO_DATA, Verdict.BREACH}
QUIET = _answer({Verdict.OK, Verdict.WARN}, {None}, {Remedy.NONE})
DATA_AT_ONCE = _answer(BROKEN, {Cause.DATA}, {Remedy.INCIDENT}, within_days=1)
DATA = replace(DATA_AT_ONCE, within_days=3)
ROWS_MISSING = _answer(
    BROKEN | {Verdict.ERROR},
    {Cause.INTEGRATION, Cause.DATA},
    {Remedy.INCIDENT},
    within_days=1,
)
COMMON = replace(ROWS_MISSING, causes=frozenset({Cause.COMMON_CAUSE}))
"""Each model alone shows missing rows; together they show where to look."""
WORSE_MODEL = _answer(
    {Verdict.BREACH},
    {Cause.MODEL, Cause.UNDETERMINED},
    {Remedy.INCIDENT, Remedy.ROLLBACK},
    within_days=3,
)
"""Of the model if another version is proven better soon after a release; else nobody
can tell, and a person is asked."""
MILDLY_WORSE = _answer(
    {Verdict.BREACH, Verdict.WARN},
    {Cause.MODEL, Cause.UNDETERMINED},
    {Remedy.NONE, Remedy.INCIDENT, Remedy.ROLLBACK},
)
"""Less than a few days can show: silence is right, blaming something else is not."""
NEW_WORLD = _answer(
    {Verdict.BREACH},
    {Cause.CONCEPT_DRIFT, Cause.LABEL_QUALITY},
    {Remedy.INCIDENT},
    within_days=3,
)
"""Labels that mean nothing from one day on may be those of other rows as well."""
WRONG_LABELS = replace(NEW_WORLD, causes=NEW_WORLD.causes | {Cause.DATA})
"""On the day itself labels that lie look like a world that changed."""
UNFAIR_MODEL = replace(WORSE_MODEL, causes=WORSE_MODEL.causes | {Cause.SEGMENT})
"""Versions are compared on all rows: which of them is fair, nobody can tell."""
LATE_LABELS = replace(
    QUIET,
    verdicts=QUIET.verdicts | {Verdict.IMMATURE, Verdict.INCONCLUSIVE},
    causes=QUIET.causes | {Cause.LABEL_QUALITY},
    remedies=QUIET.remedies | {Remedy.INCIDENT},
)
"""Nobody is called for labels that are late, only for those that stay away for long."""
