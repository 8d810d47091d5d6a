"""Finding the programs of RabbitMQ and PostgreSQL on this machine, or installing them with apt."""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dev.state import State
from ops.console import say

_BREW = (Path("/opt/homebrew/opt"), Path("/usr/local/opt"))
_POLICY = Path("/usr/sbin/policy-rc.d")

# dpkg serves one at a time.
_installing = threading.Lock()

ADVICE = (
    "Install RabbitMQ and PostgreSQL (Debian, Ubuntu: apt-get install rabbitmq-server postgresql; "
    "macOS: brew install rabbitmq postgresql), or name running servers in AMQP_URI and "
    "DATABASE_URL."
)


class ServersMissing(RuntimeError):
    """There is no server and none can be made here; the text says what to do."""


def find_rabbitmq() -> Path | None:
    """Return the `rabbitmq-server` script.

    The one on the PATH comes last: Debian's is a wrapper that changes user and folder.
    """
    for script in (
        Path("/usr/lib/rabbitmq/bin/rabbitmq-server"),
        *(opt / "rabbitmq/sbin/rabbitmq-server" for opt in _BREW),
    ):
        if os.access(script, os.X_OK):
            return script
    found = shutil.which("rabbitmq-server")
    return Path(found) if found else None


def find_postgres() -> Path | None:
    """Return the folder that holds `initdb` and `pg_ctl`, of the newest version found."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    for opt in _BREW:
        folders += opt.glob("postgresql*/bin")
    usable = [folder for folder in folders if os.access(folder / "pg_ctl", os.X_OK)]
    if usable:
        return max(usable, key=_version)
    found = shutil.which("pg_ctl")
    return Path(found).resolve().parent if found else None


def _version(folder: Path) -> int:
    digits = re.findall(r"\d+", folder.parent.name)
    return int(digits[0]) if digits else 0


def require_rabbitmq(state: State) -> Path:
    """Return the `rabbitmq-server` script, installing it if need be and if possible.

    Raises:
        ServersMissing: it is not there and cannot be installed.
    """
    return _require(find_rabbitmq, "rabbitmq-server", state)


def require_postgres(state: State) -> Path:
    """Return the folder of PostgreSQL's programs, installing them if need be and if possible.

    Raises:
        ServersMissing: they are not there and cannot be installed.
    """
    return _require(find_postgres, "postgresql", state)


def _require(find: Callable[[], Path | None], package: str, state: State) -> Path:
    with _installing:
        found = find()
        if found is None:
            install([package], state)
            found = find()
    if found is None:
        raise ServersMissing(ADVICE)
    return found


def install(packages: Sequence[str], state: State) -> None:
    """Install Debian's packages, where there is apt and we are root; else do nothing."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    log = state.log("apt")
    say(f"Installing {' '.join(packages)} with apt-get, which takes about a minute ({log}) …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    with _no_services(), open(log, "ab") as output:
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(
                ["apt-get", *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
            )


@contextmanager
def _no_services() -> Iterator[None]:
    """Keep Debian packages from starting the services they install.

    A policy that is there already is the machine's own, and stays as it is.
    """
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)
