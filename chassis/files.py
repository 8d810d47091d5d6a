"""Files: which a service takes, and how a finished one is made part of a thing, read and dropped.

`@service("accounts", files=[…])` gives a service the ways in by which files come and go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from chassis.contract import Reach
from chassis.ground.contents import CSV, DOCX, JPEG, PDF, PNG, SUFFIXES, TEXT, XLSX, XML, ZIP
from chassis.store.files import find_pieces
from chassis.store.tables import file
from kernel.refusals import Conflict, Invalid, NotFound

__all__ = [  # media types of files that can be taken, beside what is defined here
    "CSV", "DOCX", "JPEG", "PDF", "PNG", "TEXT", "XLSX", "XML", "ZIP",
    "AttachedFile", "FileKind", "attach_file", "drop_file", "read_file",
]  # fmt: skip

FILE_BYTES_MAX = 25 * 1024 * 1024


@dataclass(frozen=True)
class FileKind:
    """What a service takes files for, of which media types and up to which size. With Reach.ACCOUNT each
    belongs to one account; without, to none: then only callers who see all accounts send it, and read it
    unless it is SHARED."""

    name: str
    types: tuple[str, ...]
    reach: Reach = Reach.ACCOUNT
    bytes_max: int = FILE_BYTES_MAX

    def __post_init__(self) -> None:
        unknown = {*self.types} - SUFFIXES.keys()
        assert self.types and not unknown, (
            f"{self.name}: no file is known to be {unknown or 'none'}"
        )


class AttachedFile(NamedTuple):
    """What a file is: its name, its media type, its size in bytes, and the SHA-256 of its content."""

    name: str
    media_type: str
    size: int
    sha256: str


def attach_file(
    session: Session,
    *,
    file_id: str,
    kind: FileKind,
    to: str,
    account_id: str | None = None,
    field: str = "file_id",
) -> AttachedFile:
    """Make a finished file part of the thing with the id `to`, and say what it is: it is kept from then
    on. `account_id` is the thing's, `field` the one that named the file. NotFound, Invalid or Conflict
    where it is not there, of another kind or account, not finished, or part of another thing; to attach
    it to the same again changes nothing."""
    row = _lock(session, file_id)
    if row is None or row.account_id != account_id:
        raise NotFound("file_not_found", f"There is no file {file_id} here.", field=field)
    if row.kind != kind.name:
        detail = f"{file_id} is a file of kind {row.kind}; send one of kind {kind.name}."
        raise Invalid("file_kind", detail, field=field)
    if row.finished_at is None:
        detail = f"{file_id} is not finished; send what is missing of it and finish it first."
        raise Conflict("file_not_finished", detail, field=field)
    if row.attached_to not in (None, to):
        detail = (
            f"{file_id} belongs to {row.attached_to} already; send the file once more for this."
        )
        raise Conflict("file_in_use", detail, field=field)
    attached = {"attached_to": to, "attached_at": func.coalesce(file.c.attached_at, func.now())}
    session.execute(update(file).where(file.c.file_id == file_id).values(attached))
    return AttachedFile(row.name, row.media_type, row.size, row.sha256)


def read_file(session: Session, file_id: str) -> Iterator[bytes]:
    """The content of a file that was attached, in pieces that are small beside the whole."""
    return find_pieces(session, file_id)


def drop_file(session: Session, file_id: str) -> None:
    """Delete a file, whatever it is attached to; its thing names it no more."""
    session.execute(delete(file).where(file.c.file_id == file_id))


def _lock(session: Session, file_id: str) -> Any:
    return session.execute(
        select(*file.c).where(file.c.file_id == file_id).with_for_update(key_share=True)
    ).one_or_none()
