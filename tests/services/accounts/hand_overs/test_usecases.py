"""A book goes over account by account; each has an owner all the time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import orjson
import pytest
from pypdf import PdfReader
from sqlalchemy.event import listen

from kernel.refusals import Conflict, Invalid, NotFound, Refusal
from services.accounts.hand_over_steps import rules as step_rules
from services.accounts.hand_over_steps import usecases as steps

pytestmark = pytest.mark.server


class Book:
    """Ada's accounts, which are to go to Ben; Lea is above Ada."""

    def __init__(self, office: Any, accounts: int = 3) -> None:
        self.office = office
        self.lea = office.staff(name="Lea", role="lead")["staff_id"]
        self.ada = office.staff(name="Ada", reports_to_id=self.lea)["staff_id"]
        self.ben = office.staff(name="Ben")["staff_id"]
        self.accounts = sorted(
            office.account(owner_id=self.ada)["account_id"] for _ in range(accounts)
        )
        office.announced()

    def draft(self, accounts: list[str] | None = None, **more: Any) -> str:
        sent = {"from_id": self.ada, "to_id": self.ben, "reason": "Leaves.", "by_on": "2026-01-31"}
        drafted = self.office.do("draft_hand_over", **sent | more, accounts=accounts)
        self.id = str(drafted["hand_over_id"])
        return self.id

    def do(self, verb: str, **more: Any) -> dict[str, Any]:
        """Begin a step, and let it go through."""
        endpoint = {"accept": "accept_accounts", "return": "return_accounts"}.get(
            verb, f"{verb}_hand_over"
        )
        self.office.do(endpoint, hand_over_id=self.id, **more)
        self.office.pass_until(self.office.moment)
        found: dict[str, Any] = self.office.do("get_hand_over", hand_over_id=self.id)
        return found

    def offered(self, accounts: list[str] | None = None) -> None:
        self.draft(accounts)
        self.do("pack")
        self.do("offer")

    def owners(self) -> list[str]:
        found = [self.office.do("get_account", account_id=one) for one in self.accounts]
        return [one["owner_id"] for one in found]

    def rows(self) -> dict[str, dict[str, Any]]:
        items = self.office.do("list_hand_over_accounts", hand_over_id=self.id, limit=500)["items"]
        return {one["account_id"]: one for one in items}


@pytest.fixture
def book(office: Any) -> Book:
    return Book(office)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(step_rules, "CHUNK", 2)
    return


def test_a_book_goes_over_as_a_whole(book: Book, small_chunks: None) -> None:
    book.draft()
    assert book.do("pack")["accounts"] == {"packed": 3}
    assert book.do("offer")["accounts"] == {"offered": 3}
    assert book.owners() == [book.ada] * 3
    done = book.do("accept")
    assert (done["status"], done["step"], done["accounts"]) == ("completed", None, {"accepted": 3})
    assert book.owners() == [book.ben] * 3
    told = book.office.announced()
    of_hand_over = [name for name in told if name.startswith("hand_over")]
    assert of_hand_over == [
        "hand_over_drafted",
        "hand_over_packed",
        "hand_over_offered",
        *["hand_over_accepted"] * 3,
        "hand_over_completed",
    ]
    assert told.count("owner_changed") == 3
    assert book.office.do("leave_staff", staff_id=book.ada)["is_active"] is False


def test_account_by_account_some_accepted_and_one_returned_to_the_lead(book: Book) -> None:
    book.offered()
    first, second, third = book.accounts
    book.do("accept", accounts=[first])
    assert book.owners() == [book.ben, book.ada, book.ada]
    book.do("return", accounts=[second], missing="No contact who pays.")
    assert book.owners() == [book.ben, book.lea, book.ada]
    with pytest.raises(Conflict) as refused:
        book.office.do("leave_staff", staff_id=book.ada)
    assert refused.value.code == "staff_owns_accounts"
    assert book.do("accept", accounts=[third])["status"] == "completed"
    rows = book.rows()
    assert [rows[one]["status"] for one in book.accounts] == ["accepted", "returned", "accepted"]
    assert (rows[second]["missing"], rows[second]["owner_id"]) == ("No contact who pays.", book.lea)


