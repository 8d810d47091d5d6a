"""A broker and a PostgreSQL for a laptop, a test run or CI, and instances of the system on them.

    python -m dev.servers start|stop|status|env|clean

Servers named in AMQP_URI and DATABASE_URL are used; else private ones are made under `.steward/`.
"""

import argparse
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from dev.binaries import ServersMissing
from dev.broker import PrivateBroker
from dev.named import NamedBroker, NamedPostgres
from dev.postgres import PrivatePostgres
from dev.processes import command_line
from dev.state import State
from ops import instances
from ops.console import say
from ops.databases import Databases
from ops.subscribers import UnclearSubscribers, read_subscribers

Place = State | Path | str | None
"""A state folder; none means the one STEWARD_STATE names, else `.steward` in the project.

A folder given in a call always holds private servers, whatever the environment names: a test may
kill them.
"""

Server = PrivateBroker | NamedBroker | PrivatePostgres | NamedPostgres


class Servers:
    """A broker and a PostgreSQL, seen from one instance."""

    def __init__(self, instance: str, state: State) -> None:
        """Describe the servers of a state folder; use `ensure` to have them running."""
        self.instance = instances.check_name(instance)
        self.state = state
        self.broker = _find_broker(state)
        self.postgres = _find_postgres(state)

    @property
    def is_private(self) -> bool:
        """Whether both servers are our own, so that a test may kill them."""
        return self.broker.is_private and self.postgres.is_private

    @property
    def folder(self) -> Path:
        """Where the instance keeps its keys and its mail."""
        return self.state.make_folder(self.instance)

    @property
    def admin_database_url(self) -> str:
        """The URL of a PostgreSQL user who may do everything."""
        return self.postgres.admin_url

    def amqp_uri(self, user: str) -> str:
        """Return the broker's address for a service, `gateway` or `admin`."""
        return self.broker.uri(user, self.instance)

    @property
    def users_rule(self) -> str:
        """How the broker's users are named, as processes are told."""
        return self.broker.users_rule

    def database_url(self, name: str) -> str:
        """Return the URL of the database of a service or of `gateway`, as its own user."""
        return Databases(self.postgres.admin_url).url(name, self.instance)

    def kill_broker(self) -> None:
        """End the private broker at once (SIGKILL)."""
        self._private_broker().kill()

    def start_broker(self) -> None:
        """Start the private broker again and return when it serves."""
        self._private_broker().start()

    def kill_postgres(self) -> None:
        """End the private PostgreSQL at once (SIGKILL)."""
        self._private_postgres().kill()

    def start_postgres(self) -> None:
        """Start the private PostgreSQL again and return when it serves."""
        self._private_postgres().start()

    def _private_broker(self) -> PrivateBroker:
        assert isinstance(self.broker, PrivateBroker), "never touch a broker we did not start"
        return self.broker

    def _private_postgres(self) -> PrivatePostgres:
        assert isinstance(self.postgres, PrivatePostgres), "never touch a server we did not start"
        return self.postgres


def ensure(instance: str = "main", state: Place = None) -> Servers:
    """Have servers running and the instance made on them; quick when that is so already.

    Raises:
        ServersMissing: there is no server and none can be made; the text says what to do.
        UnclearSubscribers: the setting for subscribers cannot be read.
    """
    read_subscribers()  # who cannot be read is told before anything starts
    servers = Servers(instance, _resolve(state))
    with servers.state.lock():
        _start(servers)
        _make(servers)
    return servers


def make_instance(
    name: str, state: Place = None, *, like: str | None = None, guests: Sequence[str] = ()
) -> Servers:
    """Make a fresh instance: empty virtual host; databases empty, or copied from instance `like`.

    Guests are services of a test, which have users of the broker besides those of the system.
    An older instance of that name is dropped first. Nobody may be connected to `like`. The instance
    belongs to this process: if it dies without `drop_instance`, the next call here drops it.
    """
    servers = Servers(name, _resolve(state))
    with servers.state.lock():
        _start(servers)
        for abandoned in _list_abandoned(servers.state) - {name, like}:
            _drop(Servers(abandoned, servers.state))
        _drop(servers)
        _make(servers, like=like, maker=os.getpid(), guests=guests)
    return servers


def drop_instance(name: str, state: Place = None) -> None:
    """Delete an instance: virtual host, databases, keys and mail."""
    servers = Servers(name, _resolve(state))
    with servers.state.lock():
        _start(servers)
        _drop(servers)


def stop(state: Place = None) -> None:
    """Stop the servers that we started."""
    servers = Servers("main", _resolve(state))
    with servers.state.lock():
        _in_parallel(servers.broker.stop, servers.postgres.stop)


