"""Drafts of runs: edited, deleted, issued; nothing is billed twice, and what is left waits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict, NotFound
from services.billing.drafts.usecases import delete_draft, edit_draft, issue_draft
from services.billing.invoices.models import Invoice
from services.billing.invoices.queries import get_invoice
from services.billing.reconciliation.queries import reconcile
from tests.services.billing.billing_runs.conftest import Runs
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server

KEPT = dict.fromkeys(
    (
        "position",
        "description",
        "quantity",
        "unit_price",
        "tax_percent",
        "tax_code",
        "exemption_reason",
    )
)


class Drafts(Runs):
    """Runs that make drafts, and what people do with those."""

    def of(self, run_id: str, account_id: str) -> Invoice:
        return get_invoice(self.session, invoice_id=self.bill(run_id, account_id).invoice_id)

    def edit(self, draft: Invoice, *lines: dict[str, Any]) -> Invoice:
        asked = [KEPT | one for one in lines]
        moment = {"now": self.books.now, "by": self.books.by}
        return edit_draft(self.session, invoice_id=draft.invoice_id, lines=asked, **moment)

    def delete(self, draft: Invoice) -> None:
        moment = {"now": self.books.now, "by": self.books.by}
        delete_draft(self.session, invoice_id=draft.invoice_id, **moment)

    def issue(self, draft: Invoice) -> Invoice:
        moment = self.books.moment
        return issue_draft(self.session, invoice_id=draft.invoice_id, issued_on=None, **moment)

    def said(self, run_id: str, account_id: str) -> tuple[str, str | None]:
        bill = self.bill(run_id, account_id)
        return bill.status, bill.reason


@pytest.fixture
def drafts(books: Books) -> Drafts:
    return Drafts(books)


def test_a_draft_that_somebody_wrote_can_be_deleted(
    books: Books, drafts: Drafts, account: str
) -> None:
    draft = books.draft(account)
    drafts.delete(draft)
    with pytest.raises(NotFound):
        drafts.delete(draft)


def test_an_issued_invoice_cannot_be_deleted_or_edited(
    books: Books, drafts: Drafts, account: str
) -> None:
    invoice = books.bill(account)
    for act in (lambda: drafts.delete(invoice), lambda: drafts.edit(invoice, {"position": 1})):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "invoice_issued"


def test_a_draft_that_somebody_wrote_is_written_anew_and_not_edited(
    books: Books, drafts: Drafts, account: str
) -> None:
    with pytest.raises(Conflict) as refused:
        drafts.edit(books.draft(account), {"position": 1})
    assert refused.value.code == "draft_by_hand"


def test_what_a_deleted_draft_would_have_billed_waits_for_the_next_run(
    drafts: Drafts, account: str
) -> None:
    drafts.charge(account, 500, quantity="3")
    run_id = drafts.draft()
    with pytest.raises(
        Conflict, match=r"is to be billed by .*; what was stands on a draft .* Issue or"
    ):
        drafts.plan()
    drafts.delete(drafts.of(run_id, account))
    assert drafts.said(run_id, account) == ("skipped", "draft_deleted")
    assert drafts.bill(run_id, account).decided_by == "tester"
    again = drafts.plan()
    assert drafts.counts(again) == {"pending": (1, 1500)}


def test_a_draft_edited_down_leaves_the_rest_for_the_next_bill(
    books: Books, drafts: Drafts, account: str
) -> None:
    drafts.charge(account, 500, quantity="10")
    drafts.charge(account, 70)
    run_id = drafts.draft()
    draft = drafts.of(run_id, account)
    assert [(one.quantity, one.net) for one in draft.lines] == [(10, 5000), (1, 70)]
    edited = drafts.edit(draft, {"position": 1, "quantity": Decimal(6)})
    assert (edited.version, edited.total, edited.edited_by) == (2, 3000, "tester")
    next_run = drafts.draft()
    other = drafts.of(next_run, account)
    assert other.invoice_id != edited.invoice_id, "what a person edited is theirs"
    assert [(one.quantity, one.net) for one in other.lines] == [(4, 2000), (1, 70)]
    for each in (edited, other):
        drafts.issue(each)
    assert books.balance(account) == (5070, 0)
    assert drafts.said(run_id, account) == ("invoiced", None)
    assert drafts.bill(run_id, account).invoice_number == edited.number
    assert reconcile(books.session)["differences"] == []
    books.check_constraints()


def test_a_draft_may_say_more_than_what_waits(books: Books, drafts: Drafts, account: str) -> None:
    drafts.charge(account, 500)
    draft = drafts.of(drafts.draft(), account)
    more = {"description": "Help", "quantity": Decimal(2), "unit_price": 30}
    more["tax_percent"] = Decimal(0)
    drafts.issue(drafts.edit(draft, {"position": 1, "unit_price": 450}, more))
    assert books.balance(account) == (510, 0)
    with pytest.raises(Conflict, match="Nothing of these accounts is to be billed"):
        drafts.plan()


def test_a_draft_is_not_issued_to_who_does_not_pay_any_more(books: Books, drafts: Drafts) -> None:
    parent, other = books.open_account(), books.open_account()
    child = books.open_account(payer_id=parent)
    for account in (parent, child):
        drafts.charge(account, 500)
    run_id = drafts.draft(accounts=[parent])
    books.open_account(account_id=child, payer_id=other, version=2)
    draft = drafts.of(run_id, parent)
    assert draft.for_account_id is None
    with pytest.raises(Conflict) as refused:
        drafts.issue(draft)
    assert refused.value.code == "payer_changed"
    run = drafts.issue_drafts(run_id)
    assert (run["status"], run["left"]) == ("completed", 0)
    bill = drafts.bill(run_id, parent)
    assert (bill.status, bill.reason) == ("drafted", "refused")
    assert "Delete the draft" in bill.detail
    drafts.delete(draft)
    assert drafts.bill(drafts.plan(accounts=[other]), other).total == 500


def test_goods_that_came_back_are_taken_off_the_draft_first(books: Books, drafts: Drafts) -> None:
    account = books.open_account()
    books.agree(account, bills="monthly")
    order_id, line_id, kept = books.order(account), new_id("orl"), new_id("orl")
    sent = [
        books.line(2000, quantity="10") | {"order_line_id": line_id},
        books.line(100) | {"order_line_id": kept},
    ]
    books.ship(account, order_id, *sent)
    drafts.charged.add(account)
    run_id = drafts.draft()
    draft = drafts.of(run_id, account)
    assert draft.total == 20100
    with pytest.raises(Conflict) as refused:
        books.bill(account, order_id=order_id)
    assert refused.value.code == "order_waits_for_bill"
    books.come_back(account, order_id, (line_id, 4))
    books.session.expire_all()
    assert (draft.total, draft.edited_by) == (12100, None)
    [settled] = books.announced("ReturnSettled")
    assert settled["not_billed"] == [{"order_line_id": line_id, "quantity": "4"}]
    assert settled["credited"] == []
    books.come_back(account, order_id, (line_id, 6), (kept, 1))
    assert drafts.said(run_id, account) == ("skipped", "draft_deleted")
    with pytest.raises(Conflict, match="Nothing of these accounts is to be billed"):
        drafts.plan()
    assert books.balance(account) == (0, 0)
