"""How labels lie, as the store keeps it."""

import json
from dataclasses import asdict, replace

import pytest

from monitoring_tasks.domain.label_summary import (
    LabelSummary,
    NumberCurves,
    ShareCurve,
)

CURVE = ShareCurve(values=(1.0, 2.0), shares=(0.25, 1.0), is_complete=True)
CURVES = NumberCurves(labels=CURVE, outputs=CURVE, residuals=CURVE)
SCALED = replace(CURVES, scaled=(CURVE, CURVE))


@pytest.mark.parametrize("curves", [CURVES, SCALED, None])
def test_summary_reads_itself_back_from_json(curves: NumberCurves | None) -> None:
    """Classes have no curves."""
    summary = LabelSummary(rows=4, levels={"50%": 1.5}, slope=0.5, curves=curves)
    assert LabelSummary.from_json(json.loads(json.dumps(asdict(summary)))) == summary


def test_summary_that_was_kept_before_is_read() -> None:
    """It lacks what nobody kept."""
    plain = {"rows": 4, "levels": {"50%": 1.5}, "outputs": {}, "slope": None}
    assert LabelSummary.from_json(plain).curves is None


def test_curves_that_were_kept_without_scaled_residuals_are_read() -> None:
    """A day of an older release."""
    plain = asdict(CURVES)
    del plain["scaled"]
    assert NumberCurves.from_json(json.loads(json.dumps(plain))) == CURVES
