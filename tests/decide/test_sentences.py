"""Every reason of a day has its sentence, and every verdict its usual reason."""

import pytest

from monitoring_tasks.decide.sentences import SENTENCES, reason
from monitoring_tasks.domain.findings import USUAL_CODES, Verdict
from monitoring_tasks.domain.reasons import ReasonCode

OF_NUMBERS = frozenset(
    {
        *USUAL_CODES.values(),
        ReasonCode.WITHIN_CHANCE,
        ReasonCode.UNDETECTABLE_LOSS,
        ReasonCode.ENDLESS_INTERVAL,
        ReasonCode.TOO_FEW_ROWS,
        ReasonCode.TOO_FEW_DAYS,
        ReasonCode.TOO_FEW_REFERENCE_DAYS,
        ReasonCode.NO_LIMIT,
        ReasonCode.NO_REFERENCE,
        ReasonCode.UNLABELLED_REFERENCE,
        ReasonCode.NOT_FINITE,
        ReasonCode.LATEST_DAYS_RECOVERED,
        ReasonCode.GAP_WITHOUT_LABELS,
        ReasonCode.UNTRUSTED_ESTIMATE,
        ReasonCode.FALSE_DISCOVERY,
    }
)
"""Said by whoever judged the number."""
OF_OTHERS = frozenset(
    {
        ReasonCode.STEP_FAILED,
        ReasonCode.LIMIT_BELOW_NOISE,
        ReasonCode.NEW_VERSION_UNLIKE,
    }
)
"""Said by the step that failed, the check of limits, and of a release's first day."""


def test_every_reason_of_a_day_has_a_sentence() -> None:
    """A code that was added without its words is found here."""
    assert set(SENTENCES) == set(ReasonCode) - OF_NUMBERS - OF_OTHERS


def test_every_verdict_has_a_usual_reason() -> None:
    """A number never goes without a code."""
    assert set(USUAL_CODES) == set(Verdict)


@pytest.mark.parametrize(
    ("column", "others", "text"),
    [
        ("", 0, "rows failed on 2 of the latest 3 days: 9 rows"),
        ("x", 0, "rows on column 'x' failed on 2 of the latest 3 days: 9 rows"),
        ("", 2, "rows failed on 2 of the latest 3 days: 9 rows (and 2 more)"),
    ],
)
def test_a_sentence_has_the_numbers_of_its_reason(
    column: str, others: int, text: str
) -> None:
    """What others there are, and of which column, is said only where there are."""
    numbers = {"check": "rows", "days": 2, "of_days": 3, "observed": "9 rows"}
    said = reason(ReasonCode.ROWS_CORRUPTED, column=column, others=others, **numbers)
    assert said.text == text
