"""The composed system: closed to the outside but for the gateway, and it turns an order to cash."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel.ids import new_id
from ops import instances
from ops.compose import INSTANCE
from ops.instances import OWNERS, SERVICES
from ops.subscribers import QUEUE_BYTES_MAX, USUAL
from tests.images.composed import Composed, wait_until

STOP_SECONDS_MAX = 30
OUTSIDE = """
import sys, amqp, kombu
with kombu.Connection(sys.argv[1]) as broker:
    broker.channel().queue_bind("subscriber", "billing.events", "payment_received")
    message = amqp.Message("x")
    for harm in (
        lambda channel: channel.queue_declare("subscriber.more"),
        lambda channel: channel.exchange_declare("subscriber.more", "topic"),
        lambda channel: channel.queue_delete("rpc-billing"),
        lambda channel: channel.queue_bind("subscriber", "nameko-rpc", "#"),
        lambda channel: channel.basic_publish_confirm(message, "billing.events", "x"),
    ):
        channel = broker.channel()
        channel.confirm_select()
        try:
            harm(channel)
        except amqp.AMQPError as refused:
            print(type(refused).__name__)
"""
HEAR = """
import sys, kombu
with kombu.Connection(sys.argv[1]) as broker:
    message = broker.channel().basic_get("subscriber", no_ack=True)
    print(message.body if message else "")
"""


def test_only_the_gateway_is_reachable_and_only_from_this_machine(composed: Composed) -> None:
    published = {
        name: bindings
        for name, container in composed.containers().items()
        for bindings in container.attrs["NetworkSettings"]["Ports"].values()
        if bindings
    }
    assert published == {"gateway": [{"HostIp": "127.0.0.1", "HostPort": str(composed.port)}]}


def test_each_process_can_read_its_own_secrets_only(composed: Composed) -> None:
    mounted = {
        owner: {
            mount.get("Name", mount["Destination"])
            for mount in composed.container(owner).attrs["Mounts"]
        }
        for owner in OWNERS
    }
    own = {owner: {f"{composed.project}_secrets-{owner}"} for owner in OWNERS}
    assert mounted == own | {"collections": own["collections"] | {"/run/secrets/smtp_uri"}}


@pytest.mark.parametrize("owner", OWNERS)
def test_a_process_has_no_rights_and_nowhere_to_write(composed: Composed, owner: str) -> None:
    host = composed.container(owner).attrs["HostConfig"]
    assert (host["ReadonlyRootfs"], host["CapDrop"]) == (True, ["ALL"])
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert 0 < host["Memory"] <= 2**30


def test_the_broker_has_no_user_with_a_known_password(composed: Composed) -> None:
    command = ["rabbitmqctl", "--quiet", "authenticate_user", "guest", "guest"]
    assert composed.container("rabbitmq").exec_run(command).exit_code != 0
    listed = composed.container("rabbitmq").exec_run(["rabbitmqctl", "--silent", "list_users"])
    users = {line.split()[0] for line in listed.output.decode().splitlines()} - {"user"}
    assert users == {f"steward_{owner}" for owner in (*OWNERS, "admin", USUAL)}


@pytest.mark.parametrize("kind", ["permissions", "topic_permissions"])
def test_the_brokers_users_may_what_is_tried_out_in_the_private_broker(
    composed: Composed, kind: str
) -> None:
    host = instances.name_virtual_host(INSTANCE)
    told = composed.container("rabbitmq").exec_run(
        ["rabbitmqctl", "--silent", "--formatter", "json", f"list_{kind}", "-p", host]
    )
    assert told.exit_code == 0, told.output
    wanted = instances.list_definitions(INSTANCE, lambda _: "")[kind]
    expected = [{name: one for name, one in each.items() if name != "vhost"} for each in wanted]
    found = json.loads(told.output)
    assert sorted(found, key=repr) == sorted(expected, key=repr)


def test_what_a_subscriber_from_outside_leaves_unread_is_bounded(composed: Composed) -> None:
    host = instances.name_virtual_host(INSTANCE)
    command = ["rabbitmqctl", "--silent", "list_policies", "-p", host]
    told = composed.container("rabbitmq").exec_run(command)
    assert told.exit_code == 0, told.output
    [policy] = told.output.decode().splitlines()[-1:]
    assert f'"max-length-bytes":{QUEUE_BYTES_MAX}' in policy
    assert '"overflow":"drop-head"' in policy


def test_a_subscriber_from_outside_hears_and_can_do_nothing_else(composed: Composed) -> None:
    reading = ("run", "--rm", "--no-deps", "-T", "--entrypoint", "cat", "secrets")
    address = composed.run(*reading, f"/volumes/subscribers/{USUAL}").strip()

    def run(script: str) -> str:
        done = composed.container("sales").exec_run(["python", "-c", script, address])
        assert done.exit_code == 0, done.output
        printed: str = done.output.decode()
        return printed

    assert run(OUTSIDE).split() == ["AccessRefused"] * 5
    account = open_account(composed.client)
    payment = {"amount": 100, "method": "transfer", "value_date": today(), "currency": "EUR"}
    paid = composed.client.post("/v1/payments", payment | of(account))
    event = json.loads(wait_until(lambda: run(HEAR).strip(), "the subscriber has heard"))
    assert event["data"]["payment_id"] == paid["payment_id"]


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_can_enter_the_database_of_another(composed: Composed, service: str) -> None:
    other = SERVICES[SERVICES.index(service) - 1]
    script = f"""
