"""What is due when: by terms with a name, by what a client is used to, and anew by agreement."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kernel.calendar import next_day_of_month
from ops.client import Refused

pytestmark = pytest.mark.server

THIRDS = [
    {"percent": "30", "net_days": 10},
    {"percent": "30", "net_days": 30, "is_end_of_month": True},
    {"net_days": 60},
]


def bill(client, account, amount: int, *, issued_on: str | None = None, **terms: Any) -> Any:
    line = {"description": "Advice", "quantity": "1", "unit_price": amount, "tax_percent": "0"}
    draft = {"account_id": account["account_id"], "currency": "EUR", "lines": [line], **terms}
    invoice = client.post("/v1/invoices", draft)
    return client.post(f"/v1/invoices/{invoice['invoice_id']}/issue", {"issued_on": issued_on})


def dues(invoice) -> list[tuple[int, str]]:
    return [(item["balance"], item["due_date"]) for item in invoice["items"]]


def test_an_invoice_is_due_as_the_terms_say_that_it_names(firm, client) -> None:
    account, issued_on = firm.open_account(), "2026-01-20"
    plain = client.post("/v1/payment-terms", {"name": "Thirds", "lines": THIRDS})
    moved = {"name": "Thirds, business days", "lines": THIRDS, "business_days": "next"}
    moved_id = client.post("/v1/payment-terms", moved)["payment_terms_id"]

    def issued(**terms: Any) -> list[tuple[int, str]]:
        return dues(bill(client, account, 125055, issued_on=issued_on, **terms))

    due_days = ["2026-01-30", "2026-02-28", "2026-03-21"]
    amounts = [37517, 37517, 50021]
    named = issued(payment_terms_id=plain["payment_terms_id"])
    assert named == list(zip(amounts, due_days, strict=True))
    assert issued(instalments=THIRDS) == named
    weekdays = ["2026-01-30", "2026-03-02", "2026-03-23"]
    assert issued(payment_terms_id=moved_id) == list(zip(amounts, weekdays, strict=True))
    # 17 March is a holiday in Ireland.
    assert issued(net_days=56, business_days="next") == [(125055, "2026-03-18")]

    with pytest.raises(Refused) as refused:
        issued(instalments=[{"percent": "30", "net_days": 10}, {"percent": "60", "net_days": 30}])
    assert refused.value.code == "instalments_do_not_add_up"


def test_what_is_rescheduled_is_owed_and_dunned_on_the_new_days(firm, client) -> None:
    account = firm.open_account()
    first = firm.today
    parts = [
        {"amount": amount, "due_date": str(first + timedelta(days=days))}
        for amount, days in ((10000, 1), (12000, 2), (8000, 3))
    ]
    invoice = bill(client, account, 30000, instalments=parts)
    firm.pay(account, 15000)
    firm.wait(10)
    letters = len(firm.letters(account))
    assert letters
    path = f"/v1/invoices/{invoice['invoice_id']}"
    new_days = [str(firm.today + timedelta(days=days)) for days in (30, 60)]
    asked = {
        "reason": "Asked by phone.",
        "instalments": [{"amount": 9000, "due_date": new_days[0]}],
    }
    with pytest.raises(Refused) as refused:
        client.post(f"{path}/reschedule", asked)
    assert "60.00 EUR is missing" in refused.value.detail

    asked["instalments"].append({"amount": 6000, "due_date": new_days[1]})
    answered = client.post(f"{path}/reschedule", asked)
    assert dues(answered)[1:] == [(9000, new_days[0]), (6000, new_days[1])]
    firm.wait(1)

    def aged(day: Any) -> dict[str, int]:
        found = client.get("/v1/reports/ageing", as_of=day, account_id=account["account_id"])
        buckets = found["totals"][0]["buckets"]
        return {each["bucket"]: each["amount"] for each in buckets if each["amount"]}

    assert aged(firm.today - timedelta(days=2)) == {"1-30": 15000}
    assert aged(firm.today) == {"current": 15000}
    receivables = client.list("/v1/receivables", account_id=account["account_id"], status="open")
    assert [(one["balance"], one["due_date"]) for one in receivables] == dues(answered)[1:]
    [balance] = client.get(f"/v1/accounts/{account['account_id']}/glance")["balances"]
    assert balance["oldest_overdue_on"] is None
    firm.wait(20)
    assert len(firm.letters(account)) == letters
    firm.wait(20)
    assert len(firm.letters(account)) > letters
    assert "item_due_changed" in firm.timeline(account)


def test_goods_are_due_on_the_day_on_which_the_client_pays(firm, client) -> None:
    account = firm.open_account(net_days=14)
    path = f"/v1/accounts/{account['account_id']}/billing-routine"
    routine = {"kind": "pay_day", "pay_day": 15, "reason": "Pays after the salaries."}
    client.put(path, routine)
    firm.ship(firm.order(account, TEA=1))
    [invoice] = firm.invoices(account)
    [item] = client.get(f"/v1/invoices/{invoice['invoice_id']}")["items"]
    assert item["due_date"] == str(next_day_of_month(firm.today + timedelta(days=14), 15))
    [kept] = client.list(f"{path}/history")
    assert (kept["pay_day"], kept["reason"]) == (15, "Pays after the salaries.")
    assert "billing_routine_changed" in firm.timeline(account)
