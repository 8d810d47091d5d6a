"""The whole system as processes of this machine: the services, the gateway and a mail server.

with System("trial", clock="manual") as system:
    httpx.get(f"{system.url}/v1/clock", headers={"Authorization": f"Bearer {system.api_key}"})
"""

import fcntl
import os
import signal
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import IO, Literal, Self

from dev import fonts, programs
from dev import servers as development_servers
from dev.child import PrintLine
from dev.mailbox import Mailbox
from dev.ports import free_port
from dev.servers import Servers
from dev.state import PROJECT
from dev.supervisor import Supervisor
from ops.instances import SERVICES
from ops.keys import load_keys
from ops.secrets import remember
from ops.subscribers import read_subscribers

COMMAND_SECONDS_MAX = 120
READY_SECONDS_MAX = 90.0


class CommandError(RuntimeError):
    """The system cannot start; the text says why, with what a failed command printed."""


class System:
    """One instance of the system; it runs inside its `with` block, or from `start` to `stop`."""

    def __init__(
        self,
        instance: str = "main",
        *,
        clock: Literal["manual", "system"] = "manual",
        servers: Servers | None = None,
        services: Iterable[str] = SERVICES,
        replicas: Mapping[str, int] | None = None,
        port: int | None = None,
        log: Literal["text", "json"] = "text",
        environment: Mapping[str, str] | None = None,
        print_line: PrintLine | None = None,
    ) -> None:
        """Describe the system; nothing but the servers starts yet.

        Args:
            instance: whose databases and virtual host; made if it is not there.
            clock: `manual` stands still until moved by `PUT /v1/clock`.
            servers: an instance made before, as by `make_instance`; its name then counts.
            services: those to run.
            replicas: how many processes of a service, one unless named: billing, billing-2, …
            port: the gateway's, a free one unless named.
            log: the form in which the processes write their logs.
            environment: added to that of every process.
            print_line: gets each line that a process writes, besides its log.
        """
        self.servers = servers or development_servers.ensure(instance)
        fonts.ensure(self.servers.state)
        self.instance = self.servers.instance
        self.mail_dir = self.servers.state.make_folder(self.instance, "mail")
        self._plan = programs.Plan(
            servers=self.servers,
            keys=load_keys(self.servers.folder),
            mail_folder=self.mail_dir,
            shared={
                "STEWARD_CLOCK": clock,
                "STEWARD_LOG": log,
                "STEWARD_ENV": "development",
                **(environment or {}),
            },
            services=tuple(services),
            replicas=dict(replicas or {}),
            gateway_port=port or free_port(),
        )
        self.supervisor = Supervisor(
            programs.list_programs(self._plan),
            logs=self.servers.state.make_folder("logs", self.instance),
            print_line=print_line,
        )
        self._running: IO[str] | None = None

    def __enter__(self) -> Self:
        """Start the system."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the system."""
        self.stop()

    @property
    def url(self) -> str:
        """Where the gateway serves, without a slash at the end."""
        return f"http://127.0.0.1:{self._plan.gateway_port}"

    @property
    def api_key(self) -> str:
        """The administrator's API key, which may do everything; made at first use."""
        return remember(self.servers.folder / "admin.key", self._create_key)

    @property
    def subscriber_addresses(self) -> list[str]:
        """The broker's address for each subscriber from outside, with its user and password."""
        return [self.servers.amqp_uri(each.name) for each in read_subscribers()]

    @property
    def mailbox(self) -> Mailbox:
        """The mails that the system has sent."""
        return Mailbox(self.mail_dir)

    def start(self) -> None:
        """Bring the databases up to date, start every process and wait until all are ready.

        Raises:
            CommandError: the instance runs already, or a migration failed.
            NotReadyError: a process did not come up.
        """
        self._claim()
        try:
            self.migrate()
            assert self.api_key
            self.supervisor.start()
            self.supervisor.wait_ready(seconds_max=READY_SECONDS_MAX)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop every process in good order; broker and PostgreSQL go on."""
        self.supervisor.stop()
        if self._running is not None:
            self._running.close()
            self._running = None

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a process, as `gateway` or `billing-2`; dead, it is started again."""
        self.supervisor.kill(name, number)

    def migrate(self) -> None:
        """Bring every database up to date, all at the same time.

        Raises:
            CommandError: one cannot be; the text holds what the migration printed.
        """
        with ThreadPoolExecutor() as pool:
            for done in [pool.submit(self._migrate, owner) for owner in self._plan.owners]:
                done.result()

    def _migrate(self, owner: str) -> None:
        self.run_command(owner, programs.list_migration(owner))

    def _create_key(self) -> str:
        return self.run_command("gateway", programs.list_key_creation("admin")).split()[-1]

    def run_command(self, owner: str, argv: list[str]) -> str:
        """Run a command of a service or of the gateway to its end and return what it printed."""
        done = subprocess.run(
            argv,
            cwd=PROJECT,
            env={**os.environ, **programs.list_environment(self._plan, owner)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS_MAX,
            check=False,
        )
        if done.returncode != 0:
            command = " ".join(argv[1:])
            raise CommandError(f"python {command} failed:\n{(done.stderr or done.stdout).strip()}")
        return done.stdout

    def _claim(self) -> None:
        """Keep two systems from running on one instance: both would do its work."""
        running = open(self.servers.folder / "running", "w")  # noqa: SIM115 (open while we run)
        try:
            fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running.close()
            raise CommandError(
                f"The instance {self.instance!r} runs already, in another terminal perhaps."
            ) from None
        self._running = running