def clean(state: Place = None) -> None:
    """Delete all instances, data, keys and logs of a state folder; stop what we started."""
    place = _resolve(state)
    servers = Servers("main", place)
    if servers.is_private:
        stop(place)
    else:
        for instance in place.read("instances.json"):
            drop_instance(instance, place)
        stop(place)
    if isinstance(servers.postgres, PrivatePostgres):
        servers.postgres.remove()
    place.remove()


def _resolve(place: Place) -> State:
    return place if isinstance(place, State) else State(place)


def _start(servers: Servers) -> None:
    """Start what does not run, both at once. The caller holds the lock."""
    waiting = [s for s in (servers.broker, servers.postgres) if not s.is_running()]
    if waiting and servers.is_private:
        say(f"Starting a private RabbitMQ and PostgreSQL in {servers.state.folder} …")
    _in_parallel(*(server.start for server in waiting))


def _make(
    servers: Servers,
    *,
    like: str | None = None,
    maker: int | None = None,
    guests: Sequence[str] = (),
) -> None:
    """Make an instance and note which process made it for itself, if one did."""
    known = servers.state.read("instances.json")
    known[servers.instance] = maker or known.get(servers.instance)
    servers.state.write("instances.json", known)
    servers.broker.make(servers.instance, guests)
    databases = Databases(servers.postgres.admin_url)
    if servers.postgres.is_private:
        databases.close_to_others()
    databases.make(servers.instance, like=like)


def _drop(servers: Servers) -> None:
    servers.broker.drop(servers.instance)
    Databases(servers.postgres.admin_url).drop(servers.instance)
    known = servers.state.read("instances.json")
    known.pop(servers.instance, None)
    servers.state.write("instances.json", known)
    shutil.rmtree(servers.folder)


def _list_abandoned(state: State) -> set[str]:
    """Return the instances whose makers died before they could drop them."""
    known = state.read("instances.json").items()
    return {name for name, maker in known if maker and not command_line(maker)}


def _in_parallel(*jobs: Callable[[], None]) -> None:
    """Run the jobs at once; the first that fails is raised when all have ended."""
    with ThreadPoolExecutor() as pool:
        for running in [pool.submit(job) for job in jobs]:
            running.result()


def _find_broker(state: State) -> PrivateBroker | NamedBroker:
    named = _read_address("AMQP_URI", state.read("broker.json").get("amqp"))
    if named and state.may_use_named:
        return NamedBroker(named, os.environ.get("AMQP_ADMIN_URL"))
    return PrivateBroker(state)


def _find_postgres(state: State) -> PrivatePostgres | NamedPostgres:
    named = _read_address("DATABASE_URL", state.read("postgres.json").get("port"))
    if named and state.may_use_named:
        return NamedPostgres(named)
    return PrivatePostgres(state)


def _read_address(variable: str, own_port: int | None) -> str | None:
    """Return what the variable names, unless it is our own server, as `env` prints it."""
    address = os.environ.get(variable)
    if not address:
        return None
    parts = urlsplit(address)
    is_own = parts.hostname in ("127.0.0.1", "localhost") and parts.port == own_port
    return None if is_own else address


def start_command(options: argparse.Namespace) -> str:
    """Start the servers and say where they are."""
    ensure(options.instance)
    return status_command(options)


def stop_command(options: argparse.Namespace) -> str:
    """Stop the servers and say so."""
    stop()
    return status_command(options)


def status_command(options: argparse.Namespace) -> str:
    """Say in one line what runs and where."""
    servers = Servers(options.instance, State())
    return ", ".join(
        (
            _describe("RabbitMQ", servers.broker),
            _describe("PostgreSQL", servers.postgres),
            f"data in {servers.state.folder}",
        )
    )


def env_command(options: argparse.Namespace) -> str:
    """Print the addresses of a service, or of the administrator, for a shell to evaluate."""
    servers = ensure(options.instance)
    user = options.service
    database = servers.admin_database_url if user == "admin" else servers.database_url(user)
    exports = {"AMQP_URI": servers.amqp_uri(user), "DATABASE_URL": database}
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in exports.items())


def clean_command(_options: argparse.Namespace) -> str:
    """Delete everything and say so."""
    folder = State().folder
    clean()
    return f"Servers stopped and {folder} deleted."


COMMANDS = {
    "start": start_command,
    "stop": stop_command,
    "status": status_command,
    "env": env_command,
    "clean": clean_command,
}


def _describe(name: str, server: Server) -> str:
    if not server.is_running():
        return f"{name} down"
    return f"{name} up on port {server.port}" + ("" if server.is_private else " (not ours)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m dev.servers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument(
        "service", nargs="?", choices=[*instances.OWNERS, instances.ADMIN], default=instances.ADMIN
    )
    parser.add_argument("--instance", default="main", type=instances.check_name)
    options = parser.parse_args(arguments)
    try:
        print(COMMANDS[options.command](options))
    except (ServersMissing, UnclearSubscribers) as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
