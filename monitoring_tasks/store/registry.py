"""Telling the model registry: aliases, tags, references and new versions.

It moves an alias when told to; whether to, is decided elsewhere.
"""

import re
import tempfile
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring_tasks.domain.version_tags import ARTIFACT_TAG, REFERENCE_TAG
from monitoring_tasks.errors import RegistryError
from monitoring_tasks.store.digests import (
    REFERENCE_FOLDER,
    digest_folder,
    digest_model,
    digest_signature,
)
from monitoring_tasks.store.mlflow_connection import translated_errors
from monitoring_tasks.store.registering import Predictor, log_model
from monitoring_tasks.store.registry_reader import RegistryReader
from monitoring_tasks.store.versions import Training, training_tags

if TYPE_CHECKING:
    import pandas as pd
    from mlflow import MlflowClient


class Registry(RegistryReader):
    """One MLflow registry that is also told things; errors as of the reader."""

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """Point `alias` at a version, in one attempt; the last writer wins.

        Args:
            model: Registered model name.
            alias: The alias.
            version: The version; it has to be registered.
        """
        self.ask_anew()
        # So that the error for an absent version names those there are.
        self.version(model, version)
        self._connection.tell(
            f"alias '{alias}' of model '{model}'",
            lambda client: client.set_registered_model_alias(model, alias, version),
        )

    def tag_version(self, model: str, version: str, tags: Mapping[str, str]) -> None:
        """Set tags of a version; other tags stay.

        Args:
            model: Registered model name.
            version: The version.
            tags: From a key to its value.
        """
        self._find(model, version)
        for key, value in tags.items():
            self._ask(
                f"tag '{key}' of version {version} of model '{model}'",
                partial(_set_tag, model=model, version=version, tag=(key, value)),
            )

    def describe_version(self, model: str, version: str, text: str) -> None:
        """Add a line to the description of a version, once; what stands there stays.

        Args:
            model: Registered model name.
            version: The version.
            text: One line.
        """
        existing = self._find(model, version).description or ""
        if text in existing.splitlines():
            return
        extended = f"{existing}\n{text}" if existing else text
        self._ask(
            f"description of version {version} of model '{model}'",
            lambda client: client.update_model_version(model, version, extended),
        )

    def save_reference(self, model: str, version: str, folder: Path) -> str:
        """Keep the files of `folder` beside the version; return their SHA-256.

        Artifacts can be overwritten by anyone who may write them, so the digest is
        kept apart, as a tag of the version, and checked on every load.

        Args:
            model: Registered model name.
            version: The version.
            folder: The files.
        """
        source = str(self._find(model, version).source)
        held = re.fullmatch(r"models:/(m-[0-9a-f]+)", source)
        if held is None:
            msg = (
                f"version {version} of model '{model}' is stored the way MLflow 2 did; "
                "register it again with MLflow 3 to keep a reference beside it "
                f"(registry {self._connection.shown})"
            )
            raise RegistryError(msg)
        self._ask(
            f"artifacts of version {version} of model '{model}'",
            lambda client: client.log_model_artifacts(
                held[1], str(folder), REFERENCE_FOLDER
            ),
        )
        digest = digest_folder(folder)
        self.tag_version(model, version, {REFERENCE_TAG: digest})
        return digest

    def register(
        self,
        model: str,
        pipeline: Predictor,
        *,
        example: "pd.DataFrame",
        training: Training,
    ) -> str:
        """Log a fitted scikit-learn pipeline as the next version; return its number.

        Integers become float64 in the signature: one null in a later batch turns an
        integer column into floats, which an integer signature refuses.

        Args:
            model: Registered model name; made when it does not exist.
            pipeline: Fitted estimator with `predict`.
            example: Some rows of its input, as it was trained on. Not modified.
            training: How it came to be.
        """
        with translated_errors(
            f"registering a version of model '{model}'", self._connection.shown
        ):
            version, signature = log_model(
                self._connection, model, pipeline, example=example, training=training
            )
        with tempfile.TemporaryDirectory() as scratch:
            files = digest_model(self.download(model, version, Path(scratch)))
        tags = training.as_tags(digest_signature(signature)) | {ARTIFACT_TAG: files}
        self.tag_version(model, version, tags)
        return version

    def record_training(self, model: str, version: str, trained_until: date) -> None:
        """Write down how far a version was trained and what it takes, if nobody did.

        Args:
            model: Registered model name.
            version: The version.
            trained_until: Last day of its training rows.
        """
        registered = self.version(model, version)
        if registered.trained_until is not None and registered.signature_digest:
            return
        from mlflow.models import get_model_info  # noqa: PLC0415 (seconds to import)

        address = f"models:/{model}/{version}"
        info = self._ask(
            f"version {version} of model '{model}'", lambda _: get_model_info(address)
        )
        digest = digest_signature(info.signature) if info.signature else ""
        self.tag_version(model, version, training_tags(trained_until, digest))


def _set_tag(
    client: "MlflowClient", *, model: str, version: str, tag: tuple[str, str]
) -> None:
    client.set_model_version_tag(model, version, *tag)
