"""Tests of entering a shop's documents: what is there is not sent, what is refused is told by lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from rich.console import Console

from ops.client import Refused
from ops.replay.hand import Hand
from ops.replay.retail import player
from ops.replay.retail.batches import send
from ops.replay.retail.player import Player, divide
from ops.replay.retail.records import Document, Left, Reason, read_documents, survey
from ops.replay.rows import UnusableFile
from tests.ops.replay.retail.made_up import line, write

Answer = Mapping[str, Any]


class System:
    """A system that has a person, opens accounts, and answers documents as it is told."""

    def __init__(self, answers: Mapping[str, Answer], account: str, **held: list[Answer]) -> None:
        self.answers, self.account, self.held = answers, account, held
        self.opened: dict[str, Answer] = {}
        self.sent: list[str] = []
        self.batches: list[tuple[list[str], str]] = []

    def read_clock(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def get(self, path: str, **_: Any) -> None:
        """A balance is known at once."""

    def list(self, path: str, **_: Any) -> Iterator[Answer]:
        of = {
            "/v1/staff": [{"email": "replay@example.com", "staff_id": "stf_1"}],
            "/v1/accounts": list(self.opened.values()),
            "/v1/invoices": self.held.get("invoices", []),
            "/v1/credit-notes": self.held.get("notes", []),
            "/v1/charges": self.held.get("charges", []),
        }
        yield from of[path]

    def post(self, path: str, body: Any, *, key: str) -> Any:
        if path == "/v1/account-batches":
            accounts = enumerate(body["accounts"])
            return {"results": [{"index": n, **self._open(one)} for n, one in accounts]}
        if path == "/v1/credit-note-batches":
            self.sent += [one["free"]["reason"] for one in body["credit_notes"]]
            return {"results": [{"index": 0, "credit_note_id": "crn_1"}]}
        numbers = [one["number"] for one in body["invoices"]]
        self.sent += numbers
        self.batches.append((numbers, key))
        if "all" in self.answers:
            raise Refused(path, 413, self.answers["all"])
        sent = {"invoice_id": "inv_1"}
        results = [{"index": n, **self.answers.get(x, sent)} for n, x in enumerate(numbers)]
        return {"results": results}

    def _open(self, body: Any) -> Answer:
        name = body["reference_id"]
        if self.account != "opened":
            return {"code": "refused", "detail": self.account}
        references = [{"system": "retail", "reference_id": name}]
        account = {"account_id": f"acc_{name}", "external_references": references}
        self.opened[name] = account
        return {"account_id": account["account_id"]}


def play(
    folder: Path,
    answers: Mapping[str, Answer],
    account: str = "opened",
    rows: Sequence[str] = (line("1"), line("1"), line("2"), line("C3", quantity=-1)),
    **held: Any,
) -> tuple[System, list[Left], list[tuple[int, int]]]:
    path = write(folder / "some.csv", rows)
    system, left, shown = System(answers, account, **held), [], []
    hand = Hand(system, file="some.csv", console=Console(file=StringIO()))  # type: ignore[arg-type]
    found = survey(path, currency="GBP", leave=left.append)
    Player(hand, path, found, currency="GBP", leave=left.append).play(
        lambda documents, lines: shown.append((documents, lines))
    )
    return system, left, shown


def held(number: str, account: str = "acc_17850") -> dict[str, Any]:
    return {"number": number, "account_id": account, "total": 1, "voided_on": None}


def test_each_document_is_sent_once_and_counted_with_its_lines(tmp_path: Path) -> None:
    system, left, shown = play(tmp_path, {})
    assert sorted(system.sent) == ["1", "2", "Credit note C3 of the shop."]
    assert (left, sorted(shown)) == ([], [(1, 1), (2, 3)])


def test_what_the_system_has_of_these_accounts_is_not_sent(tmp_path: Path) -> None:
    note = {**held("CN-1"), "reason": "Credit note C3 of the shop."}
    system, left, _ = play(
        tmp_path, {}, invoices=[held("1"), held("2", account="acc_other")], notes=[note]
    )
    assert (system.sent, left) == (["2"], [])


@pytest.mark.parametrize("external_id", [None, "1", "9/1", "1/x", "/1"])
def test_charges_of_others_and_of_other_files_hinder_nothing(
    tmp_path: Path, external_id: str | None
) -> None:
    charge = {"external_id": external_id, "account_id": "acc_17850"}
    others = {"external_id": "1/1", "account_id": "acc_other"}
    system, _, _ = play(tmp_path, {}, charges=[charge, others])
    assert sorted(system.sent) == ["1", "2", "Credit note C3 of the shop."]


def test_a_file_that_is_billed_by_the_month_is_not_billed_by_shipment_besides(
    tmp_path: Path,
) -> None:
    line_of_month = {"external_id": "1/2", "account_id": "acc_17850"}
    with pytest.raises(UnusableFile) as refused:
        play(tmp_path, {}, charges=[line_of_month])
    assert str(refused.value).endswith(
        "some.csv: its lines are billed in this system by the month already. Go on by month, or play it "
        "by shipment into another one."
    )


@pytest.mark.parametrize(
    ("answers", "account", "lines", "detail"),
    [
        ({"1": {"code": "x", "detail": "No."}}, "opened", [2, 3], "No."),
        ({"all": {"detail": "Too large."}}, "opened", [2, 3, 4], "Too large."),
        ({}, "Closed.", [2, 3, 4, 5], "account: Closed."),
    ],
)
def test_what_the_system_refuses_is_left_out_by_its_lines(
    tmp_path: Path, answers: Mapping[str, Answer], account: str, lines: list[int], detail: str
) -> None:
    _, left, _ = play(tmp_path, answers, account)
    assert [one.line for one in left] == lines
    assert {(one.reason, one.detail) for one in left} == {(Reason.REFUSED, detail)}


def test_what_was_under_way_is_sent_again_as_it_was_whatever_else_is_there_by_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player, "BATCH", 2)
    rows = [line(str(number)) for number in range(1, 5)]
    whole, _, _ = play(tmp_path, {}, rows=rows)
    again, _, _ = play(tmp_path, {}, rows=rows, invoices=[held("1")])
    assert [batch for batch in again.batches if batch in whole.batches] == [(["3", "4"], ANY)]
    assert sorted(numbers for numbers, _ in again.batches) == [["2"], ["3", "4"]]


def documents(folder: Path, *rows: str) -> Iterator[Document]:
    path = write(folder / "some.csv", rows)
    found = survey(path, currency="GBP", leave=lambda _: None)
    return read_documents(path, found, currency="GBP")


def test_a_batch_is_of_one_kind_and_goes_out_as_soon_as_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player, "BATCH", 2)
    monkeypatch.setattr(player, "BATCH_CHARACTERS", 300)
    long = line("4", article=f"1,{'x' * 300}")
    some = documents(tmp_path, line("1"), line("C2"), line("3"), long, line("5"))
    numbers = [[one.heading.number for one in batch] for batch in divide(some)]
    assert numbers == [["1", "3"], ["4"], ["5"], ["C2"]]


def test_no_more_is_read_ahead_than_is_sent_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player, "BATCH", 1)
    read = 0

    def count() -> Iterator[Document]:
        nonlocal read
        for one in documents(tmp_path, *(line(str(number)) for number in range(1, 50))):
            read += 1
            yield one

    with player.ThreadPoolExecutor(1) as pool:
        sent: Iterator[Any] = send(pool, lambda _: [], divide(count()), ahead=player.CONNECTIONS)
        for done, _ in enumerate(sent, start=1):
            assert read <= done + player.CONNECTIONS + 1
    assert (read, done) == (49, 49)
