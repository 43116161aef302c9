"""What a contract asks of the process that scores rows with registered versions."""

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.store.scoring import Job


def scoring_job(contract: Contract) -> Job:
    """Return what the worker of a model has to know.

    Args:
        contract: The model's.
    """
    versions = contract.policy.versions
    return Job(
        model=contract.model,
        id_column=contract.columns.id,
        features=contract.columns.features,
        time_limit_seconds=versions.time_limit_seconds,
        loading=versions,
        python=contract.response.scoring.python,
    )