import os, psycopg2
url = os.environ["DATABASE_URL"]
psycopg2.connect(url).close()
try:
    psycopg2.connect(url.replace("_main_{service}", "_main_{other}"))
except psycopg2.OperationalError as error:
    print(error)
"""
    run = f"set -a; . /run/steward/environment; exec python -c '{script}'"
    done = composed.container(service).exec_run(["sh", "-c", run])
    assert done.exit_code == 0, done.output
    assert b"permission denied for database" in done.output


def test_order_to_cash_with_billing_away_in_between(composed: Composed) -> None:
    client = composed.client
    account = open_account(client)
    path = f"/v1/accounts/{account['account_id']}"
    wait_until(lambda: client.get(f"{path}/standing")["status"] == "active", "sales has heard")
    order = place_order(client, account["account_id"])

    billing = composed.container("billing")
    billing.stop(timeout=STOP_SECONDS_MAX)
    billing.reload()
    assert billing.attrs["State"]["ExitCode"] == 0, "told to stop, it stops in order"
    shipment = client.post(f"/v1/orders/{order['order_id']}/shipments")
    billing.start()

    # The gateway sends again what is asked while billing is not back yet.
    found = wait_until(lambda: list(client.list("/v1/invoices", **of(account))), "an invoice")
    assert [(i["shipment_id"], i["status"], i["total"]) for i in found] == [
        (shipment["shipment_id"], "issued", 35_700)
    ]
    assert balances(client, path) == [("EUR", 35_700)]
    payment = {"amount": 35_700, "method": "transfer", "value_date": today(), "currency": "EUR"}
    client.post("/v1/payments", payment | of(account))
    assert balances(client, path) == [("EUR", 0)]
    assert [item["status"] for item in client.list(f"{path}/items")] == ["paid"]
    assert client.get(f"/v1/orders/{order['order_id']}")["status"] == "done"


def test_data_and_keys_outlive_the_containers(composed: Composed) -> None:
    kept = list(composed.client.list("/v1/accounts"))
    assert kept
    composed.down()
    composed.up()
    assert list(composed.client.list("/v1/accounts")) == kept


def open_account(client: Any) -> Any:
    owner = {"name": "Ada Ross", "email": f"{new_id('stf')}@example.com", "role": "account_manager"}
    account = client.post(
        "/v1/accounts",
        {
            "name": "Miller Ltd",
            "country": "DE",
            "currency": "EUR",
            "language": "en",
            "time_zone": "Europe/Berlin",
            "net_days": 30,
            "credit_limit": 100_000,
            "email": "office@miller.example",
            "owner_id": client.post("/v1/staff", owner)["staff_id"],
        },
    )
    path = f"/v1/accounts/{account['account_id']}"
    client.post(f"{path}/begin-onboarding")
    in_a_year = (datetime.now(UTC) + timedelta(days=365)).date().isoformat()
    for item in list(client.list(f"{path}/checklist-items")):
        document = {"expires_on": in_a_year} if item["needs_expiry"] else {}
        client.post(f"/v1/checklist-items/{item['checklist_item_id']}/complete", document)
    return client.post(f"{path}/activate")


def place_order(client: Any, account_id: str) -> Any:
    product = {"sku": "CHAIR", "name": "Chair", "unit_price": 10_000, "currency": "EUR"}
    client.post("/v1/products", product | {"tax_percent": "19.00"})
    lines = [{"sku": "CHAIR", "quantity": "3"}]
    order = client.post("/v1/orders", {"account_id": account_id, "lines": lines})
    return client.post(f"/v1/orders/{order['order_id']}/confirm")


def of(account: Any) -> dict[str, str]:
    return {"account_id": account["account_id"]}


def balances(client: Any, path: str) -> list[tuple[str, int]]:
    return [
        (each["currency"], each["balance"]) for each in client.get(f"{path}/balance")["balances"]
    ]


def today() -> str:
    return datetime.now(UTC).date().isoformat()
