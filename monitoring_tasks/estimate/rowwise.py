"""Estimates that need rows, not counts: done by NannyML, on a sample.

An estimator is fitted once on a version's reference rows and measures many days.
Not safe to share between threads: NannyML keeps its last result in the object.
"""

import math

import pandas as pd

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.errors import EstimationError
from monitoring_tasks.estimate.fitted import Fitted
from monitoring_tasks.estimate.nannyml_calls import enough, last_chunk, run
from monitoring_tasks.rows.encoding import (
    encode,
    learn_code_book,
    numbers,
    texts,
)

PREDICTION, LABEL = "__prediction__", "__label__"
CLASSIFIER = ("domain_classifier_auroc",)
CLASSIFIED_ROWS = 5000
"""Reference rows a day is told from."""
FEWEST_CLASSIFIED = 50
"""Fewer rows leave hardly any of the day in one of the five folds."""
LOSSES = ("mae", "rmse")
MULTICLASS = ("roc_auc", "f1", "accuracy")


def fit_classifier(reference: pd.DataFrame, columns: Columns) -> Fitted:
    """Keep reference rows to tell a day's rows from.

    `domain_classifier_auroc` is the cross-validated area under the curve of a
    classifier (LightGBM, five folds, NannyML's own settings) that tells the day's rows
    from the reference's by their features: about 0.5 where they are alike. NannyML's
    `DomainClassifierCalculator`, on one thread and at most 5,000 reference rows, evenly
    picked. Days of one weather or price list are told from a season of them at once:
    its level says nothing, only how far above the reference's own days it lies.

    Args:
        reference: Reference rows with the features, at least fifty. Not modified.
        columns: Names the features.

    Raises:
        EstimationError: If no feature has a value, or there are fewer rows.
    """
    import nannyml  # noqa: PLC0415 (takes seconds to import)
    from nannyml.drift.multivariate.domain_classifier import calculator as its  # noqa: PLC0415

    book = learn_code_book(reference, columns)
    settings = its.DEFAULT_LGBM_HYPERPARAMS | {"n_jobs": 1, "verbosity": -1}
    del settings["silent"]  # LightGBM no longer knows it
    calculator = nannyml.DomainClassifierCalculator(
        feature_column_names=book.columns,
        chunk_number=1,
        hyperparameters=settings,
    )
    # Every n-th row: the first 5,000 would be of the first days alone.
    step = math.ceil(len(reference) / CLASSIFIED_ROWS)
    kept = encode(reference.iloc[::step], book)
    run(calculator.fit, enough(kept, FEWEST_CLASSIFIED))
    return Fitted(
        kind=Kind.DRIFT,
        metrics=CLASSIFIER,
        prepare=lambda rows: encode(rows, book),
        run=last_chunk(calculator.calculate, CLASSIFIER),
        high=1.0,
        fewest=FEWEST_CLASSIFIED,
    )


def fit_loss(reference: pd.DataFrame, columns: Columns) -> Fitted:
    """Learn a regression model's error from features and prediction (DLE).

    Estimates `mae` and `rmse` before labels are known, by NannyML's `DLE`: gradient
    boosting on one thread, the same on every run. Like CBPE it does not see concept
    drift.

    Args:
        reference: Reference rows with features, prediction and label; rows without
            prediction or label are left out. Not modified.
        columns: Names the columns.

    Raises:
        EstimationError: If no feature has a value, or fewer than two rows remain.
    """
    import nannyml  # noqa: PLC0415 (takes seconds to import)

    book = learn_code_book(reference, columns)

    def prepare(rows: pd.DataFrame) -> pd.DataFrame:
        frame = encode(rows, book)
        frame[PREDICTION] = numbers(rows[columns.prediction])
        return frame.dropna(subset=[PREDICTION])

    # One chunk: a day is judged as a whole. One thread: the estimate must not depend on
    # the machine's cores.
    estimator = nannyml.DLE(
        feature_column_names=book.columns,
        y_pred=PREDICTION,
        y_true=LABEL,
        metrics=list(LOSSES),
        chunk_number=1,
        hyperparameters={"n_jobs": 1, "verbosity": -1},
    )
    frame = encode(reference, book)
    frame[PREDICTION] = numbers(reference[columns.prediction])
    frame[LABEL] = numbers(reference[columns.label])
    run(estimator.fit, enough(frame.dropna(subset=[PREDICTION, LABEL])))
    return Fitted(
        kind=Kind.ESTIMATED,
        metrics=LOSSES,
        prepare=prepare,
        run=last_chunk(estimator.estimate, LOSSES),
    )


def fit_multiclass(reference: pd.DataFrame, columns: Columns) -> Fitted:
    """Learn to estimate a multiclass model's metrics from its scores (CBPE).

    Estimates `roc_auc` (macro, one against the rest), `f1` (macro) and `accuracy`.

    Args:
        reference: Reference rows with one score column a class, prediction and label;
            rows that lack one are left out. Not modified.
        columns: `columns.score` maps class to score column.

    Raises:
        EstimationError: If the score is not declared by class, or fewer than two
            rows remain.
    """
    import nannyml  # noqa: PLC0415 (takes seconds to import)

    if not isinstance(columns.score, dict):
        msg = "multiclass estimates need columns.score: {class: column}"
        raise EstimationError(msg)
    scores = columns.score

    def prepare(rows: pd.DataFrame) -> pd.DataFrame:
        frame = pd.DataFrame({name: numbers(rows[name]) for name in scores.values()})
        frame[PREDICTION] = texts(rows[columns.prediction]).to_numpy()
        return frame.dropna()

    estimator = nannyml.CBPE(
        problem_type="classification_multiclass",
        y_pred_proba=scores,
        y_pred=PREDICTION,
        y_true=LABEL,
        metrics=list(MULTICLASS),
        chunk_number=1,
    )
    frame = prepare(reference)
    frame[LABEL] = texts(reference[columns.label]).to_numpy()[frame.index]
    run(estimator.fit, enough(frame.dropna()))
    return Fitted(
        kind=Kind.ESTIMATED,
        metrics=MULTICLASS,
        prepare=prepare,
        run=last_chunk(estimator.estimate, MULTICLASS),
        high=1.0,
    )
