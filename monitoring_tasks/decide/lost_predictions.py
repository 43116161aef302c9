"""Labels without a prediction, as a diagnosis. Pure."""

from monitoring_tasks.decide.symptoms import Diagnosis
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.orphans import Orphans
from monitoring_tasks.domain.reasons import ReasonCode

EVIDENCE = ("label_counts/orphans",)


def predictions_lost(orphans: Orphans) -> Diagnosis:
    """Return the diagnosis that predictions were lost on the way: integration.

    Args:
        orphans: Labels without a prediction, more than usual.
    """
    return Diagnosis.of(
        Cause.INTEGRATION,
        ReasonCode.PREDICTIONS_LOST,
        EVIDENCE,
        share=orphans.share,
        # Without earlier days there is no usual share, and none is excused.
        usual=orphans.usual or 0.0,
        coverage=orphans.coverage if orphans.are_lost_predictions else None,
    )


def ids_wrong(orphans: Orphans) -> Diagnosis:
    """Return the diagnosis that labels bear wrong ids: label quality.

    Args:
        orphans: Labels without a prediction; the coverage of predictions is known.
    """
    text = (
        f"labels: {orphans.share:.1%} belong to no prediction of the day "
        f"({orphans.usual or 0.0:.1%} is usual), and only "
        f"{orphans.coverage or 0.0:.1%} of the predictions have a label "
        f"({orphans.usual_coverage or 0.0:.1%} is usual): are their ids wrong?"
    )
    return Diagnosis.of(
        Cause.LABEL_QUALITY, ReasonCode.LABELS_LOST, EVIDENCE, text=text
    )
