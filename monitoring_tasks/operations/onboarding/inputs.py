"""Guessing which columns are features, of what kind, and which describe people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from monitoring_tasks.operations.onboarding.facts import ColumnFacts, Kind

CALENDAR_RANGES = {
    "hour": (0, 24), "hr": (0, 24), "weekday": (0, 7), "dayofweek": (0, 7),
    "dow": (0, 7), "doy": (1, 366), "week": (1, 53), "month": (1, 12), "mnth": (1, 12),
    "quarter": (1, 4), "season": (0, 4), "year": (0, 2200), "yr": (0, 2200),
    "holiday": (0, 1), "workingday": (0, 1), "weekend": (0, 1),
}  # fmt: skip
"""Word of a name -> what a part of the calendar of that name can be.

Numbers beyond it are something else: nights at a weekend, years of age in months.
"""
PROTECTED_WORDS = frozenset(
    {"sex", "gender", "race", "racial", "ethnicity", "ethnic", "religion", "age",
     "nationality", "citizenship", "disability", "marital", "pregnant", "birth",
     "orientation", "native", "language"}
)  # fmt: skip
FEW_CODES = 12
"""Whole numbers with so few values, from so small a span, are codes."""
MOST_CATEGORIES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a model takes.

    Attributes:
        continuous: Numeric features.
        categorical: Categorical features.
        calendar: Features that follow the calendar.
        why: From what it is known which columns are features.
        left_out: Column -> why it is none.
        absent: Inputs of the version's signature that the rows do not hold.
        protected: Candidates for protected attributes.
        segments: Candidates for segments.
    """

    continuous: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    calendar: tuple[str, ...] = ()
    why: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


def guess_inputs(
    facts: Mapping[str, ColumnFacts],
    signature: Mapping[str, str],
    *,
    apart_from: Collection[str],
) -> Inputs:
    """Return the features by kind.

    Args:
        facts: What can be seen of the columns of the predictions.
        signature: Input of the registered version -> its MLflow type; empty where
            the version has no named inputs.
        apart_from: Columns that have another role.
    """
    free = {n: f for n, f in facts.items() if n not in apart_from}
    features = {n: f for n, f in free.items() if n in signature} if signature else free
    roles: dict[str, list[str]] = {"continuous": [], "categorical": [], "calendar": []}
    left_out: dict[str, str] = {}
    for name, column in features.items():
        role = _role(column, signature.get(name, ""))
        if role in roles:
            roles[role].append(name)
        else:
            left_out[name] = role
    if signature:
        left_out |= dict.fromkeys(
            free.keys() - signature.keys(), "no input of the model"
        )
    groups = [f for f in free.values() if 2 <= f.distinct <= FEW_CODES]  # noqa: PLR2004 (one value is no group)
    return Inputs(
        continuous=tuple(roles["continuous"]),
        categorical=tuple(roles["categorical"]),
        calendar=tuple(roles["calendar"]),
        why="the signature of the registered version and the rows' types"
        if signature
        else "every column that has no other role; the version has no signature",
        left_out=dict(sorted(left_out.items())),
        absent=tuple(n for n in signature if n not in facts),
        protected=tuple(f.name for f in free.values() if PROTECTED_WORDS & {*f.words}),
        segments=tuple(f.name for f in groups if _role(f, "") == "categorical"),
    )


def _role(column: ColumnFacts, declared: str) -> str:
    """Return the kind of a feature, or why it cannot be watched."""
    if column.kind in {Kind.OTHER, Kind.INSTANT}:
        return f"Daywatch does not count a column of {column.kind}s"
    if not column.distinct:
        return "it has no value"
    # Before the kinds: a month is neither a code nor a continuous number.
    if _is_calendar(column):
        return "calendar"
    if column.kind is Kind.FLAG or declared in {"string", "boolean"}:
        return "categorical"
    if column.kind is Kind.TEXT:
        is_free = column.is_unique or column.distinct > MOST_CATEGORIES
        return f"{column.distinct} different texts are no categories" if is_free else (
            "categorical"
        )  # fmt: skip
    low, high = column.low or 0.0, column.high or 0.0
    is_code = (
        column.is_whole and column.distinct <= FEW_CODES and high - low <= 2 * FEW_CODES
    )
    return "categorical" if is_code else "continuous"


def _is_calendar(column: ColumnFacts) -> bool:
    """Whether name and values both speak for a part of the calendar."""
    if column.kind is not Kind.NUMBER or not column.is_whole:
        return False
    ranges = [CALENDAR_RANGES[word] for word in column.words if word in CALENDAR_RANGES]
    return any(
        low <= (column.low or 0.0) and (column.high or 0.0) <= high
        for low, high in ranges
    )
