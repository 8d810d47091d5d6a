"""A finished file becomes part of one thing and stays with it; what is part of nothing goes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.files import FileKind, drop_file, read_file
from chassis.store.files import PIECE_BYTES
from chassis.store.housekeeping import House
from kernel.ids import new_id
from tests.chassis.conftest import Probe
from tests.chassis.sending import LOGO, PDF, PICTURE, Sender, problem

pytestmark = pytest.mark.server


class Note:
    """A note, and how to give it a file."""

    def __init__(self, sender: Sender) -> None:
        self.client = sender.client
        note = self.client.result("take_note", account_id=sender.account_id, text="on paper")
        self.note_id: str = note["note_id"]

    def attach(self, file_id: str) -> dict[str, Any]:
        return self.client.call("attach_paper", note_id=self.note_id, file_id=file_id)


def test_a_file_that_is_part_of_a_thing_stays_with_it(sender: Sender, probe: Probe) -> None:
    file_id = sender.send()
    note = Note(sender)
    assert note.attach(file_id)["error"] is None
    assert note.attach(file_id)["error"] is None
    file = sender.client.result("get_file", file_id=file_id)
    assert (file["attached_to"], file["kept_until"]) == (note.note_id, None)
    assert sender.client.problem("give_up_file", file_id=file_id)["code"] == "file_in_use"
    assert problem(Note(sender).attach(file_id))["code"] == "file_in_use"


def test_only_a_finished_file_of_this_kind_and_account_becomes_part_of_a_thing(
    sender: Sender,
) -> None:
    for file_id, code in {
        new_id("fil"): "file_not_found",
        sender.send(account_id=new_id("acc")): "file_not_found",
        sender.send(PICTURE, **LOGO): "file_not_found",
        sender.begin(): "file_not_finished",
    }.items():
        refused = problem(Note(sender).attach(file_id))
        assert refused["code"] == code
        assert refused["errors"][0]["field"] == "file_id"


def test_a_service_reads_a_file_in_pieces_and_may_drop_it(sender: Sender, probe: Probe) -> None:
    content = PDF + bytes(2 * PIECE_BYTES)
    file_id = sender.begin(len(content))
    for number, start in enumerate(range(0, len(content), 100_000), start=1):
        sender.part(file_id, number, content[start : start + 100_000])
    assert sender.finish(file_id, content)["error"] is None
    assert Note(sender).attach(file_id)["error"] is None
    with Session(probe.engine) as session, session.begin():
        pieces = list(read_file(session, file_id))
        assert [len(piece) for piece in pieces] == [PIECE_BYTES, PIECE_BYTES, len(PDF)]
        assert b"".join(pieces) == content
        drop_file(session, file_id)
    assert sender.client.problem("get_file", file_id=file_id)["code"] == "file_not_found"
    assert probe.count("SELECT count(*) FROM file_part WHERE file_id = :f", f=file_id) == 0


@pytest.mark.parametrize("types", [(), ("text/html",), ("application/pdf", "image/svg+xml")])
def test_no_kind_takes_what_cannot_be_told_or_must_not_be_given_out(types: tuple[str, ...]) -> None:
    with pytest.raises(AssertionError, match="no file is known to be"):
        FileKind("page", types)


def test_what_is_part_of_nothing_is_swept_after_a_day(sender: Sender, probe: Probe) -> None:
    unused, aborted, used, young = sender.send(), sender.begin(), sender.send(), sender.send()
    assert Note(sender).attach(used)["error"] is None
    sender.part(aborted, 1, PDF[:3])
    with probe.engine.begin() as connection:
        older = text("UPDATE file SET begun_at = begun_at - interval '25 h' WHERE file_id = :f")
        for file_id in (unused, aborted, used):
            connection.execute(older, {"f": file_id})
    assert House(probe.engine).clean_up()["file"] == 2
    assert House(probe.engine).clean_up()["file"] == 0
    left = "SELECT count(*) FROM file_part WHERE file_id = :f"
    assert [probe.count(left, f=one) for one in (unused, aborted, used, young)] == [0, 0, 1, 1]
    assert sender.read(used) == PDF
