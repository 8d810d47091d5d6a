"""A private PostgreSQL cluster below the state folder: own port, data and users, loopback only."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from dev import ports, processes
from dev.binaries import ServersMissing, require_postgres
from dev.state import State
from ops.console import say
from ops.secrets import derive_password, write_private

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 60
SUPERUSER = "steward"

# What decides whether a commit survives a power cut stands here although it is the default.
_CONFIGURATION = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 300
shared_buffers = 256MB
fsync = on
synchronous_commit = on
full_page_writes = on
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
"""


class PrivatePostgres:
    """A PostgreSQL cluster that nothing else on the machine knows of."""

    is_private = True

    def __init__(self, state: State) -> None:
        """Describe the cluster of a state folder; nothing starts yet."""
        self._state = state

    @property
    def port(self) -> int:
        """The port, known once the cluster was started for the first time."""
        return int(self._state.read("postgres.json")["port"])

    @property
    def admin_url(self) -> str:
        """The URL of the superuser."""
        return f"postgresql://{SUPERUSER}:{self._password()}@127.0.0.1:{self.port}/postgres"

    def is_running(self) -> bool:
        """Whether our cluster lives and answers."""
        return self._pid() is not None and ports.is_open(self.port)

    def start(self) -> None:
        """Start the cluster unless it runs, and return when it serves.

        Raises:
            ServersMissing: PostgreSQL is not installed, or the cluster did not come up.
        """
        if self.is_running():
            return
        programs = require_postgres(self._state)
        if not (self._folder() / "data").exists():
            self._make_cluster(programs)
        data = self._folder() / "data"
        port = ports.keep_or_choose(self._state.read("postgres.json").get("port"))
        self._state.write("postgres.json", {**self._state.read("postgres.json"), "port": port})
        (data / "steward.conf").write_text(_CONFIGURATION.format(port=port))
        self._run([str(programs / "pg_ctl"), "start", *self._wait_options(START_SECONDS_MAX)])

    def stop(self) -> None:
        """Stop the cluster in good order; connections are closed, commits are safe."""
        if self._pid() is None:
            return
        programs = require_postgres(self._state)
        options = self._wait_options(STOP_SECONDS_MAX)
        self._run([str(programs / "pg_ctl"), "stop", "--mode=fast", *options])

    def kill(self) -> None:
        """End all processes of the cluster at once, as a power cut would."""
        if (pid := self._pid()) is None:
            return
        processes.send([pid], signal.SIGSTOP)  # so that it has no more children than we count
        pids = [pid, *processes.children(pid)]
        processes.send(pids, signal.SIGKILL)
        if processes.wait_gone(pids, seconds_max=10):
            # A zombie nobody has buried yet still has an id, and PostgreSQL would respect it.
            (self._folder() / "data/postmaster.pid").unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the data of the stopped cluster, wherever it lies."""
        shutil.rmtree(self._folder(), ignore_errors=True)

    def _make_cluster(self, programs: Path) -> None:
        folder = self._choose_folder()
        draft = folder / f"data.{os.getpid()}"  # so that `data` is whole or not there
        password = folder / "password"
        write_private(password, self._password())
        if (owner := _find_owner()) is not None:
            os.chown(password, owner.pw_uid, owner.pw_gid)
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        self._run(
            [
                *(str(programs / "initdb"), "--pgdata", str(draft)),
                *("--username", SUPERUSER, "--pwfile", str(password), "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale", locale, "--data-checksums"),
            ]
        )
        password.unlink()
        with open(draft / "postgresql.conf", "a") as configuration:
            configuration.write("\ninclude 'steward.conf'\n")
        draft.rename(folder / "data")

    def _choose_folder(self) -> Path:
        """Make and record the folder of a new cluster: one that PostgreSQL's user can reach."""
        folder = self._state.make_folder("postgres", mode=0o700)
        if (owner := _find_owner()) is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            if not _can_enter(folder, owner):
                folder.rmdir()
                folder = Path(f"/var/tmp/steward-{self._state.mark}")
                say(
                    f"PostgreSQL's user cannot reach {self._state.folder}; its data is in {folder}."
                )
                folder.mkdir(mode=0o700, exist_ok=True)
                _check_owner(folder, owner)
                os.chown(folder, owner.pw_uid, owner.pw_gid)
        self._state.write("postgres.json", {"folder": str(folder)})
        return folder

    def _folder(self) -> Path:
        recorded = self._state.read("postgres.json").get("folder")
        return Path(recorded) if recorded else self._state.folder / "postgres"

    def _wait_options(self, seconds_max: int) -> list[str]:
        folder = self._folder()
        return [
            *("--pgdata", str(folder / "data"), "--log", str(folder / "postgres.log")),
            *("--wait", "--timeout", str(seconds_max)),
        ]

    def _run(self, argv: list[str]) -> None:
        """Run a program of PostgreSQL as the user it insists on.

        Raises:
            ServersMissing: it failed; the text ends with what it said.
        """
        owner = _find_owner()
        done = subprocess.run(
            argv,
            cwd=self._folder(),
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip()
            raise ServersMissing(f"{Path(argv[0]).name} failed in {self._folder()}: {said}")

    def _password(self) -> str:
        return derive_password(self._state.secret(), SUPERUSER)

    def _pid(self) -> int | None:
        data = self._folder() / "data"
        return processes.read_pid(data / "postmaster.pid", mark=str(data))


def _find_owner() -> pwd.struct_passwd | None:
    """Return the user to run as: PostgreSQL refuses root, so `postgres` then, else ourselves.

    Raises:
        ServersMissing: we are root and there is no such user.
    """
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise ServersMissing(
            "PostgreSQL does not run as root and there is no user postgres: "
            "add one (useradd --system postgres) or work as an ordinary user."
        ) from None


def _can_enter(folder: Path, owner: pwd.struct_passwd) -> bool:
    probe = subprocess.run(
        ["/bin/sh", "-c", 'cd "$0"', str(folder)],
        cwd="/",
        stderr=subprocess.DEVNULL,
        check=False,
        user=owner.pw_uid,
        group=owner.pw_gid,
        extra_groups=[],
    )
    return probe.returncode == 0


def _check_owner(folder: Path, owner: pwd.struct_passwd) -> None:
    """Refuse a folder in a public place that somebody else made before us."""
    if folder.is_symlink() or folder.stat().st_uid not in (0, owner.pw_uid):
        raise ServersMissing(f"{folder} belongs to somebody else: remove it or set STEWARD_STATE.")
