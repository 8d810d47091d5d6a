"""The private broker and PostgreSQL: shared by processes, apart by service, safe through a kill."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import amqp
import psycopg
import pytest

from dev import ports, processes, servers
from dev.binaries import ServersMissing, find_postgres, find_rabbitmq
from dev.broker import PrivateBroker
from dev.servers import Servers
from dev.state import PROJECT, State

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(
        not (find_rabbitmq() and find_postgres()), reason="no server programs on this machine"
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder whose servers two commands started together, after a third was cut short."""
    folder = tmp_path_factory.mktemp("state")
    cut_short = _start_command(folder)
    while not processes.find(f"-steward {State(folder).mark}"):
        time.sleep(0.05)
    cut_short.kill()
    cut_short.communicate()
    commands = [_start_command(folder) for _ in range(2)]
    said = [command.communicate(timeout=120)[0] for command in commands]
    assert [command.returncode for command in commands] == [0, 0]
    assert said[0] == said[1]
    assert "RabbitMQ up on port" in said[0]
    nodes = processes.find(f"-steward {State(folder).mark}")
    assert len([pid for pid in nodes if "beam" in processes.command_line(pid)]) == 1
    yield folder
    servers.clean(folder)
    assert not folder.exists()


@pytest.fixture(scope="module")
def private(folder: Path) -> Servers:
    return servers.ensure(state=folder)


@pytest.fixture
def other(folder: Path) -> Iterator[Servers]:
    yield servers.make_instance("other", folder)
    servers.drop_instance("other", folder)


def test_a_service_reaches_its_own_database_only(private: Servers) -> None:
    own = private.database_url("billing")
    with psycopg.connect(own) as connection:
        connection.execute("CREATE TABLE mine (id int)")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(
            own.replace("_billing", "_sales").replace("steward_sales:", "steward_billing:")
        )


def test_a_service_declares_its_own_queues_only(private: Servers) -> None:
    with _connect(private.amqp_uri("billing")) as connection:
        connection.channel().queue_declare("billing.sales.order_placed", durable=True)
        with pytest.raises(amqp.AccessRefused):
            connection.channel().queue_declare("sales.accounts.account_opened")


def test_instances_share_neither_tables_nor_queues(private: Servers, other: Servers) -> None:
    with psycopg.connect(private.database_url("accounts")) as connection:
        connection.execute("CREATE TABLE only_here (id int)")
    with psycopg.connect(other.database_url("accounts")) as connection:
        assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)
    with _connect(private.amqp_uri("sales")) as connection:
        connection.channel().queue_declare("sales.only_here")
    with _connect(other.amqp_uri("sales")) as connection, pytest.raises(amqp.NotFound):
        connection.channel().queue_declare("sales.only_here", passive=True)


def test_an_instance_can_start_as_a_copy(other: Servers, folder: Path) -> None:
    with psycopg.connect(other.database_url("accounts")) as connection:
        connection.execute("CREATE TABLE copied AS SELECT 7 AS number")
    copy = servers.make_instance("copy", folder, like="other")
    with psycopg.connect(copy.database_url("accounts")) as connection:
        assert connection.execute("SELECT number FROM copied").fetchone() == (7,)
    servers.drop_instance("copy", folder)


def test_an_instance_is_dropped_when_its_maker_died(folder: Path) -> None:
    making = f"from dev.servers import make_instance; make_instance('orphan', {str(folder)!r})"
    subprocess.run([sys.executable, "-c", making], cwd=PROJECT, check=True)
    assert "orphan" in servers.Servers("main", State(folder)).state.read("instances.json")
    servers.make_instance("heir", folder)
    assert "orphan" not in State(folder).read("instances.json")
    servers.drop_instance("heir", folder)


