"""What the gateway promises with every endpoint: once, unchanged, in turn, and to whom it may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from ops.client import Refused

pytestmark = pytest.mark.server


def payment(firm, account, amount: int) -> dict[str, object]:
    return {
        "account_id": account["account_id"],
        "currency": "EUR",
        "amount": amount,
        "value_date": str(firm.today),
        "method": "cash",
    }


def test_the_same_request_twice_is_done_once_and_answered_the_same(firm, client) -> None:
    account = firm.open_account()
    body = payment(firm, account, 1234)
    first = client.send("POST", "/v1/payments", body, key="till-7-receipt-1")
    again = client.send("POST", "/v1/payments", body, key="till-7-receipt-1")
    assert (again.status, again.body) == (first.status, first.body) == (201, first.body)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    firm.wait()
    assert firm.balance(account) == {"open": 0, "unapplied": 1234, "balance": -1234}


def test_a_key_used_for_another_request_is_refused(firm, client) -> None:
    account = firm.open_account()
    client.post("/v1/payments", payment(firm, account, 100), key="till-7-receipt-2")
    with pytest.raises(Refused) as refused:
        client.post("/v1/payments", payment(firm, account, 101), key="till-7-receipt-2")
    assert refused.value.code == "idempotency_key_reused"


def test_the_same_request_at_the_same_time_is_done_once(firm, client) -> None:
    account = firm.open_account()
    body = payment(firm, account, 500)
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: client.post("/v1/payments", body, key="till-7-receipt-3"), range(8))
        )
    assert len({answer["payment_id"] for answer in answers}) == 1
    firm.wait()
    assert firm.balance(account)["unapplied"] == 500


def test_two_who_allocate_the_same_money_at_once_do_not_both_get_it(firm, client) -> None:
    account = firm.open_account()
    received = firm.pay(account, 1000)
    invoices = [firm.invoice(account, 1000), firm.invoice(account, 1000)]

    def allocate(invoice) -> int:
        share = {"invoice_id": invoice["invoice_id"], "amount": 1000}
        path = f"/v1/payments/{received['payment_id']}/allocations"
        return client.send("POST", path, {"instruction": [share]}).status

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(allocate, invoices))
    assert statuses[0] == 200
    assert 400 <= statuses[1] < 500
    firm.wait()
    assert firm.balance(account) == {"open": 1000, "unapplied": 0, "balance": 1000}


def test_who_changes_what_somebody_changed_meanwhile_is_told_so(firm, client) -> None:
    account = firm.open_account()
    path = f"/v1/accounts/{account['account_id']}"
    seen = client.send("GET", path).headers["etag"]
    first = client.send("PATCH", path, {"tier": "key"}, headers={"If-Match": seen})
    assert first.status == 200
    late = client.send("PATCH", path, {"tier": "small"}, headers={"If-Match": seen})
    assert (late.status, late.data["code"]) == (412, "version_mismatch")
    assert client.get(path)["tier"] == "key"
    fresh = {"If-Match": first.headers["etag"]}
    assert client.send("PATCH", path, {"tier": "small"}, headers=fresh).status == 200


def test_a_key_for_one_account_sees_nothing_of_the_others(firm, client) -> None:
    mine, other = firm.open_account(), firm.open_account()
    for account in (mine, other):
        firm.ship(firm.order(account, TEA=1))
    grant = {
        "name": "One client's portal",
        "scopes": ["accounts:read", "billing:read", "sales:read"],
    }
    made = client.post("/v1/api-keys", {**grant, "accounts": [mine["account_id"]]})
    portal = client.as_holder_of(made["key"])

    for path in ("/v1/accounts", "/v1/invoices", "/v1/items", "/v1/orders"):
        seen = {one["account_id"] for one in portal.list(path)}
        assert seen == {mine["account_id"]}, path
    [theirs] = firm.invoices(other)
    hidden = [
        f"/v1/accounts/{other['account_id']}",
        f"/v1/accounts/{other['account_id']}/balance",
        f"/v1/accounts/{other['account_id']}/timeline",
        f"/v1/invoices/{theirs['invoice_id']}",
    ]
    for path in hidden:
        assert portal.send("GET", path).status == 404, path
    assert portal.send("POST", "/v1/payments", payment(firm, mine, 1)).status == 403
    totals = portal.get("/v1/reports/ageing")["totals"]
    assert [total["amount"] for total in totals] == [11900], "nor in a sum"


def test_a_key_for_one_account_changes_nothing_that_is_about_all(firm, client) -> None:
    account = firm.open_account()
    [procedure, *_] = client.list("/v1/dunning-procedures")
    grant = {"name": "One client's desk", "scopes": ["*"], "accounts": [account["account_id"]]}
    desk = client.as_holder_of(client.post("/v1/api-keys", grant)["key"])

    refused = [
        ("POST", f"/v1/dunning-procedures/{procedure['procedure_id']}/make-default", {}),
        ("POST", "/v1/onboarding-requirements", {"name": "Passport", "needs_expiry": False}),
        ("POST", "/v1/products/prd_01jd3v4q6ye8z9t5k2m7n0p1xw/retire", {}),
        ("POST", "/v1/staff", {"name": "Eve", "email": "eve@example.com", "role": "director"}),
        ("GET", "/v1/reports/reconciliation", None),
        ("PUT", "/v1/clock", {"now": "2099-01-01T00:00:00Z"}),
    ]
    for verb, path, body in refused:
        answer = desk.send(verb, path, body)
        assert (answer.status, answer.data["code"]) == (403, "all_accounts_needed"), path
    for path in ("/v1/dunning-procedures", "/v1/products", "/v1/staff"):
        assert list(desk.list(path)), path
    assert desk.patch(f"/v1/accounts/{account['account_id']}", {"tier": "key"})["tier"] == "key"


def test_one_idempotency_key_is_one_request_whichever_service_it_goes_to(firm, client) -> None:
    account = firm.open_account()
    key = f"one-{account['account_id']}"
    paid = client.post("/v1/payments", payment(firm, account, 500), key=key)
    for path, body in (
        ("/v1/staff", {"name": "Kim", "email": "kim@example.com", "role": "director"}),
        ("/v1/payments", payment(firm, account, 501)),
        ("/v1/api-keys", {"name": "twice", "scopes": ["billing:read"]}),
    ):
        answer = client.send("POST", path, body, key=key)
        assert (answer.status, answer.data["code"]) == (422, "idempotency_key_reused"), path
    assert client.post("/v1/payments", payment(firm, account, 500), key=key) == paid


def test_what_is_unique_is_so_among_hidden_accounts_too(firm, client) -> None:
    mine, other = firm.open_account(), firm.open_account(tax_id="DE 811 115 368")
    grant = {"name": "A partner", "scopes": ["accounts:read", "accounts:write"]}
    made = client.post("/v1/api-keys", {**grant, "accounts": [mine["account_id"]]})
    partner = client.as_holder_of(made["key"])
    path = f"/v1/accounts/{mine['account_id']}"
    refused = partner.send("PATCH", path, {"tax_id": "de811115368"})
    assert (refused.status, refused.data["code"]) == (409, "duplicate_tax_id")
    assert other["number"] not in refused.data["detail"]
    told = client.send("PATCH", path, {"tax_id": "de811115368"})
    assert told.data["number"] == other["number"]
