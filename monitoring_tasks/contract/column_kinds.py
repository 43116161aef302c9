"""Which columns are counted in bins and which by category: for their drift."""

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem


def binned_columns(contract: Contract) -> tuple[str, ...]:
    """Return the columns counted in bins: features, scores, and predicted numbers."""
    columns = contract.columns
    is_number = contract.problem is Problem.REGRESSION
    predicted = watched_prediction(contract) if is_number else ()
    return tuple(dict.fromkeys((*columns.continuous, *columns.scores, *predicted)))


def category_columns(contract: Contract) -> tuple[str, ...]:
    """Return the columns counted by category: features, and the one of many classes."""
    is_class = contract.problem is Problem.MULTICLASS
    predicted = watched_prediction(contract) if is_class else ()
    return tuple(dict.fromkeys((*contract.columns.categorical, *predicted)))


def watched_prediction(contract: Contract) -> tuple[str, ...]:
    """Return the prediction, if it is watched by itself; a binary one has a score."""
    if contract.problem is Problem.BINARY:
        return ()
    return (contract.columns.prediction,)
