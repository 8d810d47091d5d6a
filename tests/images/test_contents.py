"""What is in an image: one process' code, and a user who can do no harm."""

from __future__ import annotations

import pytest

from ops.instances import OWNERS, SERVICES
from tests.images.composed import TAG, Composed

WRITING = {"accounts", "billing", "collections", "sales"}


def run_in(built: Composed, owner: str, script: str) -> list[str]:
    printed: bytes = built.engine.containers.run(
        f"steward-{owner}:{TAG}", ["-c", script], entrypoint="sh", remove=True
    )
    return printed.decode().split()


def find_library(built: Composed, owner: str, name: str) -> bool:
    script = f"import importlib.util as u; print(u.find_spec('{name}') is not None)"
    return run_in(built, owner, f'python -c "{script}"') == ["True"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_image_holds_kernel_stationery_chassis_and_that_service(
    built: Composed, service: str
) -> None:
    assert set(run_in(built, service, "ls -A")) == {
        "kernel",
        "stationery",
        "chassis",
        "services",
        "start",
    }
    assert run_in(built, service, "ls -A services") == [service]
    assert find_library(built, service, "nameko") and not find_library(built, service, "uvicorn")


@pytest.mark.parametrize("service", SERVICES)
def test_only_services_that_write_have_what_sets_letters(built: Composed, service: str) -> None:
    assert find_library(built, service, "uharfbuzz") == (service in WRITING)


def test_the_gateway_image_holds_kernel_gateway_ops_and_the_names_of_services(
    built: Composed,
) -> None:
    assert set(run_in(built, "gateway", "ls -A")) == {"kernel", "gateway", "ops", "start"}
    assert run_in(built, "gateway", "cat ops/services.txt") == list(SERVICES)
    assert find_library(built, "gateway", "uvicorn") and not find_library(
        built, "gateway", "nameko"
    )


@pytest.mark.parametrize("owner", OWNERS)
def test_it_runs_as_a_user_who_may_not_change_it(built: Composed, owner: str) -> None:
    assert run_in(built, owner, "id -un; id -u") == ["steward", "10001"]
    assert run_in(built, owner, "find /app /usr/local -writable") == []


def test_the_services_that_write_have_the_typefaces_for_it(built: Composed) -> None:
    script = "find /usr/share/fonts -name 'NotoSans*-Regular.tt?' -o -name 'Symbola*' | wc -l"
    found = {service: int(run_in(built, service, script)[0]) for service in SERVICES}
    assert {service for service, files in found.items() if files} == WRITING
    assert min(filter(None, found.values())) > 100
