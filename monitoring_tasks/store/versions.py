"""What the registry knows about a version, as facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Self

from monitoring_tasks.domain.version_tags import ARTIFACT_TAG, REFERENCE_TAG, TAG

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

_FROM, _UNTIL = f"{TAG}trained_from", f"{TAG}trained_until"
_COMMIT, _SIGNATURE = f"{TAG}git_commit", f"{TAG}signature_sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """How a version came to be; recorded with it.

    Attributes:
        trained_from: First day of the training rows.
        trained_until: Last day of the training rows.
        metrics: Metrics on the training window, out of fold.
        git_commit: Commit of the training code; empty when not known.
        tags: Further tags of the version.
        serialization_format: `skops`, or `cloudpickle`, which loads several times
            sooner and runs whatever the file says; for registries of one's own.
        trusted_types: Types skops may load besides its own list.
        requirements: What the model needs; empty for scikit-learn and skops.
    """

    trained_from: date
    trained_until: date
    metrics: Mapping[str, float] = field(default_factory=dict)
    git_commit: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    serialization_format: str = "skops"
    trusted_types: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()

    def as_tags(self, signature_digest: str) -> dict[str, str]:
        """Write down what `Version` reads back."""
        return {
            **self.tags,
            _FROM: self.trained_from.isoformat(),
            _UNTIL: self.trained_until.isoformat(),
            _COMMIT: self.git_commit,
            _SIGNATURE: signature_digest,
        }


def training_tags(trained_until: date, signature_digest: str) -> dict[str, str]:
    """Return the least a version must carry to be compared and put back.

    Args:
        trained_until: Last day of the training rows.
        signature_digest: SHA-256 of the signature; empty without one.
    """
    return {_UNTIL: trained_until.isoformat(), _SIGNATURE: signature_digest}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A registered version. What was not recorded is None or empty, never guessed.

    Attributes:
        model: Registered model name.
        version: Version number, as text.
        status: `READY`, or why it cannot be used yet.
        run_id: Run that made it; MLflow keeps the training's metrics there.
        tags: Tags of the version.
    """

    model: str
    version: str
    status: str
    run_id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, registered: "ModelVersion") -> Self:
        """Read what MLflow gives; a database numbers in integers, a server in text."""
        return cls(
            model=registered.name,
            version=str(registered.version),
            status=str(registered.status),
            run_id=str(registered.run_id or ""),
            tags={str(key): str(value) for key, value in registered.tags.items()},
        )

    @property
    def trained_from(self) -> date | None:
        """First day of the training rows."""
        return _day(self.tags.get(_FROM))

    @property
    def trained_until(self) -> date | None:
        """Last day of the training rows."""
        return _day(self.tags.get(_UNTIL))

    @property
    def git_commit(self) -> str:
        """Commit of the training code."""
        return self.tags.get(_COMMIT, "")

    @property
    def signature_digest(self) -> str:
        """SHA-256 of the signature: equal digests take the same columns."""
        return self.tags.get(_SIGNATURE, "")

    @property
    def reference_digest(self) -> str:
        """SHA-256 of the reference kept beside it; empty when there is none."""
        return self.tags.get(REFERENCE_TAG, "")

    @property
    def artifact_digest(self) -> str:
        """SHA-256 of the model's files when first seen; empty if nobody recorded it."""
        return self.tags.get(ARTIFACT_TAG, "")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