def test_what_was_confirmed_survives_a_kill(private: Servers) -> None:
    with psycopg.connect(private.database_url("sales")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    with _connect(private.amqp_uri("sales"), confirm_publish=True) as connection:
        channel = connection.channel()
        channel.queue_declare("sales.kept", durable=True, auto_delete=False)
        channel.queue_bind("sales.kept", "sales.events", "kept")
        message = amqp.Message("x", delivery_mode=2)
        channel.basic_publish_confirm(message, "sales.events", "kept")
    ports_before = (private.broker.port, private.postgres.port)
    private.kill_broker()
    private.kill_postgres()
    assert not private.broker.is_running()
    assert not private.postgres.is_running()
    private.start_postgres()
    private.start_broker()
    assert (private.broker.port, private.postgres.port) == ports_before
    with psycopg.connect(private.database_url("sales")) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)
    with _connect(private.amqp_uri("sales")) as connection:
        assert connection.channel().queue_declare("sales.kept", passive=True).message_count == 1


def test_a_broker_without_its_dead_lettering_is_mended(private: Servers, folder: Path) -> None:
    assert isinstance(private.broker, PrivateBroker)
    servers.make_instance("short", folder)
    private.broker._call("supervisor", "terminate_child", "rabbit_sup, rabbit_fifo_dlx_sup")
    servers.drop_instance("short", folder)
    private.broker._call("erlang", "whereis", "rabbit_fifo_dlx_sup", is_good=("<",))


def test_a_node_whose_records_are_gone_is_not_taken_for_ours(
    private: Servers, folder: Path
) -> None:
    record = folder / "broker.json"
    text = record.read_text()
    record.unlink()
    try:
        assert not private.broker.is_running()
    finally:
        record.write_text(text)
    assert private.broker.is_running()


def test_named_servers_are_used_and_never_stopped(
    private: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = private.amqp_uri("admin")
    monkeypatch.setenv("STEWARD_STATE", str(tmp_path))
    monkeypatch.setenv("AMQP_URI", uri)
    monkeypatch.setenv("DATABASE_URL", private.admin_database_url)
    named = servers.ensure()
    assert not named.is_private
    assert named.amqp_uri("billing") == uri  # no management API: no users of its own
    with pytest.raises(ServersMissing, match="AMQP_ADMIN_URL"):
        servers.make_instance("second")
    assert (private.users_rule, named.users_rule) == ("steward_{owner}", "shared")
    with _connect(uri) as connection:  # all that its one user would otherwise have to declare
        connection.channel().exchange_declare("nameko-rpc", "topic", passive=True)
        connection.channel().exchange_declare("sales.replies", "direct", passive=True)
    with psycopg.connect(named.database_url("billing")):
        pass
    servers.stop()
    assert private.broker.is_running()
    assert private.postgres.is_running()


def test_a_named_server_that_is_away_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STEWARD_STATE", str(tmp_path))
    monkeypatch.setenv("AMQP_URI", f"amqp://127.0.0.1:{ports.free_port()}")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://127.0.0.1:{ports.free_port()}/x")
    with pytest.raises(ServersMissing, match="Nobody answers at"):
        servers.ensure()


def test_stopped_servers_listen_nowhere_and_keep_their_data(folder: Path, private: Servers) -> None:
    with psycopg.connect(private.database_url("gateway")) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    servers.stop(folder)
    assert not ports.is_open(private.broker.port)
    assert not ports.is_open(private.postgres.port)
    private.start_postgres()
    with psycopg.connect(private.database_url("gateway")) as connection:
        connection.execute("SELECT FROM kept")


def _start_command(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dev.servers", "start"],
        cwd=PROJECT,
        env={**os.environ, "STEWARD_STATE": str(folder), "AMQP_URI": "", "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        text=True,
    )


def _connect(uri: str, **options: object) -> amqp.Connection:
    parts = urlsplit(uri)
    connection = amqp.Connection(
        f"{parts.hostname}:{parts.port}",
        parts.username,
        parts.password,
        virtual_host=parts.path[1:],
        **options,
    )
    connection.connect()
    return connection