def test_all_that_is_returned_without_a_lead_stays(office: Any) -> None:
    book = Book(office)
    office.do("edit_staff", staff_id=book.ada, reports_to_id=None)
    book.offered()
    assert book.do("return", missing="Nothing is known.")["status"] == "completed"
    assert book.owners() == [book.ada] * 3
    assert {one["owner_id"] for one in book.rows().values()} == {book.ada}


def test_the_successor_sees_what_is_offered_until_it_is_settled(book: Book) -> None:
    book.offered(book.accounts[:2])
    first, second, third = book.accounts

    def standing(account_id: str) -> list[str]:
        items = book.office.do("list_sharings", account_id=account_id)["items"]
        return [one["staff_id"] for one in items if one["status"] == "standing"]

    assert [standing(one) for one in book.accounts] == [[book.ben], [book.ben], []]
    book.do("accept", accounts=[first])
    book.do("return", accounts=[second], missing="All.")
    assert [standing(one) for one in book.accounts] == [[], [], []]
    assert third in book.accounts


def test_a_pack_is_frozen_with_its_hash(book: Book) -> None:
    book.draft()
    book.do("pack")
    account_id = book.accounts[0]
    where = {"hand_over_id": book.id, "account_id": account_id}
    before = book.office.do("get_pack", **where)
    assert hashlib.sha256(orjson.dumps(before["pack"])).hexdigest() == before["sha256"]
    book.office.do("edit_account", account_id=account_id, name="Renamed Ltd")
    assert book.office.do("get_pack", **where) == before
    assert before["sha256"] == book.rows()[account_id]["sha256"]
    document = book.office.get_pack_pdf(book.office.session, **where)
    words = PdfReader(BytesIO(document.content)).pages[0].extract_text()
    assert "Acme Trading Ltd" in words and before["sha256"] in words and "Ada to Ben" in words


def test_what_is_not_packed_has_no_pack(book: Book) -> None:
    book.draft(book.accounts[:1])
    first, second, _ = book.accounts
    for account_id, refusal in ((first, Conflict), (second, NotFound)):
        with pytest.raises(refusal):
            book.office.do("get_pack", hand_over_id=book.id, account_id=account_id)


