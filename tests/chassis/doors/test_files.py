"""Files come in parts, in any order and as often as they must, and are whole, or are not taken."""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.doors.file_checks import UNATTACHED_MAX
from chassis.doors.file_schemas import PART_BYTES_MAX, PARTS_MAX
from chassis.files import FILE_BYTES_MAX
from chassis.store.files import PIECE_BYTES
from kernel.callers import Caller
from kernel.ids import new_id
from tests.chassis.conftest import Client, Probe
from tests.chassis.sending import BANK_FILE, CAMT, LOGO, PDF, PICTURE, Sender, problem

pytestmark = pytest.mark.server


def test_a_file_is_what_was_sent(sender: Sender) -> None:
    file_id = sender.send()
    file = sender.client.result("get_file", file_id=file_id)
    assert file["status"] == "finished"
    assert file["received"] == file["size"] == len(PDF)
    assert file["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert file["begun_by"] == sender.client.caller.subject
    assert file["kept_until"] > file["begun_at"]
    assert sender.read(file_id) == PDF


def test_a_file_of_several_pieces_is_read_from_any_byte_on(sender: Sender) -> None:
    content = PDF + os.urandom(3 * PIECE_BYTES)
    file_id = sender.begin(len(content))
    cuts = [0, 10, PIECE_BYTES - 1, PIECE_BYTES + 5, 2 * PIECE_BYTES, len(content)]
    for number, (start, end) in enumerate(itertools.pairwise(cuts), start=1):
        sender.part(file_id, number, content[start:end])
    assert sender.finish(file_id, content)["error"] is None
    assert sender.read(file_id) == content
    for start in (0, 9, 10, 11, PIECE_BYTES, len(content) - 1, len(content), len(content) + 9):
        piece = sender.client.result("get_file_content", file_id=file_id, start=start)
        assert base64.b64decode(piece["content"]) == content[start : start + PIECE_BYTES]


@settings(max_examples=25)
@given(data=st.data())
def test_any_split_in_any_order_with_repeats_makes_the_same_file(
    probe: Probe, data: st.DataObject
) -> None:
    content = PDF + data.draw(st.binary(min_size=1, max_size=300))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(content) - 1), max_size=8)))
    bounds = [0, *cuts, len(content)]
    parts = [content[start:end] for start, end in itertools.pairwise(bounds)]
    numbers = sorted(
        data.draw(
            st.sets(st.integers(1, PARTS_MAX), min_size=len(parts), max_size=len(parts)),
            label="numbers",
        )
    )
    sent = data.draw(st.permutations([*zip(numbers, parts, strict=True)] * 2))
    client = Client(probe.gateway_uri)
    try:
        sender = Sender(client)
        file_id = sender.begin(len(content))
        for number, part in sent:
            assert sender.part(file_id, number, part)["error"] is None
        finished = sender.finish(file_id, content)
        assert finished["error"] is None
        assert sender.finish(file_id, content)["result"] == finished["result"]
        assert sender.read(file_id) == content
    finally:
        client.connection.close()


def test_the_same_part_at_once_is_one_part_and_another_is_refused(sender: Sender) -> None:
    file_id = sender.begin(20)
    same, other = (base64.b64encode(content).decode() for content in (PDF, b"%PDF-1.6\n"))
    values = [
        {"file_id": file_id, "number": 1, "content": content} for content in [same] * 5 + [other]
    ]
    random.shuffle(values)
    answers = [
        sender.client.reply(key)
        for key in [sender.client.send("put_file_part", one) for one in values]
    ]
    refused = [answer["error"]["problem"]["code"] for answer in answers if answer["error"]]
    assert set(refused) == {"part_differs"}
    assert len(refused) in (1, 5)
    assert sender.client.result("get_file", file_id=file_id)["received"] == len(PDF)


def test_a_part_with_other_content_is_refused_and_changes_nothing(sender: Sender) -> None:
    file_id = sender.begin()
    sender.part(file_id, 1, PDF)
    refused = problem(sender.part(file_id, 1, PDF[::-1]))
    assert (refused["status"], refused["code"]) == (409, "part_differs")
    assert refused["errors"][0]["field"] == "number"
    assert sender.finish(file_id, PDF)["error"] is None


