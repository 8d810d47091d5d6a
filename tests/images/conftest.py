"""Fixtures of the tests of the container images; they skip where no Docker engine runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from docker.errors import DockerException

from tests.images.composed import Composed, find_compose


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.server)


@pytest.fixture(scope="session")
def docker_engine() -> Iterator[docker.DockerClient]:
    """The Docker engine of this machine."""
    try:
        engine = docker.from_env(timeout=120)
        engine.ping()
    except DockerException as error:
        pytest.skip(f"No Docker engine runs here: {error}")
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def built(docker_engine: docker.DockerClient) -> Composed:
    """The project with its images built from the working tree; nothing runs."""
    compose = find_compose()
    if compose is None:
        pytest.skip("There is neither `docker compose` nor `docker-compose` here.")
    composed = Composed(docker_engine, compose)
    composed.build()
    return composed


@pytest.fixture(scope="module")
def composed(built: Composed) -> Iterator[Composed]:
    """The project up and healthy; afterwards no container, network or volume of it is left."""
    try:
        try:
            built.up()
            built.make_key()
        except AssertionError as error:
            error.add_note(built.read_logs())
            raise
        yield built
    finally:
        built.down("--volumes")
