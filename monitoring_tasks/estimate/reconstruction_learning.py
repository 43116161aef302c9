"""A reference's principal components, as NannyML finds them, read off as numbers."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.domain.reconstruction import (
    CategoricalInput,
    NumericInput,
    Reconstruction,
)
from monitoring_tasks.estimate.fitted import Fitted
from monitoring_tasks.estimate.nannyml_calls import run
from monitoring_tasks.estimate.reconstruction import rebuild
from monitoring_tasks.rows.encoding import CodeBook, encode, learn_code_book

if TYPE_CHECKING:
    from nannyml import DataReconstructionDriftCalculator


def learn_reconstruction(reference: pd.DataFrame, columns: Columns) -> Reconstruction:
    """Learn to rebuild rows from their principal components.

    NannyML's `DataReconstructionDriftCalculator`, 65 % of the variance kept. It is
    asked once; what it learnt is a few numbers, which measure days without it.

    Args:
        reference: Reference rows, at least two, with the continuous and categorical
            features. Not modified.
        columns: Names the features.

    Raises:
        EstimationError: If no feature has a value.
    """
    book = learn_code_book(reference, columns)
    import nannyml  # noqa: PLC0415 (takes seconds to import)

    calculator = nannyml.DataReconstructionDriftCalculator(
        column_names=book.columns, chunk_number=1
    )
    run(calculator.fit, encode(reference, book))
    numeric, categorical = _inputs(calculator, book)
    return Reconstruction(
        declared=(columns.continuous, columns.categorical),
        numeric=numeric,
        categorical=categorical,
        middle=tuple(calculator._pca.mean_.tolist()),  # noqa: SLF001 (kept nowhere else)
        components=tuple(map(tuple, calculator._pca.components_.tolist())),  # noqa: SLF001
    )


def fit_reconstruction(reference: pd.DataFrame, columns: Columns) -> Fitted:
    """Return the estimator of `reconstruction_error` that learnt a reference.

    Args:
        reference: As for `learn_reconstruction`.
        columns: Names the features.

    Raises:
        EstimationError: If no feature has a value.
    """
    return rebuild(learn_reconstruction(reference, columns))


def _inputs(
    calculator: "DataReconstructionDriftCalculator", book: CodeBook
) -> tuple[tuple[NumericInput, ...], tuple[CategoricalInput, ...]]:
    """Return how NannyML scales each feature, in the order of its components."""
    imputer: Any = calculator._imputer_continuous  # noqa: SLF001
    # By name: NannyML imputes in the order of names, and scales in that of its columns.
    missing = (
        dict(zip(calculator.continuous_column_names, imputer.statistics_, strict=True))
        if book.continuous
        else {}
    )
    scaler: Any = calculator._scaler  # noqa: SLF001
    scales = dict(
        zip(book.columns, zip(scaler.mean_, scaler.scale_, strict=True), strict=True)
    )
    numeric = tuple(
        NumericInput(
            name=name,
            missing=float(missing[name]),
            centre=float(scales[name][0]),
            scale=float(scales[name][1]),
        )
        for name in book.continuous
    )
    categorical = []
    for name, codes in book.codes.items():
        counted = calculator._encoder.mapping[name].to_dict()  # noqa: SLF001
        # A code that no row has is common to the extent of 0.
        by_code = [float(counted.get(code, 0.0)) for code in range(len(codes) + 2)]
        categorical.append(
            CategoricalInput(
                name=name,
                shares={text: by_code[code] for text, code in codes.items()},
                other=by_code[-2],
                null=by_code[-1],
                centre=float(scales[name][0]),
                scale=float(scales[name][1]),
            )
        )
    return numeric, tuple(categorical)
