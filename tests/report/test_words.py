import pytest

from monitoring_tasks.domain.findings import Kind, Limit, Measurement, Verdict
from monitoring_tasks.report import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(None, "no value", id="nothing"),
        pytest.param(0.0, "0", id="zero"),
        pytest.param(0.75123, "0.751", id="ratio"),
        pytest.param(-0.02, "-0.020", id="negative"),
        pytest.param(0.000123, "0.00012", id="small"),
        pytest.param(12.345, "12.3", id="tens"),
        pytest.param(1234567.8, "1,234,568", id="large"),
        pytest.param(40, "40", id="count"),
        pytest.param(float("inf"), "inf", id="infinite"),
    ],
)
def test_number_has_digits_a_reader_can_use(value: float | None, text: str) -> None:
    """About three digits count; whole numbers stay whole."""
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        pytest.param("demographic_parity_ratio", 0.0123, "1.2 %", id="ratio"),
        pytest.param("error_ratio", 0.0004, "0.04 %", id="small ratio"),
        pytest.param("demographic_parity_ratio", None, "no value", id="no ratio"),
        pytest.param("roc_auc", 0.7, "0.700", id="not a ratio"),
    ],
)
def test_shown_writes_ratios_as_percent(
    metric: str, value: float | None, text: str
) -> None:
    """Only metrics the table says so of are shown as percent."""
    assert words.shown(metric, value) == text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        pytest.param(None, "none", id="no limit"),
        pytest.param(Limit(origin="x"), "none", id="empty limit"),
        pytest.param(Limit(low=0.0), "at least 0", id="a limit of zero is a limit"),
        pytest.param(Limit(low=0.1, high=0.2), "at least 0.100, at most 0.200", id="2"),
    ],
)
def test_limit_names_each_side(span: Limit | None, text: str) -> None:
    """A limit is written side by side; a limit of 0 is not forgotten."""
    assert words.limit("f1", span) == text


def test_interval_is_a_dash_when_one_end_is_missing() -> None:
    """Half an interval is none."""
    number = Measurement(kind=Kind.DRIFT, metric="psi", version="1", lower=0.1)
    assert words.interval(number) == "-"


def test_every_verdict_has_a_symbol_of_its_own_and_a_meaning() -> None:
    """Colour is never the only carrier: no two verdicts share a symbol."""
    assert set(words.SYMBOLS) == set(words.MEANINGS) == set(Verdict)
    assert len({*words.SYMBOLS.values(), words.NOT_DECIDED}) == len(Verdict) + 1
