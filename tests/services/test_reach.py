"""How far every endpoint reaches: it says so, and nobody who sees some accounts acts for all."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from marshmallow import Schema, fields
from sqlalchemy import Connection, Engine
from sqlalchemy.event import listen

from chassis.contract import Endpoint, Reach
from chassis.database import AccountOwned
from chassis.doors.perform import perform_endpoint
from chassis.process.describe import describe
from chassis.process.json_schemas import example_of
from chassis.service import load
from chassis.store.clock import Clock
from chassis.wire.calls import Call
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Forbidden, Refusal
from ops.instances import SERVICES
from tests.services.client import Client

# What is of accounts, though neither what it takes nor what it answers names one: why that is so.
NAMES_NO_ACCOUNT = {
    "get_document_pdf": "is a document; it is looked for among those that the caller sees",
    "get_document_xml": "as the PDF",
    "approve_billing_run": "is a run; it is there for whoever sees all its bills",
    "cancel_billing_run": "as approve_billing_run",
    "issue_drafts_of_run": "as approve_billing_run",
    "get_billing_run": "as approve_billing_run",
    "preview_billing_run": "as approve_billing_run",
    "delete_draft": "answers nothing; the invoice is looked for among those that the caller sees",
    "get_file_content": "is the file; it is looked for among those that the caller sees",
    "get_delivery_note": "is a document; its shipment is looked for among those that the caller sees",
    "get_letter_pdf": "is a document; its notice is looked for among those that the caller sees",
    "get_letter_text": "as the PDF",
    "get_pick_list": "as the delivery note",
    "get_worklist_figures": "counts items, of those that the caller sees",
    "give_up_file": "answers nothing; the file is looked for among those that the caller sees",
    "issue_credit_batch": "each of the batch names its account or invoice, and is looked for by it",
    "issue_batch": "each invoice of the batch names its account, and is looked for by it",
    "take_orders": "each order of the batch names its account, and is looked for by it",
    "move_shipments": "each of the batch names its order or shipment, and is looked for by it",
    "receive_batch": "each payment of the batch names its account, and is looked for by it",
    "add_charge_batch": "each charge of the batch names its account, and is looked for by it",
    "report_calls": "sums of what the caller sees",
    "report_cases": "sums of what the caller sees",
    "report_remedy_costs": "sums of what the caller sees",
    "report_collected": "sums of what the caller sees",
    "report_dso": "sums of what the caller sees",
    "report_tax": "sums of what the caller sees",
    "reverse_allocation": "answers sums; the allocation is looked for among those the caller sees",
    "take_returns": "each of the batch names its order, and is looked for by it",
}

# Where the document's example does not come as far as to what is of accounts: what is sent instead, and
# which field names what another endpoint has made before.
SENT_INSTEAD = {"add_order_lines": {"lines": [{"sku": "TEA", "quantity": "2"}]}}
MADE_BEFORE = {
    "get_team_worklist": {"staff_id": "add_staff"},
    "get_worklist": {"staff_id": "add_staff"},
}

LIMITED = Caller("eve", frozenset({"*"}), frozenset({new_id("acc")}))
PERSON = Caller("stf_eve", frozenset({"*"}), None, "stf_eve")
SEEN = "account_sight.staff_id = ANY"  # in a planned statement
SEE_SOME = {"limited": LIMITED, "person": PERSON}


def endpoints(*reaches: Reach) -> list[Any]:
    return [
        pytest.param(service, name, id=f"{service}.{name}")
        for service in SERVICES
        for name, contract in load(f"services.{service}").contracts.items()
        if isinstance(contract, Endpoint) and contract.reach in reaches
    ]


def contract_of(service: str, endpoint: str) -> Endpoint:
    contract: Endpoint = load(f"services.{service}").contracts[endpoint]
    return contract


def takes_account(contract: Endpoint) -> bool:
    account = contract.accepts().fields.get("account_id")
    return account is not None and account.required


def answers_account(schema: type[Schema] | None) -> bool:
    """Whether the thing that is answered, or each of those in the list, names its account."""
    if schema is None:
        return False
    found = schema().fields
    items = found.get("items")
    is_page = isinstance(items, fields.List) and isinstance(items.inner, fields.Nested)
    return "account_id" in found or (is_page and "account_id" in items.inner.schema.fields)


@pytest.mark.parametrize(("service", "endpoint"), endpoints(*Reach))
def test_an_endpoint_says_how_far_it_reaches(service: str, endpoint: str) -> None:
    contract = contract_of(service, endpoint)
    assert contract.stated_reach or takes_account(contract), (
        f"{service}.{endpoint} takes no account_id, so that only callers who see all accounts may come. "
        "Say reach=Reach.EVERYTHING if that is meant; Reach.ACCOUNT if all that it reads and changes is "
        "of accounts (its models are AccountOwned); Reach.SHARED if it reads what belongs to none."
    )


@pytest.mark.parametrize(("service", "endpoint"), endpoints(Reach.STAFF, Reach.BOOK))
def test_what_is_of_people_is_refused_to_a_key_for_some_accounts(
    service: str, endpoint: str
) -> None:
    call = Call({}, LIMITED, deadline=2.0**40, request_id="r", command_id="c")
    with pytest.raises(Forbidden) as refused:
        perform_endpoint(None, load(f"services.{service}")(), endpoint, call)
    assert refused.value.code == "all_accounts_needed"


@pytest.mark.parametrize("who", SEE_SOME)
@pytest.mark.parametrize(("service", "endpoint"), endpoints(Reach.EVERYTHING))
def test_what_is_about_all_accounts_is_refused_to_who_sees_some(
    service: str, endpoint: str, who: str
) -> None:
    cls = load(f"services.{service}")
    call = Call({}, SEE_SOME[who], deadline=2.0**40, request_id="r", command_id="c")
    with pytest.raises(Forbidden) as refused:
        perform_endpoint(None, cls(), endpoint, call)
    assert refused.value.code == "all_accounts_needed"


@pytest.mark.parametrize(("service", "endpoint"), endpoints(Reach.ACCOUNT))
def test_what_is_of_an_account_names_it_or_is_known_not_to(service: str, endpoint: str) -> None:
    contract = contract_of(service, endpoint)
    names = takes_account(contract) or answers_account(contract.returns)
    assert names != (endpoint in NAMES_NO_ACCOUNT), (
        f"{service}.{endpoint} says reach=Reach.ACCOUNT: let its answer name the account, or state in "
        "NAMES_NO_ACCOUNT why it does not and how what it finds is held to what the caller sees."
    )


@pytest.mark.server
@pytest.mark.parametrize("who", SEE_SOME)
@pytest.mark.parametrize(("service", "endpoint"), endpoints(Reach.ACCOUNT))
def test_what_is_of_accounts_is_looked_for_among_those_that_the_caller_sees(
    engine_of: Callable[[str], Engine],
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    endpoint: str,
    who: str,
) -> None:
    contract = contract_of(service, endpoint)
    if takes_account(contract) or contract.whose is not None or endpoint.endswith("_parked"):
        return  # the door looks at the account itself; what is parked has tests of its own
    if endpoint == "begin_file":
        return  # likewise; a file of no account is begun by those who see all (tests/chassis/doors)
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    monkeypatch.setattr("chassis.doors.transaction.read_clock", lambda _: Clock(now))
    asked: list[str] = []
    with engine_of(service).connect() as connection, connection.begin() as transaction:
        plan_anew(connection)
        listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        client = Client(service, connection)
        sent = example(service, endpoint) | SENT_INSTEAD.get(endpoint, {})
        for field, maker in MADE_BEFORE.get(endpoint, {}).items():
            sent[field] = client.call(maker, **example(service, maker))[field]
        with suppress(Refusal):
            client.call(endpoint, caller=SEE_SOME[who], **sent)
        transaction.rollback()
    models = [model for model in models_of(service) if issubclass(model, AccountOwned)]
    owned = "|".join(["file", *(model.__tablename__ for model in models)])
    of_accounts = [sql for sql in asked if re.search(rf'\b(FROM|JOIN|UPDATE) "?({owned})\b', sql)]
    assert of_accounts, f"nothing was looked for, but: {asked}"
    for sql in of_accounts:
        assert "account_id IN" in sql or SEEN in sql


def plan_anew(connection: Connection) -> None:
    """What this connection planned in an earlier test would be asked by name alone."""
    connection.info.clear()
    connection.exec_driver_sql("DEALLOCATE ALL")


@pytest.mark.server
@pytest.mark.parametrize(("service", "endpoint"), endpoints(*Reach))
def test_what_names_things_that_are_not_there_is_answered_or_refused(
    engine_of: Callable[[str], Engine],
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    endpoint: str,
) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    monkeypatch.setattr("chassis.doors.transaction.read_clock", lambda _: Clock(now))
    with engine_of(service).connect() as connection, connection.begin() as transaction:
        sent = example(service, endpoint) | SENT_INSTEAD.get(endpoint, {})
        with suppress(Refusal):  # anything else fails
            Client(service, connection).call(endpoint, **sent)
        transaction.rollback()


def example(service: str, endpoint: str) -> dict[str, Any]:
    """What the document gives as an example of what is sent."""
    contract = contract_of(service, endpoint)
    document = _document(service)
    operation = document["paths"][contract.path][contract.verb.lower()]
    schemas = document["components"]["schemas"]
    sent = {
        one["name"]: one.get("example") or example_of(one["schema"], schemas, one["name"])
        for one in operation["parameters"]
        if one["required"]
    }
    for content in operation.get("requestBody", {}).get("content", {}).values():
        is_raw = contract.raw_field is not None
        sent |= {contract.raw_field: "JVBERi0="} if is_raw else content["example"]
    return sent


@cache
def _document(service: str) -> dict[str, Any]:
    document: dict[str, Any] = describe(load(f"services.{service}"))["openapi"]
    return document


def models_of(service: str) -> list[Any]:
    importlib.import_module(f"services.{service}.models")
    base = importlib.import_module(f"services.{service}.base").Base
    return [mapper.class_ for mapper in base.registry.mappers]


@pytest.mark.parametrize("service", SERVICES)
def test_what_has_an_account_is_seen_only_by_who_may_see_that(service: str) -> None:
    open_to_all = [
        model.__name__
        for model in models_of(service)
        if "account_id" in model.__table__.c and not issubclass(model, AccountOwned)
    ]
    assert open_to_all == [], "derive them from AccountOwned"


@pytest.mark.parametrize(
    ("service", "endpoint"),
    [
        ("collections", "make_default_procedure"),
        ("accounts", "add_requirement"),
        ("accounts", "add_staff"),
        ("sales", "edit_product"),
        ("collections", "simulate_dunning_run"),
        ("billing", "reconcile"),
    ],
)
def test_what_concerns_every_account_is_about_everything(service: str, endpoint: str) -> None:
    assert contract_of(service, endpoint).reach is Reach.EVERYTHING


@pytest.mark.parametrize(
    ("service", "endpoint"),
    [("sales", "list_products"), ("collections", "get_procedure"), ("accounts", "list_staff")],
)
def test_what_belongs_to_no_account_may_be_read_by_all(service: str, endpoint: str) -> None:
    contract = contract_of(service, endpoint)
    assert contract.reach is Reach.SHARED
    assert not contract.is_command
