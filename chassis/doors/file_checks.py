"""When a file is taken: whose it may be, how many, which parts, and what it must be in the end."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from chassis.contract import Reach
from chassis.files import FileKind
from chassis.ground.contents import Content, is_fit
from chassis.store.files import find_pieces
from chassis.store.tables import file, file_part
from kernel.callers import Caller
from kernel.refusals import Conflict, Forbidden, Invalid

UNATTACHED_MAX = 50  # files of one caller, or for one account, that are part of nothing


def require_belonging(kind: FileKind, caller: Caller, account_id: str | None) -> None:
    """Invalid or Forbidden unless a file of this kind may belong to this account, or to none."""
    if kind.reach is Reach.ACCOUNT and account_id is None:
        detail = f"A file of kind {kind.name} belongs to an account; say to which."
        raise Invalid("account_missing", detail, field="account_id")
    if kind.reach is not Reach.ACCOUNT and account_id is not None:
        detail = f"A file of kind {kind.name} belongs to no account; leave it out."
        raise Invalid("account_not_wanted", detail, field="account_id")
    if account_id is None and not caller.sees_all:
        detail = f"A file of kind {kind.name} is sent by those who see all accounts."
        raise Forbidden("all_accounts_needed", detail)


def require_type(kind: FileKind, media_type: str) -> None:
    """Invalid unless files of this kind may be of the type."""
    if media_type not in kind.types:
        detail = f"A file of kind {kind.name} is one of: {', '.join(kind.types)}."
        raise Invalid("media_type_not_taken", detail, field="media_type")


def require_size(kind: FileKind, size: int) -> None:
    """Invalid where a file of this kind may not be so large."""
    if size > kind.bytes_max:
        detail = (
            f"A file of kind {kind.name} has at most {kind.bytes_max} bytes; send a smaller one."
        )
        raise Invalid("file_too_large", detail, field="size")


def require_few(session: Session, caller: Caller, account_id: str | None) -> None:
    """Conflict where the caller, or all for this account, have too many that are part of nothing."""
    mine = file.c.begun_by == caller.subject
    if account_id is not None:
        mine = or_(mine, file.c.account_id == account_id)
    unattached = select(func.count()).select_from(file).where(file.c.attached_at.is_(None))
    count = session.scalar(unattached.where(mine))
    if count is not None and count >= UNATTACHED_MAX:
        raise Conflict(
            "too_many_files",
            f"{count} files, begun with this key or for this account, are part of nothing yet: name "
            "them where they belong, delete them, or wait until they are, a day after they were begun.",
        )


_IS_SAME = text(
    "SELECT sha256(content) = :sha256 FROM file_part WHERE file_id = :file_id AND number = :number"
)


def is_there(session: Session, file_id: str, number: int, content: bytes) -> bool:
    """Whether this part has come before; Conflict where it came with another content."""
    digest = hashlib.sha256(content).digest()
    values = {"file_id": file_id, "number": number, "sha256": digest}
    is_same: bool | None = session.scalar(_IS_SAME, values)
    if is_same is False:
        raise Conflict(
            "part_differs",
            f"Part {number} has come with another content. Send it as it was, or give the file up and "
            "begin anew.",
            field="number",
        )
    return bool(is_same)


def require_room(row: Any, size: int) -> None:
    """Conflict or Invalid unless the file takes a part of so many bytes."""
    if row.finished_at is not None:
        detail = f"{row.file_id} is finished and takes no more parts; begin another file."
        raise Conflict("file_finished", detail)
    if row.received + size > row.size:
        raise Invalid(
            "part_too_large",
            f"{row.received} of {row.size} bytes have come, and this part has {size}: the file would be "
            "larger than was announced. Give it up and begin anew with its true size.",
            field="content",
        )


def require_whole(session: Session, row: Any) -> None:
    """Conflict that names what is missing unless all of the file has come."""
    if row.received == row.size:
        return
    there = session.scalars(select(file_part.c.number).where(file_part.c.file_id == row.file_id))
    numbers = {*there}
    missing = sorted({*range(1, max(numbers, default=1) + 1)} - numbers)
    lacking = (
        f"Parts {', '.join(map(str, missing))} are missing" if missing else "No part is missing"
    )
    raise Conflict(
        "file_incomplete",
        f"{row.received} of {row.size} bytes have come. {lacking} up to {max(numbers, default=0)}; send "
        "what is missing, then finish again.",
        missing=missing,
        received=row.received,
        size=row.size,
    )


def require_content(session: Session, row: Any, sha256: str) -> None:
    """Invalid unless what has come makes this hash and is of the type it was announced as."""
    content, digest = Content(), hashlib.sha256()
    for piece in find_pieces(session, row.file_id):
        content.read(piece)
        digest.update(piece)
    require_same_hash(digest.hexdigest(), sha256)
    found = content.find_type()
    if not is_fit(declared=row.media_type, found=found):
        raise Invalid(
            "media_type_differs",
            f"The file was announced as {row.media_type}, and its content is {found}. Give it up, and "
            "begin anew with a file of the type it is said to be.",
            field="file_id",
            declared=row.media_type,
            found=found,
        )


def require_same_hash(found: str, sha256: str) -> None:
    """Invalid unless the two are the same."""
    if found != sha256:
        raise Invalid(
            "hash_differs",
            f"What has come makes the hash {found}, not {sha256}. If that is the file's, it changed on "
            "its way: give it up and begin anew.",
            field="sha256",
            found=found,
        )