def test_one_bad_account_is_parked_and_stops_no_other(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = book.accounts[1], steps.pack_accounts

    def broken(session: Any, ids: Any, day: Any) -> Any:
        if bad in ids:
            raise ValueError("a broken row")
        return good(session, ids, day)

    book.draft()
    with monkeypatch.context() as patched:
        patched.setattr(steps, "pack_accounts", broken)
        assert book.do("pack")["accounts"] == {"packed": 2, "parked": 1}
    assert "broken row" in book.rows()[bad]["parked_reason"]
    assert book.do("pack")["accounts"] == {"packed": 3}
    assert book.rows()[bad]["parked_reason"] is None


def test_where_all_are_parked_there_is_nothing_to_offer(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ValueError("all broken")

    book.draft()
    monkeypatch.setattr(steps, "pack_accounts", broken)
    assert book.do("pack")["accounts"] == {"parked": 3}
    with pytest.raises(Conflict) as refused:
        book.do("offer")
    assert refused.value.code == "nothing_packed"


def test_what_went_to_another_meanwhile_is_parked_and_stays_there(book: Book) -> None:
    book.offered()
    cleo = book.office.staff()["staff_id"]
    first = book.accounts[0]
    book.office.do("change_owner", account_id=first, owner_id=cleo, reason="Asked for.")
    with pytest.raises(Conflict) as refused:
        book.office.do("accept_accounts", hand_over_id=book.id, accounts=[first])
    assert refused.value.code == "owner_changed"
    assert book.do("accept")["accounts"] == {"accepted": 2, "parked": 1}
    assert book.owners() == [cleo, book.ben, book.ben]


@pytest.mark.parametrize("steps_before", [[], ["pack"], ["pack", "offer"]])
def test_what_is_cancelled_stays_and_may_be_handed_over_again(
    book: Book, steps_before: list[str]
) -> None:
    book.draft()
    for verb in steps_before:
        book.do(verb)
    with pytest.raises(Conflict) as refused:
        book.office.do("draft_hand_over", **_other(book))
    assert refused.value.code == "in_another_hand_over"
    cancelled = book.do("cancel")
    assert (cancelled["status"], cancelled["accounts"]) == ("cancelled", {"cancelled": 3})
    assert book.owners() == [book.ada] * 3
    assert book.office.do("draft_hand_over", **_other(book))["accounts"] == {"drafted": 3}


def _other(book: Book) -> dict[str, Any]:
    return {"from_id": book.ada, "to_id": book.lea, "reason": "Leaves.", "by_on": "2026-01-31"}


def test_while_a_step_goes_on_nothing_else_begins(book: Book) -> None:
    book.draft()
    book.office.do("pack_hand_over", hand_over_id=book.id)
    for endpoint in ("pack_hand_over", "cancel_hand_over"):
        with pytest.raises(Conflict) as refused:
            book.office.do(endpoint, hand_over_id=book.id)
        assert refused.value.code == "hand_over_busy"


def test_a_draft_names_their_accounts_somebody_else_and_a_day_to_come(book: Book) -> None:
    others = book.office.account()["account_id"]
    for sent, refusal, code in (
        ({"to_id": book.ada}, Invalid, "same_owner"),
        ({"by_on": "2026-01-04"}, Invalid, "by_in_past"),
        ({"from_id": book.ben, "to_id": book.ada}, Conflict, "nothing_to_hand_over"),
    ):
        with pytest.raises(refusal) as refused:
            book.draft(**sent)
        assert refused.value.code == code
        book.office.session.expunge_all()
    with pytest.raises(Conflict) as refused:
        book.draft([book.accounts[0], others])
    assert refused.value.code == "not_their_accounts"


def test_only_what_was_offered_is_accepted(book: Book) -> None:
    book.offered(book.accounts[:2])
    first, _, third = book.accounts
    with pytest.raises(NotFound):
        book.do("accept", accounts=[third])
    book.do("accept", accounts=[first])
    for verb, more in (("accept", {}), ("return", {"missing": "All."})):
        with pytest.raises(Conflict) as refused:
            book.do(verb, accounts=[first], **more)
        assert refused.value.code == "wrong_account_status"


def test_both_sides_find_their_hand_overs(book: Book) -> None:
    book.offered()
    for who, status, count in ((book.ada, None, 1), (book.ben, "offered", 1), (book.lea, None, 0)):
        sent = {"staff_id": who} | ({"status": status} if status else {})
        assert len(book.office.do("list_hand_overs", **sent)["items"]) == count


def test_a_chunk_that_dies_is_done_again_once(book: Book, small_chunks: None) -> None:
    """As a process that is killed leaves it: nothing of the chunk is there, and its due time still is."""
    office = book.office
    book.draft()
    book.do("pack")
    office.do("offer_hand_over", hand_over_id=book.id)
    office.announced()
    for _ in range(2):
        with office.session.begin_nested() as savepoint:
            office.go_on(office.session, hand_over_id=book.id)
            assert len(office.announced()) == 2
            office.session.flush()
            savepoint.rollback()
        office.session.info["due"] = office.session.info["due"][:1]
    assert {one["status"] for one in book.rows().values()} == {"packed"}
    office.pass_until(office.moment + timedelta(minutes=1))
    told = office.announced()
    assert (told.count("helper_added"), told.count("hand_over_offered")) == (3, 1)
    assert {one["status"] for one in book.rows().values()} == {"offered"}


def test_a_step_that_is_over_is_not_gone_through_again(book: Book) -> None:
    book.offered()
    book.office.announced()
    book.office.go_on(book.office.session, hand_over_id=book.id)
    assert book.office.announced() == []


def test_the_successor_who_left_is_offered_nothing(book: Book) -> None:
    book.draft()
    book.do("pack")
    book.office.do("leave_staff", staff_id=book.ben)
    with pytest.raises(Refusal) as refused:
        book.do("offer")
    assert refused.value.code == "staff_left"
    assert book.office.moment == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_many_accounts_take_as_many_statements_as_few(office: Any) -> None:
    asked: list[str] = []
    listen(
        office.session.connection(), "before_cursor_execute", lambda *told: asked.append(told[2])
    )

    def count(accounts: int) -> list[int]:
        book = Book(office, accounts)
        book.draft()
        counts = []
        for verb in ("pack", "offer", "accept"):
            asked.clear()
            book.do(verb)
            counts.append(len(asked))
        return counts

    assert count(9) == count(2)
