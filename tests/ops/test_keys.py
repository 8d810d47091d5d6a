"""The key that a service knows calls by, made where the gateway's secret is kept."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dev.state import PROJECT
from kernel.rpc import derive_key

SECRET = "0123456789abcdef0123456789abcdef"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ops.keys", *arguments],
        env={"PATH": "", **environment},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_prints_the_key_of_one_service() -> None:
    done = run("billing", STEWARD_CALL_SECRET=SECRET)
    assert done.stdout == derive_key(SECRET.encode(), "billing").hex() + "\n"
    assert run("sales", STEWARD_CALL_SECRET=SECRET).stdout != done.stdout


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ((), {"STEWARD_CALL_SECRET": SECRET}),
        (("billing",), {}),
        (("a b",), {"STEWARD_CALL_SECRET": SECRET}),
    ],
)
def test_without_a_secret_or_a_service_it_says_how_it_is_used(
    arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    done = run(*arguments, **environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert "python -m ops.keys SERVICE" in done.stderr
