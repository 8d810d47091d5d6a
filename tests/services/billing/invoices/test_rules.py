"""What an invoice is, and what may be done with it when."""

import pytest

from kernel.refusals import Conflict, Invalid
from services.billing.invoices.rules import (
    Action,
    InvoiceStatus,
    choose_series,
    invoice_status,
    issue_journal,
    require_allowed,
    require_sale,
    require_voidable,
    void_journal,
)


@pytest.mark.parametrize(
    ("is_issued", "is_void", "balance", "written_off", "status"),
    [
        (False, False, 0, 0, "draft"),
        (True, False, 1000, 0, "issued"),
        (True, False, 1, 999, "issued"),
        (True, False, 0, 0, "paid"),
        (True, False, 0, 1, "written_off"),
        (True, True, 0, 0, "void"),
    ],
)
def test_the_status_follows_from_dates_and_amounts(
    is_issued, is_void, balance, written_off, status
):
    amounts = {"balance": balance, "written_off": written_off}
    assert invoice_status(is_issued=is_issued, is_void=is_void, **amounts) == status


ALLOWED = {
    ("issue", "draft"),
    ("delete", "draft"),
    ("edit", "draft"),
    ("void", "issued"),
    ("credit", "issued"),
    ("reschedule", "issued"),
    ("credit", "paid"),
    ("raise", "issued"),
    ("raise", "paid"),
    ("credit", "written_off"),
}


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("status", list(InvoiceStatus))
def test_what_may_be_done_with_an_invoice_in_each_state(action, status):
    if (action, status) in ALLOWED:
        require_allowed(action, status=status, name="R-7")
    else:
        with pytest.raises(Conflict) as refused:
            require_allowed(action, status=status, name="R-7")
        assert refused.value.code == f"invoice_{status}"


@pytest.mark.parametrize(
    ("balance", "credited", "code"),
    [(900, 0, "invoice_allocated"), (1000, 100, "invoice_credited")],
)
def test_an_invoice_in_part_paid_or_credited_is_not_voided(balance, credited, code):
    amounts = {"total": 1000, "balance": balance, "credited": credited}
    with pytest.raises(Conflict) as refused:
        require_voidable(name="R-7", status=InvoiceStatus.ISSUED, **amounts)
    assert refused.value.code == code


@pytest.mark.parametrize("status", [InvoiceStatus.DRAFT, InvoiceStatus.PAID, InvoiceStatus.VOID])
def test_only_an_issued_invoice_is_voided(status):
    with pytest.raises(Conflict) as refused:
        require_voidable(name="R-7", status=status, total=1000, balance=0, credited=0)
    assert refused.value.code == f"invoice_{status}"


def test_an_invoice_that_never_demanded_anything_may_be_voided():
    require_voidable(name="R-7", status=InvoiceStatus.PAID, total=0, balance=0, credited=0)


@pytest.mark.parametrize(
    ("number", "series", "chosen"),
    [(None, None, "invoice"), ("007", None, "external"), ("007", "shop", "shop")],
)
def test_an_invoice_with_its_own_number_is_in_another_series(number, series, chosen):
    assert choose_series(number, series) == chosen


@pytest.mark.parametrize(
    ("number", "series", "code"),
    [
        (None, "shop", "series_without_number"),
        ("2026-000001", "invoice", "series_reserved"),
        ("1", "credit_note", "series_reserved"),
    ],
)
def test_nobody_else_numbers_in_our_series(number, series, code):
    with pytest.raises(Invalid) as refused:
        choose_series(number, series)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("net", "tax", "reclaimed", "posted"),
    [
        (1000, 190, 0, {"receivables": 1190, "revenue": -1000, "tax": -190, "unapplied_cash": 0}),
        (0, 0, 700, {"receivables": 700, "revenue": 0, "tax": 0, "unapplied_cash": -700}),
    ],
)
def test_a_void_posts_the_issue_turned_round(net, tax, reclaimed, posted):
    same = {"invoice_id": "inv_1", "account_id": "acc_1", "currency": "EUR"}
    amounts = {"net": net, "tax": tax, "reclaimed": reclaimed}
    assert (
        issue_journal(issued_on=None, kind="invoice", assessed=0, **same, **amounts).amounts
        == posted
    )
    voided = void_journal(voided_on=None, **same, **amounts).amounts
    assert voided == {account: -amount for account, amount in posted.items()}


def test_what_claims_money_back_is_no_sale():
    require_sale("invoice", reclaimed=0, notice_id=None, name="R-7")
    require_sale("debit_note", reclaimed=0, notice_id=None, name="DN-6")
    with pytest.raises(Conflict, match="DN-7 claims back") as refused:
        require_sale("debit_note", reclaimed=1, notice_id=None, name="DN-7")
    assert refused.value.code == "debit_note"
    for kind in ("fee", "interest", "letter"):
        with pytest.raises(Conflict, match="Have it waived there") as refused:
            require_sale(kind, reclaimed=0, notice_id="dnt_1", name="FEE-1")
        assert refused.value.code == "assessed_by_collections"
