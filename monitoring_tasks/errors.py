"""What can go wrong, as a tree.

MonitoringError
├── ConfigurationError          a contract, suite or setting is wrong: fix the file
├── DataError                   the data is not what was agreed
│   ├── NoDataError             the source answered and holds nothing for the day
│   ├── UnreadableDataError     the source holds something that cannot be read
│   ├── SourceChangedError      rows that were counted where they lie are others now
│   ├── RowsNotKeptError        all rows of a day are needed, a sample was kept
│   └── LabelMismatchError      labels cannot be joined one to one
├── EstimationError             a number could not be computed
├── RegistryError               the registry answered, and the answer forbids acting
│   └── VersionMissingError     model, alias, version or artifact is absent
├── IllegalTransitionError      an incident or action may not go there
├── UnwritableError             no permission to write where something has to be
├── DeliveryRefusedError        a channel answered, and will not take the message
├── NotApplicableError          a fault cannot be drilled on this model's rows
└── TransientError              try again: the only branch Airflow retries
    ├── SourceUnavailableError  a database, object store or registry did not answer
    ├── DeliveryDelayedError    a channel did not take the message now
    ├── LeaseHeldError          the same day or alias is being worked on elsewhere
    ├── LeaseLostError          another process took over what this one worked on
    └── AliasInDoubtError       an alias may or may not have been moved

Too little evidence while judging is a finding (`no_data`), never an exception.
"""


class MonitoringError(Exception):
    """Base of every error Daywatch raises on purpose."""


class ConfigurationError(MonitoringError):
    """A contract, suite or setting is wrong; the text names file, line and key."""


class DataError(MonitoringError):
    """The data is not what was agreed."""


class NoDataError(DataError):
    """The source answered and holds nothing for the day."""


class UnreadableDataError(DataError):
    """The source holds something that cannot be read."""


class SourceChangedError(DataError):
    """Rows that were counted where they lie are others now, or are gone."""


class RowsNotKeptError(DataError):
    """All rows of a day are needed, and a sample of them was kept."""


class LabelMismatchError(DataError):
    """Labels cannot be joined one to one on the declared id."""


class EstimationError(MonitoringError):
    """A number could not be computed."""


class RegistryError(MonitoringError):
    """The registry answered, and the answer forbids acting."""


class VersionMissingError(RegistryError):
    """A registered model, alias, version or artifact is absent."""


class IllegalTransitionError(MonitoringError):
    """An incident or action may not go to the requested state."""


class UnwritableError(MonitoringError):
    """A file or folder may not be written by this user; trying again does not help."""


class DeliveryRefusedError(MonitoringError):
    """A channel answered, and will not take the message however often it is sent."""


class NotApplicableError(MonitoringError):
    """A fault cannot be drilled on this model's rows."""


class TransientError(MonitoringError):
    """Something outside did not answer; trying again may help."""


class SourceUnavailableError(TransientError):
    """A database, object store or registry did not answer."""


class DeliveryDelayedError(TransientError):
    """A channel did not take the message now, or nobody knows whether it did.

    Attributes:
        retry_after: Seconds the receiver wants to be left alone; None if unsaid.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class LeaseHeldError(TransientError):
    """The same day or alias is being worked on by another process."""


class LeaseLostError(TransientError):
    """Another process took over what this one was working on."""


class AliasInDoubtError(TransientError):
    """An alias may or may not have been moved; only reading it again tells."""
