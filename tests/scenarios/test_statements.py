"""A month of moves is stated: by paper on request, by a run to many, by the day, and once."""

from __future__ import annotations

from datetime import date, timedelta
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from kernel.calendar import add_months
from ops.client import Client, Refused
from tests.scenarios.firm import Firm
from tests.scenarios.test_company import COMPANY

pytestmark = pytest.mark.server
QUAY = {"kind": "billing", "street": ["1 Quay"], "city": "Dublin", "country": "IE"}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def statements_to(firm: Firm, account: dict[str, Any]) -> list[EmailMessage]:
    """The statements that came to an account by e-mail."""
    found = firm.mailbox.list_messages(to=account["email"])
    return [message for message in found if "Statement of account" in message["Subject"]]


def enclosed_in(message: EmailMessage) -> str:
    [enclosed] = message.iter_attachments()
    return text_of(enclosed.get_content())


def live(firm: Firm, account: dict[str, Any]) -> dict[str, Any]:
    """100.00 and 50.00 are invoiced, 70.00 is paid, of which 20.00 was not there; the payment."""
    firm.invoice(account, 100_00)
    payment = firm.pay(account, 70_00, reference="Thank you")
    firm.invoice(account, 50_00)
    back = {"amount": 20_00, "reason": "Bounced."}
    firm.client.post(f"/v1/payments/{payment['payment_id']}/reverse", back)
    firm.wait()
    return payment


FIGURES = ("100.00 EUR", "-70.00 EUR", "50.00 EUR", "20.00 EUR", "Thank you")


def claim_on_request(firm: Firm, account: dict[str, Any], month: dict[str, str]) -> None:
    """The paper says what the JSON does, and what is open what is owed."""
    client, path = firm.client, f"/v1/accounts/{account['account_id']}"
    told = client.get(f"{path}/statement", currency="EUR", **month)
    assert (told["opening"], told["closing"]) == (0, 100_00)
    assert [one["balance"] for one in told["items"]] == [100_00, 30_00, 80_00, 100_00]
    items = client.get(f"{path}/open-items", as_of=month["to"])["items"]
    assert [one["open"] for one in items] == [50_00, 50_00]
    asked = "&".join(f"{name}={value}" for name, value in month.items())
    pdf = client.send("GET", f"{path}/statement/document.pdf?currency=EUR&{asked}").body
    for figure in (*FIGURES, "Closing balance", "DE89 3704 0044 0532 0130 00"):
        assert figure in text_of(pdf), figure


def claim_run(firm: Firm, accounts: list[dict[str, Any]], month: dict[str, str]) -> None:
    """One by e-mail, one to be printed, one without an address, until it has one; none of them twice."""
    client = firm.client
    mailed, posted, lost = accounts
    ids = [account["account_id"] for account in accounts]
    asked = {**month, "accounts": ids}
    run = client.post("/v1/statement-runs", asked, key="march")
    assert client.post("/v1/statement-runs", asked, key="march") == run
    firm.wait()
    path = f"/v1/statement-runs/{run['statement_run_id']}"
    shown = client.get(path)
    assert (shown["status"], shown["statements"]) == ("completed", 3)
    by_account = {one["account_id"]: one for one in client.list(f"{path}/items")}
    standing = [(by_account[one]["status"], by_account[one]["reason"]) for one in ids]
    assert standing == [("sent", None), ("to_print", None), ("parked", "no_address")]
    [message] = statements_to(firm, mailed)
    for figure in FIGURES:
        assert figure in enclosed_in(message), figure
    document = f"/v1/documents/{by_account[posted['account_id']]['document_id']}"
    assert "1 Quay" in text_of(client.send("GET", f"{document}/document.pdf").body)
    item = f"{path}/items/{posted['account_id']}/EUR"
    assert client.post(f"{item}/printed")["status"] == "printed"

    client.post(f"/v1/accounts/{lost['account_id']}/addresses", QUAY)
    firm.wait()
    retried = {"reason": "They have moved in."}
    found = client.post(f"{path}/items/{lost['account_id']}/EUR/retry", retried)
    assert (found["status"], found["closing"]) == ("to_print", 100_00)
    with pytest.raises(Refused, match="nothing_to_state"):
        client.post("/v1/statement-runs", asked)
    firm.wait()
    assert len(statements_to(firm, mailed)) == 1
    assert firm.mailbox.list_duplicates() == []


def claim_by_the_day(firm: Firm, account: dict[str, Any]) -> None:
    """Agreed is the first of the month: the month before is stated that morning, by itself."""
    agreed = {"statement_day": 1, "reason": "They reconcile on the first."}
    firm.client.put(f"/v1/accounts/{account['account_id']}/billing-routine", agreed)
    firm.wait()
    first = add_months(firm.today.replace(day=1), 1)
    firm.wait((first - firm.today).days)
    assert len(statements_to(firm, account)) == 2
    assert "100.00 EUR" in enclosed_in(statements_to(firm, account)[-1])


def test_a_month_of_moves_is_stated_to_many_and_once(firm: Firm, client: Client) -> None:
    client.put("/v1/company", COMPANY)
    accounts = [
        firm.open_account(),
        firm.open_account(preferred_channel="post"),
        firm.open_account(preferred_channel="post"),
    ]
    client.post(f"/v1/accounts/{accounts[1]['account_id']}/addresses", QUAY)
    begun: date = firm.today
    payment, *_ = [live(firm, account) for account in accounts]
    firm.wait(1)
    month = {"from": str(begun), "to": str(firm.today - timedelta(days=1))}
    claim_on_request(firm, accounts[0], month)
    claim_run(firm, accounts, month)
    claim_by_the_day(firm, accounts[0])
    made = client.post(f"/v1/payments/{payment['payment_id']}/receipt/document")
    receipt = text_of(client.send("GET", f"/v1/documents/{made['document_id']}/document.pdf").body)
    for word in ("Receipt RCPT-", "70.00 EUR", "Payment reversed", "20.00 EUR"):
        assert word in receipt, word