def test_what_is_missing_is_named(sender: Sender) -> None:
    content = PDF + b"0123456789"
    file_id = sender.begin(len(content))
    assert "bytes have come" in problem(sender.finish(file_id, content))["detail"]
    sender.part(file_id, 2, content[3:5])
    sender.part(file_id, 5, content[8:])
    refused = problem(sender.finish(file_id, content))
    assert (refused["status"], refused["code"]) == (409, "file_incomplete")
    assert (refused["missing"], refused["received"]) == ([1, 3, 4], 13)
    for number, part in {1: content[:3], 3: content[5:7], 4: content[7:8]}.items():
        sender.part(file_id, number, part)
    assert sender.finish(file_id, content)["error"] is None
    assert sender.read(file_id) == content


def test_more_than_was_announced_is_refused(sender: Sender) -> None:
    file_id = sender.begin(10)
    sender.part(file_id, 1, PDF)
    refused = problem(sender.part(file_id, 2, b"12"))
    assert (refused["status"], refused["code"]) == (422, "part_too_large")
    assert sender.part(file_id, 2, b"1")["error"] is None


def test_another_hash_is_refused_and_the_right_one_still_taken(sender: Sender) -> None:
    file_id = sender.begin()
    sender.part(file_id, 1, PDF)
    refused = problem(sender.finish(file_id, b"other"))
    assert (refused["status"], refused["code"]) == (422, "hash_differs")
    assert refused["errors"][0]["field"] == "sha256"
    assert refused["found"] == hashlib.sha256(PDF).hexdigest()
    assert sender.finish(file_id, PDF)["error"] is None
    assert problem(sender.finish(file_id, b"other"))["code"] == "hash_differs"


def test_content_of_another_type_is_refused_and_both_are_named(sender: Sender) -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(100)
    file_id = sender.begin(len(content))
    sender.part(file_id, 1, content)
    refused = problem(sender.finish(file_id, content))
    assert (refused["status"], refused["code"]) == (422, "media_type_differs")
    assert (refused["declared"], refused["found"]) == ("application/pdf", "image/png")
    assert sender.client.result("get_file", file_id=file_id)["status"] == "open"


def test_a_finished_file_takes_no_more(sender: Sender) -> None:
    file_id = sender.send()
    assert problem(sender.part(file_id, 2, b"more"))["code"] == "file_finished"
    assert sender.part(file_id, 1, PDF)["error"] is None  # as it was
    assert problem(sender.part(file_id, 1, b"other"))["code"] == "part_differs"


def test_an_open_file_is_not_read(sender: Sender) -> None:
    file_id = sender.begin()
    refused = sender.client.problem("get_file_content", file_id=file_id)
    assert (refused["status"], refused["code"]) == (409, "file_not_finished")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": FILE_BYTES_MAX + 1}, "size"),
        ({"size": "many"}, "size"),
        ({"kind": "other"}, "kind"),
        ({"media_type": "text/html"}, "media_type"),
        ({"media_type": "image/svg+xml"}, "media_type"),
        ({"media_type": "application/xml"}, "media_type"),  # of other kinds
        ({"media_type": "text/csv; charset=utf-8"}, "media_type"),
        ({"account_id": None}, "account_id"),
        ({"kind": "bank_file", "media_type": "application/xml"}, "account_id"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "../../etc/passwd"}, "name"),
        ({"name": "C:\\autoexec.bat"}, "name"),
        ({"name": "a\r\nSet-Cookie: x=1"}, "name"),
        ({"name": "gpj.\u202efdp.exe"}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": 7}, "name"),
    ],
)
def test_what_is_announced_wrongly_is_named(sender: Sender, wrong: dict, field: str) -> None:
    refused = sender.client.problem("begin_file", **sender.announcement(**wrong))
    assert refused["status"] == 422
    assert [error["field"] for error in refused["errors"]] == [field]
    assert refused["detail"].endswith(".")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"content": ""}, "content"),
        ({"content": "not base 64!"}, "content"),
        ({"content": None}, "content"),
        ({"content": base64.b64encode(bytes(PART_BYTES_MAX + 1)).decode()}, "content"),
        ({"number": 0}, "number"),
        ({"number": PARTS_MAX + 1}, "number"),
    ],
)
def test_a_part_that_is_none_is_refused(sender: Sender, wrong: dict, field: str) -> None:
    part = {"file_id": sender.begin(), "number": 1, "content": "YQ==", **wrong}
    refused = sender.client.problem("put_file_part", **part)
    assert refused["status"] == 422
    assert [error["field"] for error in refused["errors"]] == [field]


