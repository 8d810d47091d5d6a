"""Collections as others meet it: events and JSON in, JSON and letters out."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from dev.contracts.generate import NOWHERE
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Forbidden, Invalid, NotFound, VersionMismatch
from tests.services.client import Client

pytestmark = pytest.mark.server

OWN_USER = "amqp://steward_collections@nowhere"
DUE = date(2026, 1, 31)
ANN = Caller(
    "key_of_ann", frozenset({"collections:read", "collections:write", "collections:approve"})
)
WRITER = Caller("eve", frozenset({"collections:write"}))
_LETTER = {"subject": "{total}", "opening": "Dear {name}", "closing": "Pay {total}"}


@pytest.fixture
def client(client: Client) -> Client:
    client.caller = ANN
    client.now = datetime(2026, 1, 1, 9, tzinfo=UTC)
    return client


def _opened(client: Client) -> str:
    account_id = new_id("acc")
    client.hear(
        "keep_accounts",
        account_id=account_id,
        version=1,
        number="A-1",
        name="Brown & Sons",
        status="active",
        language="de",
        email=None,
        preferred_channel="email",
        tier="b",
    )
    return account_id


def _issued(client: Client, account_id: str) -> dict[str, Any]:
    item = {
        "item_id": new_id("itm"),
        "invoice_id": new_id("inv"),
        "invoice_number": "2026-000001",
        "due_date": DUE.isoformat(),
        "amount": 11_900,
        "balance": 11_900,
        "currency": "EUR",
        "version": 1,
        "status": "open",
    }
    client.hear(
        "open_receivables",
        account_id=account_id,
        number="2026-000001",
        issued_on=DUE.isoformat(),
        items=[item],
    )
    return item


def _paid(client: Client, account_id: str, item: dict[str, Any]) -> None:
    paid = {**item, "version": 2, "balance": 0, "status": "paid"}
    client.hear(
        "lower_receivables",
        event="allocation_made",
        account_id=account_id,
        amount=11_900,
        item=paid,
    )
    client.carry()


def test_from_invoice_to_collections_and_back(client: Client) -> None:
    account_id = _opened(client)
    item = _issued(client, account_id)
    for days in (5, 20, 40, 60):
        client.day(DUE + timedelta(days=days))

    [receivable] = client.call("list_receivables", account_id=account_id)["items"]
    assert receivable["balance"] == 11_900
    notices = client.call("list_notices", account_id=account_id, level=3)["items"]
    assert [(one["status"], one["channel"], one["total"]) for one in notices] == [
        ("sent", "post", 11_900)
    ]
    [hold] = client.call("list_credit_holds", account_id=account_id, is_standing="true")["items"]
    assert "119.00 EUR" in hold["reason"]

    [placement] = client.call("list_placements", account_id=account_id)["items"]
    path = {"placement_id": placement["placement_id"]}
    client.call("return_placement", **path, reason="The order is missing.")
    client.call("propose_placement_again", **path)
    accepted = client.call("accept_placement", **path)
    assert accepted["status"] == "in_collections"
    assert accepted["package"]["items"][0]["item_id"] == item["item_id"]

    _paid(client, account_id, item)
    assert client.call("get_placement", **path)["status"] == "cured"
    [hold] = client.call("list_credit_holds", account_id=account_id)["items"]
    assert hold["lifted_at"] is not None


def test_a_letter_can_be_read_on_screen_and_on_paper_and_is_ticked_off(client: Client) -> None:
    account_id = _opened(client)
    _issued(client, account_id)
    client.day(DUE + timedelta(days=5))
    [notice] = client.call("list_notices", account_id=account_id, is_printed="false")["items"]
    path = {"notice_id": notice["notice_id"]}

    pdf, plain = client.call("get_letter_pdf", **path), client.call("get_letter_text", **path)
    assert pdf["media_type"] == "application/pdf"
    assert base64.b64decode(pdf["content"]).startswith(b"%PDF-")
    assert "Zahlungserinnerung: 119,00 EUR" in base64.b64decode(plain["content"]).decode()
    assert client.call("get_notice", **path)["items"][0]["sentence"] == "Level 1 was due."
    assert client.call("mark_notice_printed", **path)["printed_at"]
    assert client.call("list_notices", account_id=account_id, is_printed="false")["items"] == []


def _procedure(client: Client) -> dict[str, Any]:
    level = {"name": "First", "delay_days": 5, "letters": {"en": _LETTER}}
    made: dict[str, Any] = client.call("make_procedure", name="By hand", levels=[level])
    return made


def test_a_run_is_simulated_looked_at_approved_and_explained(client: Client) -> None:
    account_id = _opened(client)
    procedure = _procedure(client)
    client.call("assign_procedure", account_id=account_id, procedure_id=procedure["procedure_id"])
    late = _issued(client, account_id)
    client.now = datetime(2026, 2, 5, 9, tzinfo=UTC)
    run = client.call(
        "simulate_dunning_run", run_on="2026-02-05", procedure_id=procedure["procedure_id"]
    )
    path = {"run_id": run["run_id"]}

    [proposed] = client.call("list_run_notices", **path)["items"]
    assert (run["status"], proposed["status"]) == ("previewed", "proposed")
    assert client.call("list_run_skips", **path)["items"] == []
    with pytest.raises(Forbidden):
        client.call("approve_dunning_run", caller=WRITER, **path)
    client.call("approve_dunning_run", **path)
    client.carry()
    done = client.call("get_dunning_run", **path)
    assert (done["status"], done["letters"][0]["status"]) == ("completed", "sent")
    explained = client.call("explain_dunning", item_id=late["item_id"], on="2026-02-05")
    assert (explained["outcome"], explained["notice_id"]) == ("dunned", proposed["notice_id"])
    assert path["run_id"] in [one["run_id"] for one in client.call("list_dunning_runs")["items"]]


def test_a_procedure_is_made_changed_assigned_and_made_the_default(client: Client) -> None:
    account_id = _opened(client)
    made = _procedure(client)
    path = {"procedure_id": made["procedure_id"]}
    changed = client.call("change_procedure", **path, name="Silent", levels=[])

    assert (made["levels"][0]["number"], changed["levels"]) == (1, [])
    assert client.call("get_procedure_version", **path, number=1)["levels"] == made["levels"]
    assert client.call("make_default_procedure", **path)["is_default"]
    assert client.call("get_account_procedure", account_id=account_id)["name"] == "Silent"
    assert changed["procedure_id"] in [
        one["procedure_id"] for one in client.call("list_procedures")["items"]
    ]
    with pytest.raises(Invalid):
        client.call("make_procedure", name="No letter", levels=[{"name": "A", "delay_days": 1}])


def test_an_account_nothing_can_be_decided_about_is_shown_with_the_reason(client: Client) -> None:
    account_id, other = _opened(client), _opened(client)
    items = [_issued(client, account_id) for _ in range(2)]
    _issued(client, other)
    too_much = text("UPDATE receivable SET balance = 9000000000000000000 WHERE account_id = :id")
    client.bind.execute(too_much, {"id": account_id})
    client.day(DUE + timedelta(days=5))

    parked = client.call("list_parked_accounts", account_id=account_id, job="run_dunning")["items"]
    assert [(one["account_id"], one["day"]) for one in parked] == [(account_id, "2026-02-05")]
    assert "out of range" in parked[0]["reason"]
    explained = client.call("explain_dunning", item_id=items[0]["item_id"], on="2026-02-05")
    assert (explained["outcome"], explained["reason"]) == ("skipped", "not_decided")
    run = client.call("get_dunning_run", run_id=explained["run_id"])
    assert run["status"] == "completed_with_parked"
    assert {"reason": "not_decided", "items": 2} in run["skips"]
    [skip] = client.call("list_run_skips", run_id=run["run_id"], reason="not_decided")["items"]
    assert sorted(skip["item_ids"]) == sorted(item["item_id"] for item in items)
    assert parked[0]["reason"] in skip["sentence"]
    assert [one["status"] for one in client.call("list_notices", account_id=other)["items"]] == [
        "sent"
    ]


def test_dunning_is_paused_and_goes_on(client: Client) -> None:
    account_id = _opened(client)
    item = _issued(client, account_id)
    client.now = datetime(2026, 2, 4, 9, tzinfo=UTC)
    hold = client.call(
        "place_hold", account_id=account_id, reason="They called.", until_on="2026-02-28"
    )
    client.day(date(2026, 2, 5))

    assert client.call("explain_dunning", item_id=item["item_id"], on="2026-02-05")["reason"] == (
        "on_hold"
    )
    client.call("lift_hold", hold_id=hold["hold_id"])
    [lifted] = client.call("list_holds", account_id=account_id)["items"]
    assert lifted["last_on"] == "2026-02-04"


def test_what_does_not_exist_is_not_found(client: Client) -> None:
    for method, name, prefix in [
        ("get_notice", "notice_id", "dnt"),
        ("get_placement", "placement_id", "plc"),
        ("get_dunning_run", "run_id", "drn"),
        ("get_procedure", "procedure_id", "dpr"),
        ("cancel_dunning_run", "run_id", "drn"),
    ]:
        reason = {"reason": "So."} if method.startswith("cancel") else {}
        with pytest.raises(NotFound):
            client.call(method, **{name: new_id(prefix)}, **reason)


def test_a_change_on_top_of_a_stale_version_is_refused(client: Client) -> None:
    account_id = _opened(client)
    hold = client.call("place_hold", account_id=account_id, reason="Asked.", until_on="2026-02-28")
    path = {"hold_id": hold["hold_id"]}
    with pytest.raises(VersionMismatch):
        client.call("lift_hold", **path, if_match=hold["version"] - 1)
    assert client.call("lift_hold", **path, if_match=hold["version"])["lifted_at"]


def test_who_may_see_some_accounts_sees_and_pauses_only_those(client: Client) -> None:
    mine, other = _opened(client), _opened(client)
    for account_id in (mine, other):
        _issued(client, account_id)
    hold = client.call("place_hold", account_id=other, reason="Asked.", until_on="2026-02-28")
    limited = Caller("lee", ANN.scopes, accounts=frozenset({mine}))
    listed = client.call("list_receivables", caller=limited)["items"]
    assert [each["account_id"] for each in listed] == [mine]
    assert client.call("list_holds", caller=limited)["items"] == []
    with pytest.raises(NotFound):
        client.call("lift_hold", caller=limited, hold_id=hold["hold_id"])
    until = {"reason": "Mine.", "until_on": "2026-02-28"}
    with pytest.raises(NotFound):
        client.call("place_hold", caller=limited, account_id=other, **until)


def test_the_service_does_not_start_with_a_wrong_setting_and_says_which() -> None:
    started = subprocess.run(
        [sys.executable, "-m", "chassis", "run", "services.collections"],
        env={
            **os.environ,
            **NOWHERE,
            "AMQP_URI": OWN_USER,
            "SMTP_URI": "nowhere",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert started.returncode == 1
    assert started.stderr == (
        "steward: SMTP_URI is smtp://user:password@host:port, or smtps://... with TLS.\n"
    )
