"""Letters that are on their way, as collections tells them."""

from itertools import permutations

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.refusals import Conflict
from services.billing.items.models import Item
from services.billing.notices.usecases import keep_notices
from services.collections import events
from tests.services.client import Client

pytestmark = pytest.mark.server


def approved(account, notice_id, *item_ids):
    told = {"account_id": account, "notice_id": notice_id, "item_ids": item_ids}
    return told | {"version": 1, "is_ended": False}


def ended(account, notice_id):
    return approved(account, notice_id) | {"version": 2, "is_ended": True}


def items_of(books, invoice):
    return books.session.scalars(
        select(Item.item_id).where(Item.invoice_id == invoice.invoice_id)
    ).all()


def test_an_invoice_is_not_voided_while_a_letter_about_it_is_on_its_way(books, account):
    invoice, other = books.bill(account), books.bill(account)
    notice_id = new_id("dnt")
    keep_notices(books.session, [approved(account, notice_id, *items_of(books, invoice))])
    with pytest.raises(Conflict) as refused:
        books.void(invoice)
    assert (refused.value.code, refused.value.facts) == (
        "notice_on_its_way",
        {"notice_id": notice_id},
    )
    assert books.void(other).status == "void"
    keep_notices(books.session, [ended(account, notice_id)])
    assert books.void(invoice).status == "void"


def test_a_letter_that_is_over_stays_so_in_whatever_order_it_is_told(books, account):
    for one_by_one in (True, False):
        for order in permutations((0, 0, 1)):
            invoice, notice_id = books.bill(account), new_id("dnt")
            begins = approved(account, notice_id, *items_of(books, invoice))
            words = [begins, ended(account, notice_id)]
            told = [words[index] for index in order]
            for batch in [[one] for one in told] if one_by_one else [told]:
                keep_notices(books.session, batch)
            assert books.void(invoice).status == "void"


def test_what_collections_promises_to_tell_of_letters_is_kept(client: Client) -> None:
    account_id = new_id("acc")
    client.hear(
        "keep_accounts",
        **{"account_id": account_id, "version": 1, "number": "A-1"},
        **{"status": "active", "net_days": 30},
    )
    line = {"description": "Lamp", "quantity": "1", "unit_price": 100, "tax_percent": "0"}
    draft = client.call("draft_invoice", account_id=account_id, currency="EUR", lines=[line])
    invoice = client.call("issue_invoice", invoice_id=draft["invoice_id"])
    void = {"invoice_id": invoice["invoice_id"], "reason": "wrong"}
    ours = {"account_id": account_id, "item_ids": [invoice["items"][0]["item_id"]]}
    for over in (events.DunningNoticeSent, events.DunningNoticeDropped):
        ids = {"notice_id": new_id("dnt")}
        told = events.DunningNoticeApproved.example | ours | ids
        client.tell("collections", "dunning_notice_approved", **told)
        with pytest.raises(Conflict, match="Cancel the letter"):
            client.call("void_invoice", **void)
        known = {name: value for name, value in ours.items() if name in over.example}
        client.tell("collections", over.name, **(over.example | known | ids))
    assert client.call("void_invoice", **void)["status"] == "void"
