"""What a case is about is the account's own, as far as that is known."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.refusals import Invalid
from services.billing.events import InvoiceIssued

pytestmark = pytest.mark.server

INVOICE = {"kind": "invoice", "id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xk", "number": "RE-2026-000017"}
OTHER_INVOICE = INVOICE | {"id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xm"}
ORDER = {"kind": "order", "id": "ord_01jd3v4q6ye8z9t5k2m7n0p1xj", "number": "O-000042"}
SHIPMENT = {"kind": "shipment", "id": "shp_01jd3v4q6ye8z9t5k2m7n0p1xj", "number": "S-000042"}


class Client:
    """An account that complains, and another one."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.account_id, self.other_id = (office.account()["account_id"] for _ in range(2))

    def complain(self, about: Any) -> str:
        sent = {"kind": "complaint", "subject": "Broken lamps.", "account_id": self.account_id}
        return str(self.office.do("open_case", **sent, about=about)["case_id"])

    def about_is(self, case_id: str) -> str | None:
        found: str | None = self.office.do("get_case", case_id=case_id)["about_is"]
        return found

    def bill(self, account_id: str, invoice_id: str, **for_whom: str) -> None:
        facts = InvoiceIssued.example | {"account_id": account_id, "invoice_id": invoice_id}
        facts |= for_whom
        self.office.hear("billing", "invoice_issued", **facts | {"items": []})

    def order(self, account_id: str, order_id: str) -> None:
        facts = {"number": "O-000042", "version": 2, "currency": "GBP", "order_id": order_id}
        self.office.hear("sales", "order_cancelled", account_id=account_id, **facts)


@pytest.fixture
def client(office) -> Client:
    return Client(office)


@pytest.mark.parametrize("about", [INVOICE, ORDER])
def test_a_case_about_what_is_another_accounts_is_refused(
    client: Client, about: dict[str, str]
) -> None:
    client.bill(client.other_id, INVOICE["id"])
    client.order(client.other_id, ORDER["id"])
    with pytest.raises(Invalid) as refused:
        client.complain(about)
    assert (refused.value.code, refused.value.errors[0]["field"]) == ("about_anothers", "about/id")


def test_what_is_not_known_yet_is_taken_and_looked_at_again(client: Client) -> None:
    cases = [client.complain(about) for about in (INVOICE, OTHER_INVOICE, ORDER)]
    assert [client.about_is(one) for one in cases] == ["unknown"] * 3
    client.bill(client.account_id, INVOICE["id"])
    client.bill(client.other_id, OTHER_INVOICE["id"])
    client.order(client.account_id, ORDER["id"])
    assert [client.about_is(one) for one in cases] == ["theirs", "anothers", "theirs"]


def test_an_invoice_is_theirs_for_whom_it_is_though_somebody_else_pays_it(client: Client) -> None:
    client.bill(client.other_id, INVOICE["id"], for_account_id=client.account_id)
    assert client.about_is(client.complain(INVOICE)) == "theirs"


@pytest.mark.parametrize(("about", "about_is"), [(SHIPMENT, "unknown"), (None, None)])
def test_of_what_there_are_no_copies_nothing_is_known(client: Client, about, about_is) -> None:
    assert client.about_is(client.complain(about)) == about_is
