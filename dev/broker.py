"""A private RabbitMQ node below the state folder: own name, ports, cookie, data; loopback only."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import amqp

from dev import ports, processes
from dev.binaries import ServersMissing, require_rabbitmq
from dev.definitions import fingerprint, list_definitions
from dev.state import State
from kernel.broker import USERS_RULE
from ops import instances
from ops.secrets import derive_password, write_private

START_SECONDS_MAX = 90.0
STOP_SECONDS_MAX = 60.0
CALL_SECONDS_MAX = 60.0

# Erlang's own port listens on loopback too: whoever reaches it and has the cookie owns the node.
_LOOPBACK = ("-kernel", "inet_dist_use_interface", "{127,0,0,1}")

# Erlang's schedulers spin while they wait for work: here the processor is somebody else's then.
_NO_SPINNING = ("+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none")


class PrivateBroker:
    """A RabbitMQ node that nothing else on the machine knows of."""

    is_private = True
    users_rule = USERS_RULE

    def __init__(self, state: State) -> None:
        """Describe the node of a state folder; nothing starts yet."""
        self._state = state
        self._folder = state.folder / "broker"
        self._node = f"steward-{state.mark}@localhost"
        self._mark = f"-steward {state.mark}"  # an argument that Erlang ignores and we look for

    @property
    def port(self) -> int:
        """The AMQP port, known once the node was started for the first time."""
        return int(self._state.read("broker.json")["amqp"])

    def is_running(self) -> bool:
        """Whether our node lives and answers."""
        port = self._state.read("broker.json").get("amqp")  # none: the folder was deleted under it
        return port is not None and bool(processes.find(self._mark)) and ports.is_open(port)

    def start(self) -> None:
        """Start the node unless it runs, and return when it serves.

        Raises:
            ServersMissing: RabbitMQ is not installed, or the node did not come up.
        """
        if self.is_running():
            return
        script = require_rabbitmq(self._state)
        self.kill()
        environment = self._configure()
        log = self._state.log("broker")
        port = environment["ERL_EPMD_PORT"]
        mapper = [str(_find_erlang("epmd")), *_mapper_arguments(port)]
        processes.spawn_detached(mapper, env=environment, log=log)
        ports.wait_open(int(port), seconds_max=10)
        node = [str(script), *self._mark.split()]
        self._wait_until_ready(processes.spawn_detached(node, env=environment, log=log), log)

    def stop(self) -> None:
        """Stop the node in good order, then its port mapper."""
        pids = processes.find(self._mark)
        processes.send(pids, signal.SIGTERM)
        processes.wait_gone(pids, seconds_max=STOP_SECONDS_MAX)
        self.kill()

    def kill(self) -> None:
        """End the node and its port mapper at once, as a power cut would."""
        pids = processes.find(self._mark)
        if port := self._state.read("broker.json").get("epmd"):
            pids += processes.find(" ".join(_mapper_arguments(port)))
        processes.send(pids, signal.SIGKILL)
        processes.wait_gone(pids, seconds_max=10)

    def uri(self, owner: str, instance: str) -> str:
        """Return the address for a service's own user in an instance's virtual host."""
        user = instances.name_user(owner)
        host = instances.name_virtual_host(instance)
        return f"amqp://{user}:{self._password(user)}@127.0.0.1:{self.port}/{host}"

    def make(self, instance: str, guests: Sequence[str] = ()) -> None:
        """Make the virtual host of an instance; bring users, rights, exchanges and queues up to date."""
        made = self._state.read("broker/instances.json")
        wanted = fingerprint(guests)
        if made.get(instance) == wanted:
            return
        path = self._folder / "definitions.json"
        write_private(path, json.dumps(list_definitions(instance, self._password, guests)))
        self._call("rabbit_definitions", "import_raw", f'element(2, file:read_file("{path}"))')
        path.unlink()
        self._state.write("broker/instances.json", {**made, instance: wanted})

    def drop(self, instance: str) -> None:
        """Delete the virtual host of an instance with all that is in it."""
        made = self._state.read("broker/instances.json")
        if made.pop(instance, None) is None:
            return
        host = instances.name_virtual_host(instance)
        try:
            self._call("rabbit_vhost", "delete", f'<<"{host}">>, <<"steward">>')
        except RuntimeError as refused:
            if "no_such_vhost" not in str(refused):  # somebody died after he had deleted it
                raise
        self._mend()
        self._state.write("broker/instances.json", made)

    def _mend(self) -> None:
        """Bring back what RabbitMQ 3.10 loses when a quorum queue is deleted just after it came up: the
        supervisor of dead-lettering, without which no quorum queue can be consumed from."""
        supervisors = "rabbit_sup, rabbit_fifo_dlx_sup"
        self._call("supervisor", "restart_child", supervisors, is_good=("{error,running}", "{ok,"))

    def _call(
        self, module: str, function: str, arguments: str, *, is_good: tuple[str, ...] = ("ok",)
    ) -> None:
        """Call a function inside the node: a tenth of the time that `rabbitmqctl` takes."""
        expression = (
            f"Answer = rpc:call('{self._node}', {module}, {function}, [{arguments}]), "
            'io:format("~p", [Answer]), halt().'
        )
        name = f"steward-call-{os.getpid()}@localhost"
        caller = [str(_find_erlang("erl")), "-noinput", "-hidden", "-sname", name, *_LOOPBACK]
        recorded = self._state.read("broker.json")
        answer = subprocess.run(
            [*caller, "-eval", expression],
            env=self._erlang_environment(recorded["epmd"]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=CALL_SECONDS_MAX,
            check=False,
        )
        if not answer.stdout.startswith(is_good):
            raise RuntimeError(
                f"RabbitMQ refused {module}:{function}: {answer.stdout} {answer.stderr}"
            )

    def _configure(self) -> dict[str, str]:
        """Choose ports, write the node's configuration and return its environment."""
        recorded = self._state.read("broker.json")
        chosen = {
            name: ports.keep_or_choose(recorded.get(name)) for name in ("amqp", "epmd", "erlang")
        }
        self._state.write("broker.json", chosen)
        self._state.make_folder("broker", mode=0o700)
        files = {name: self._folder / name for name in _FILES}
        user = instances.name_user("admin")
        write_private(
            files["rabbitmq.conf"],
            f"listeners.tcp.1 = 127.0.0.1:{chosen['amqp']}\n"
            f"default_user = {user}\n"
            f"default_pass = {self._password(user)}\n"
            "log.file.level = warning\n"
            "log.console = false\n",
        )
        write_private(files["enabled_plugins"], "[].\n")
        write_private(files["environment.conf"], "")
        return {
            **self._erlang_environment(chosen["epmd"]),
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_DIST_PORT": str(chosen["erlang"]),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": " ".join((*_LOOPBACK, *_NO_SPINNING)),
            **{variable: str(files[name]) for name, variable in _FILES.items()},
        }

    def _erlang_environment(self, epmd_port: int) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("RABBITMQ_", "ERL_"))
        }
        return {
            **inherited,
            "HOME": str(self._folder),
            "ERL_CRASH_DUMP": str(self._folder / "crash.dump"),
            "ERL_EPMD_PORT": str(epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }

    def _wait_until_ready(self, script_pid: int, log: Path) -> None:
        user = instances.name_user("admin")
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline and processes.command_line(script_pid):
            try:
                amqp.Connection(f"127.0.0.1:{self.port}", user, self._password(user)).connect()
            except (OSError, amqp.AMQPError):
                time.sleep(0.1)
            else:
                return
        raise ServersMissing(f"The private RabbitMQ did not come up; its log is {log}.")

    def _password(self, user: str) -> str:
        return derive_password(self._state.secret(), user)


_FILES = {
    "rabbitmq.conf": "RABBITMQ_CONFIG_FILE",
    "advanced.config": "RABBITMQ_ADVANCED_CONFIG_FILE",
    "environment.conf": "RABBITMQ_CONF_ENV_FILE",
    "enabled_plugins": "RABBITMQ_ENABLED_PLUGINS_FILE",
    "data": "RABBITMQ_MNESIA_BASE",
    "log": "RABBITMQ_LOG_BASE",
}
"""Every file the node would otherwise look for in the machine's own folders."""


def _mapper_arguments(port: object) -> list[str]:
    return ["-address", "127.0.0.1", "-port", str(port)]


def _find_erlang(program: str) -> Path:
    """Return a program of Erlang; on some systems only `erl` is on the PATH."""
    found = shutil.which(program)
    if found:
        return Path(found)
    beside = shutil.which("erl")
    if beside is None:
        raise ServersMissing(f"RabbitMQ is here but Erlang is not: put {program} on the PATH.")
    return Path(beside).resolve().parent / program