def test_who_sees_other_accounts_only_finds_no_file(sender: Sender) -> None:
    file_id, open_file = sender.send(), sender.begin()
    sender.limit(new_id("acc"))
    sha256 = hashlib.sha256(PDF).hexdigest()
    for method, values in {
        "get_file": {},
        "get_file_content": {},
        "put_file_part": {"number": 1, "content": "YQ=="},
        "finish_file": {"sha256": sha256},
        "give_up_file": {},
    }.items():
        for one in (file_id, open_file):
            refused = sender.client.problem(method, file_id=one, **values)
            assert (refused["status"], refused["code"]) == (404, "file_not_found"), method
    refused = sender.client.problem("begin_file", **sender.announcement())
    assert (refused["status"], refused["code"]) == (404, "account_not_found")


def test_who_sees_the_account_sends_and_reads_its_files(sender: Sender) -> None:
    sender.limit(sender.account_id)
    assert sender.read(sender.send()) == PDF


def test_a_file_of_no_account_is_for_those_who_see_all(sender: Sender) -> None:
    file_id = sender.send(CAMT, **BANK_FILE)
    assert sender.read(file_id) == CAMT
    sender.limit(sender.account_id)
    assert sender.client.problem("get_file", file_id=file_id)["code"] == "file_not_found"
    refused = sender.client.problem("begin_file", **sender.announcement(**BANK_FILE))
    assert (refused["status"], refused["code"]) == (403, "all_accounts_needed")


def test_a_shared_file_is_read_by_all_and_changed_by_those_who_see_all(sender: Sender) -> None:
    file_id = sender.send(PICTURE, **LOGO)
    sender.limit(sender.account_id)
    assert sender.read(file_id) == PICTURE
    assert sender.client.problem("give_up_file", file_id=file_id)["code"] == "file_not_found"
    refused = sender.client.problem("begin_file", **sender.announcement(**LOGO))
    assert refused["code"] == "all_accounts_needed"


def test_a_key_has_so_many_files_that_are_part_of_nothing(sender: Sender) -> None:
    more = {"account_id": new_id("acc")}
    files = [sender.begin(**more) for _ in range(UNATTACHED_MAX)]
    refused = sender.client.problem("begin_file", **sender.announcement())
    assert (refused["status"], refused["code"]) == (409, "too_many_files")
    sender.client.result("give_up_file", file_id=files[0])
    sender.begin(**more)
    sender.client.caller = Caller(new_id("key"), frozenset({"*"}))
    assert sender.client.problem("begin_file", **sender.announcement(**more))["code"] == (
        "too_many_files"  # for the account
    )
    sender.begin(account_id=new_id("acc"))


def test_files_of_no_account_count_for_their_sender_alone(sender: Sender) -> None:
    for _ in range(UNATTACHED_MAX):
        sender.begin(**LOGO)
    assert sender.client.problem("begin_file", **sender.announcement(**LOGO))["code"] == (
        "too_many_files"
    )
    sender.client.caller = Caller(new_id("key"), frozenset({"*"}))
    sender.begin(**LOGO)


def test_a_file_that_is_given_up_is_gone_with_its_parts(sender: Sender, probe: Probe) -> None:
    file_id = sender.send()
    sender.client.result("give_up_file", file_id=file_id)
    assert sender.client.problem("get_file", file_id=file_id)["code"] == "file_not_found"
    assert probe.count("SELECT count(*) FROM file_part WHERE file_id = :f", f=file_id) == 0
