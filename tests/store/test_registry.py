from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import rmtree

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from monitoring_tasks.errors import (
    ConfigurationError,
    RegistryError,
    VersionMissingError,
)
from monitoring_tasks.store.digests import digest_folder, digest_model
from monitoring_tasks.store.registry import Registry
from monitoring_tasks.store.versions import Training

pytestmark = [
    # MLflow's own tables use a loader strategy that SQLAlchemy 2.1 deprecates.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    # MLflow warns about type hints of its own classes while it is imported.
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType"),
]

MODEL = "tiny"
ROWS = pd.DataFrame({"a": np.arange(40), "b": np.linspace(0, 1, 40)})
TRAINING = Training(
    trained_from=date(2020, 1, 1),
    trained_until=date(2020, 2, 29),
    metrics={"roc_auc": 0.75},
    git_commit="abc1234",
    tags={"team": "one"},
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("registry")


@pytest.fixture(scope="module")
def registry(home: Path) -> Registry:
    """Three versions of one small model; MLflow makes its tables once."""
    made = Registry(f"sqlite:///{home / 'mlflow.db'}", cache=home / "cache")
    fitted = LogisticRegression().fit(ROWS, ROWS["a"] > 20)
    for _ in range(3):
        made.register(MODEL, fitted, example=ROWS, training=TRAINING)
    return made


@pytest.fixture(scope="module")
def many(registry: Registry) -> Registry:
    """Add a model with 23 versions, as releases of a year; they hold no files."""
    client = registry._connection.client()
    client.create_registered_model("many")
    for number in range(23):
        client.create_model_version("many", source=f"s3://models/{number}")
    return registry


@pytest.fixture
def reference(registry: Registry, tmp_path: Path) -> Iterator[Path]:
    """A reference folder, saved beside version 2; its cached copy is forgotten."""
    (tmp_path / "profile.json").write_text('{"rows": 1}')
    (tmp_path / "sample.parquet").write_bytes(b"rows")
    digest = registry.save_reference(MODEL, "2", tmp_path)
    yield tmp_path
    rmtree(registry._references.cache / digest, ignore_errors=True)


@pytest.mark.parametrize("url", ["", "  "], ids=["empty", "blank"])
def test_registry_refuses_an_absent_address(url: str) -> None:
    """An empty address is an error, never a new registry in the current folder."""
    with pytest.raises(ConfigurationError, match="registry_url"):
        Registry(url)


def test_registry_refuses_a_file_in_an_absent_folder(tmp_path: Path) -> None:
    """A mistyped path is an error, never an empty registry."""
    with pytest.raises(ConfigurationError, match="does not exist"):
        Registry(f"sqlite:///{tmp_path}/nowhere/mlflow.db").versions(MODEL)
    assert not (tmp_path / "nowhere").exists()


def test_register_writes_beside_the_registry_only(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing lands in the current folder, neither database nor artifacts."""
    monkeypatch.chdir(tmp_path)
    fitted = LogisticRegression().fit(ROWS, ROWS["a"] > 20)
    registry.register("other", fitted, example=ROWS, training=TRAINING)
    assert list(tmp_path.iterdir()) == []


def test_versions_come_newest_first_as_text(registry: Registry) -> None:
    """Versions are text, whatever the store gives, and the newest leads."""
    assert [one.version for one in registry.versions(MODEL)] == ["3", "2", "1"]


@pytest.mark.parametrize("page", [10, 23, 100], ids=["three pages", "one, full", "one"])
def test_every_version_is_listed_however_many_there_are(
    many: Registry, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    """The registry answers in pages; all of them are read, in order, none twice."""
    from mlflow.tracking._model_registry import fluent  # noqa: PLC0415 (seconds)

    monkeypatch.setattr(fluent, "SEARCH_MODEL_VERSION_MAX_RESULTS_DEFAULT", page)
    found = [one.version for one in many.versions("many")]
    assert found == [str(number) for number in range(23, 0, -1)]


def test_absent_version_names_the_newest_of_many(many: Registry) -> None:
    """An error stays readable, however many versions there are."""
    with pytest.raises(
        VersionMissingError, match=r"are: 23, .*, 4 and 3 older ones \(reg"
    ):
        many.version("many", "99")


def test_version_tells_how_it_was_trained(registry: Registry) -> None:
    """What is recorded at registration is read back."""
    found = registry.version(MODEL, "1")
    assert (found.trained_from, found.trained_until) == (
        TRAINING.trained_from,
        TRAINING.trained_until,
    )
    assert found.git_commit == "abc1234"
    assert found.tags["team"] == "one"
    assert (found.status, len(found.signature_digest)) == ("READY", 64)
    run = registry._connection.client().get_run(found.run_id)
    assert run.data.metrics == {"roc_auc": 0.75}


def test_register_turns_integers_into_floats(registry: Registry) -> None:
    """One null in a later batch must not break the signature."""
    from mlflow.models import get_model_info  # noqa: PLC0415 (seconds to import)

    registry.version(MODEL, "1")
    inputs = get_model_info(f"models:/{MODEL}/1").signature.inputs
    assert [one.type.name for one in inputs.inputs] == ["double", "double"]


def test_alias_version_is_none_when_unset(registry: Registry) -> None:
    """An unset alias of a known model is an answer, not an error."""
    assert registry.alias_version(MODEL, "nobody") is None


def test_set_alias_moves_it(registry: Registry) -> None:
    """The alias names the version it was last pointed at."""
    for version in ("1", "3", "2"):
        registry.set_alias(MODEL, "champion", version)
        assert registry.alias_version(MODEL, "champion") == version


def test_set_alias_refuses_an_absent_version(registry: Registry) -> None:
    """The error names the versions there are, and the alias stays."""
    registry.set_alias(MODEL, "steady", "1")
    with pytest.raises(VersionMissingError, match=r"no version 9; there are: 3, 2, 1"):
        registry.set_alias(MODEL, "steady", "9")
    assert registry.alias_version(MODEL, "steady") == "1"


def test_an_absent_model_is_named(registry: Registry) -> None:
    """A model that is not registered is an error in every question about it."""
    with pytest.raises(VersionMissingError, match="ghost"):
        registry.alias_version("ghost", "champion")
    with pytest.raises(VersionMissingError, match="ghost"):
        registry.versions("ghost")
    with pytest.raises(VersionMissingError, match="ghost"):
        registry.version("ghost", "1")


def test_tag_version_keeps_other_tags(registry: Registry) -> None:
    """A new tag is added to those there are."""
    registry.tag_version(MODEL, "3", {"seen": "yes"})
    tags = registry.version(MODEL, "3").tags
    assert (tags["seen"], tags["team"]) == ("yes", "one")


def test_reference_comes_back_as_saved(registry: Registry, reference: Path) -> None:
    """Every file of the folder is read back, byte by byte."""
    loaded = registry.load_reference_folder(MODEL, "2")
    assert sorted(one.name for one in loaded.iterdir()) == [
        "profile.json",
        "sample.parquet",
    ]
    assert digest_folder(loaded) == digest_folder(reference)
    assert registry.version(MODEL, "2").reference_digest == digest_folder(reference)


@pytest.mark.usefixtures("reference")
def test_reference_is_fetched_again_when_the_copy_is_damaged(
    registry: Registry,
) -> None:
    """A local copy is trusted only as long as its digest holds."""
    loaded = registry.load_reference_folder(MODEL, "2")
    (loaded / "profile.json").write_text("damaged")
    again = registry.load_reference_folder(MODEL, "2")
    assert (again / "profile.json").read_text() == '{"rows": 1}'


@pytest.mark.usefixtures("reference")
def test_load_reference_refuses_changed_files(registry: Registry, home: Path) -> None:
    """Artifacts can be overwritten; what is not what was saved is refused."""
    held = next(home.glob("mlflow-artifacts/**/monitoring/profile.json"))
    saved = held.read_text()
    held.write_text("forged")
    with pytest.raises(RegistryError, match="changed after it was saved"):
        registry.load_reference_folder(MODEL, "2")
    held.write_text(saved)


@pytest.mark.usefixtures("reference")
def test_load_reference_needs_no_download_twice(registry: Registry, home: Path) -> None:
    """The second load works on the local copy alone."""
    first = registry.load_reference_folder(MODEL, "2")
    for held in home.glob("mlflow-artifacts/**/monitoring"):
        rmtree(held)
    assert registry.load_reference_folder(MODEL, "2") == first


@pytest.mark.usefixtures("reference")
def test_load_reference_names_absent_artifacts(registry: Registry, home: Path) -> None:
    """Files that vanished are missing, not an outage to be retried."""
    for held in home.glob("mlflow-artifacts/**/monitoring"):
        rmtree(held)
    with pytest.raises(VersionMissingError, match="reference of version 2"):
        registry.load_reference_folder(MODEL, "2")


def test_load_reference_says_when_there_is_none(registry: Registry) -> None:
    """A version without a reference is named."""
    with pytest.raises(VersionMissingError, match=r"version 1 .* no reference"):
        registry.load_reference_folder(MODEL, "1")


def test_register_records_the_digest_of_the_files(
    registry: Registry, tmp_path: Path
) -> None:
    """What is recorded is what a later download holds, a reference beside it or not."""
    for version in ("1", "2"):
        fetched = registry.download(MODEL, version, tmp_path / version)
        recorded = registry.version(MODEL, version).artifact_digest
        assert recorded == digest_model(fetched) != ""


def test_list_files_gives_what_a_download_gives(
    registry: Registry, tmp_path: Path
) -> None:
    """Names and sizes at the top tell whether a copy may still be right."""
    fetched = registry.download(MODEL, "1", tmp_path)
    (fetched / "registered_model_meta").unlink()
    sizes = {one.name: one.stat().st_size for one in fetched.iterdir()}
    assert registry.list_files(MODEL, "1") == sizes
