"""Why a day or a number got its verdict: a code to count by, a sentence to read."""

from dataclasses import dataclass
from enum import StrEnum


class ReasonCode(StrEnum):
    """Why something was said; stored, so that days can be counted by it."""

    # Of a number held against its limit.
    WITHIN_LIMITS = "within_limits"
    LIMIT_CROSSED = "limit_crossed"
    ADVISORY_LIMIT_CROSSED = "advisory_limit_crossed"
    INTERVAL_CROSSES_LIMIT = "interval_crosses_limit"
    WITHIN_CHANCE = "within_chance"
    UNDETECTABLE_LOSS = "undetectable_loss"
    ENDLESS_INTERVAL = "endless_interval"
    TOO_FEW_ROWS = "too_few_rows"
    TOO_FEW_DAYS = "too_few_days"
    TOO_FEW_REFERENCE_DAYS = "too_few_reference_days"
    NO_LIMIT = "no_limit"
    NO_REFERENCE = "no_reference"
    UNLABELLED_REFERENCE = "unlabelled_reference"
    IMMATURE_LABELS = "immature_labels"
    NOT_MEASURED = "not_measured"
    NOT_FINITE = "not_finite"
    LATEST_DAYS_RECOVERED = "latest_days_recovered"
    GAP_WITHOUT_LABELS = "gap_without_labels"
    UNTRUSTED_ESTIMATE = "untrusted_estimate"
    FALSE_DISCOVERY = "false_discovery"
    NOT_JUDGED = "not_judged"

    # Of a day: its batch.
    DAY_EXCLUDED = "day_excluded"
    BATCH_MISSING = "batch_missing"
    BATCH_UNFIT = "batch_unfit"
    BATCH_NOT_CHECKED = "batch_not_checked"
    ROLLBACK_WOULD_NOT_HELP = "rollback_would_not_help"
    MODEL_NOT_IN_QUESTION = "model_not_in_question"
    DATA_WARNING = "data_warning"
    STEP_FAILED = "step_failed"

    # Of a day: what chose its cause.
    ALIAS_NOT_FOLLOWED = "alias_not_followed"
    PREDICTIONS_LOST = "predictions_lost"
    MODELS_BROKE_TOGETHER = "models_broke_together"
    ROWS_CORRUPTED = "rows_corrupted"
    SEGMENT_WORSE_OFF = "segment_worse_off"
    GROUPS_UNEQUAL = "groups_unequal"
    VERSION_BETTER = "version_better"
    RELEASE_WORSE = "release_worse"
    BETTER_VERSION_NO_RELEASE = "better_version_no_release"
    VERSION_MAY_BE_BETTER = "version_may_be_better"
    NO_VERSION_MEASURED = "no_version_measured"
    LABELS_SUSPECT = "labels_suspect"
    SEGMENT_LABELS_SUSPECT = "segment_labels_suspect"
    LABELS_UNLIKE_BEFORE = "labels_unlike_before"
    LABELS_OVERDUE = "labels_overdue"
    LABELS_LOST = "labels_lost"
    INPUTS_MOVED = "inputs_moved"
    INPUTS_EXPLAIN_LOSS = "inputs_explain_loss"
    INPUTS_PREDICT_LOSS = "inputs_predict_loss"
    INPUTS_JUMPED = "inputs_jumped"
    INPUTS_STAY_MOVED = "inputs_stay_moved"
    OUTPUTS_MOVED = "outputs_moved"
    OUTPUTS_FOLLOW_INPUTS = "outputs_follow_inputs"
    OUTPUTS_NOT_REPRODUCED = "outputs_not_reproduced"
    MOVED_AT_RELEASE = "moved_at_release"
    TOO_GOOD = "too_good"
    SEGMENT_LOST = "segment_lost"
    LABELS_MOVED = "labels_moved"
    MEANING_CHANGED = "meaning_changed"
    TOO_GRAVE_TO_WAIT = "too_grave_to_wait"
    NO_CAUSE_FITS = "no_cause_fits"

    # Of a day: what else a reader of its verdict has to know.
    BREACH_NOT_CONFIRMED = "breach_not_confirmed"
    LABELS_NOT_USED = "labels_not_used"
    LABELS_ODD = "labels_odd"
    NO_OBJECTIVE_MEASURED = "no_objective_measured"
    NOTHING_MEASURED = "nothing_measured"
    FLAPPING = "flapping"
    OVERRULED = "overruled"
    ALIAS_MISSING = "alias_missing"
    LIMIT_BELOW_NOISE = "limit_below_noise"
    NEW_VERSION_UNLIKE = "new_version_unlike"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason: what it is, and in which words.

    Attributes:
        code: What it is.
        text: One sentence a person understands.
    """

    code: ReasonCode
    text: str
