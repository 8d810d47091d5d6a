"""A parent pays for one child and not for the other: orders, bills, statements, money and ageing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from ops.client import Refused
from tests.scenarios.firm import Firm
from tests.scenarios.test_company import COMPANY

pytestmark = pytest.mark.server


class Family:
    """A parent, the child it pays for and the one that pays itself; each has ordered and got tea."""

    def __init__(self, firm: Firm) -> None:
        self.firm, self.client = firm, firm.client
        self.client.put("/v1/company", COMPANY)
        self.parent, self.paid_for, self.own = (firm.open_account() for _ in range(3))
        for child, payer in ((self.paid_for, "parent"), (self.own, "child")):
            edge = {"parent_id": self.parent["account_id"], "payer": payer}
            self.client.put(f"/v1/accounts/{child['account_id']}/parent", edge)
        firm.wait()
        self.first_day = firm.today
        for account, cases in ((self.paid_for, 3), (self.parent, 2), (self.own, 1)):
            firm.ship(firm.order(account, TEA=cases))

    def owed(self) -> list[int]:
        """What the parent, the child it pays for and the other one owe."""
        paths = (self.path(each) for each in (self.parent, self.paid_for, self.own))
        found = [self.client.get(f"{path}/balance")["balances"] for path in paths]
        return [sum(each["open"] for each in balances) for balances in found]

    def path(self, account: dict[str, Any]) -> str:
        return f"/v1/accounts/{account['account_id']}"

    def stated(self, account: dict[str, Any]) -> list[int]:
        """What moved what an account owes, and what it owes at the end."""
        period = {"from": str(self.first_day), "to": str(self.firm.today)}
        told = self.client.get(f"{self.path(account)}/statement", currency="EUR", **period)
        return [*(one["amount"] for one in told["items"]), told["closing"]]

    def printed(self, account: dict[str, Any], *, in_one: bool) -> str:
        period = f"from={self.first_day}&to={self.firm.today}&is_in_one={str(in_one).lower()}"
        path = f"{self.path(account)}/statement/document.pdf?currency=EUR&{period}"
        return text_of(self.client.send("GET", path).body)

    def aged(self, account: dict[str, Any]) -> dict[str, int]:
        """What is open of an account, by how long it is overdue."""
        found = self.client.get("/v1/reports/ageing", account_id=account["account_id"])
        buckets = [bucket for total in found["totals"] for bucket in total["buckets"]]
        return {one["bucket"]: one["amount"] for one in buckets if one["amount"]}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def claim_billed(family: Family) -> dict[str, Any]:
    """The bill for the one child is the parent's, and says for whom it is; that invoice."""
    client, child = family.client, family.paid_for
    [for_child] = client.list("/v1/invoices", for_account_id=child["account_id"])
    assert (for_child["account_id"], for_child["total"]) == (family.parent["account_id"], 35700)
    totals = [one["total"] for one in family.firm.invoices(family.parent)]
    assert (sorted(totals), family.firm.invoices(child)) == ([23800, 35700], [])
    assert [one["total"] for one in family.firm.invoices(family.own)] == [11900]
    assert family.owed() == [59500, 0, 11900]
    return for_child


def claim_stated(family: Family) -> None:
    """Child by child each has what it pays itself; in one, each has a table under its name."""
    assert family.stated(family.parent) == [35700, 23800, 59500]
    assert family.stated(family.paid_for) == [0]
    assert family.stated(family.own) == [11900, 11900]
    alone = family.printed(family.parent, in_one=False)
    assert family.paid_for["name"] in alone, "for whom the bill is"
    assert "595.00 EUR" in alone and family.own["name"] not in alone
    in_one = family.printed(family.parent, in_one=True)
    for words in ("595.00 EUR", "119.00 EUR", family.own["name"]):
        assert words in in_one, words


def claim_sight(family: Family, invoice: dict[str, Any]) -> None:
    """Who sees that child alone sees the bill for it, and nothing else of its parent."""
    asked = {"name": "The child's shop", "scopes": ["billing:read"]}
    asked["accounts"] = [family.paid_for["account_id"]]
    key = family.client.post("/v1/api-keys", asked)["key"]
    shop = family.client.as_holder_of(key)
    [seen] = shop.list("/v1/invoices", for_account_id=family.paid_for["account_id"])
    assert seen["invoice_id"] == invoice["invoice_id"]
    path = f"/v1/invoices/{invoice['invoice_id']}"
    assert [item["amount"] for item in shop.get(path)["items"]] == [35700]
    made = shop.post(f"{path}/document")
    pdf = shop.send("GET", f"/v1/documents/{made['document_id']}/document.pdf").body
    assert "357.00 EUR" in text_of(pdf) and family.paid_for["name"] in text_of(pdf)
    assert list(shop.list("/v1/invoices")) == []
    [parents] = [one for one in family.firm.invoices(family.parent) if one["total"] == 23800]
    for hidden in (
        f"/v1/invoices/{parents['invoice_id']}",
        f"{family.path(family.parent)}/balance",
    ):
        with pytest.raises(Refused) as refused:
            shop.get(hidden)
        assert refused.value.status == 404
    shop.close()


def test_a_parent_pays_for_one_child_and_not_for_the_other(firm: Firm) -> None:
    family = Family(firm)
    invoice = claim_billed(family)
    claim_stated(family)
    claim_sight(family, invoice)

    firm.pay(family.parent, 40000)
    assert family.owed() == [19500, 0, 11900]
    assert family.stated(family.parent) == [35700, 23800, -40000, 19500]
    firm.wait(20)
    assert [family.aged(each) for each in (family.parent, family.paid_for, family.own)] == [
        {"1-30": 19500},
        {},
        {"1-30": 11900},
    ]
    firm.pay(family.parent, 19500)
    firm.pay(family.own, 11900)
    assert family.owed() == [0, 0, 0]
