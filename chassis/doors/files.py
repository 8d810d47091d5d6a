"""The ways in by which files come and go: begun, sent in parts in any order, finished with their hash.

A part, and a piece that is read, are all that is in memory of a file, here and in the gateway."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from chassis.contract import Piece, Reach, command, query
from chassis.doors.file_checks import (
    is_there,
    require_belonging,
    require_content,
    require_few,
    require_room,
    require_same_hash,
    require_size,
    require_type,
    require_whole,
)
from chassis.doors.file_schemas import (
    File,
    FileContent,
    FileId,
    FilePart,
    FinishFile,
    schema_to_begin,
    types_of,
)
from chassis.doors.rows import visible
from chassis.files import FileKind
from chassis.ground.contents import name_for
from chassis.store.files import KEPT_HOURS, find_piece
from chassis.store.tables import file, file_part
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Conflict, NotFound


def files_of(service: str, kinds: Sequence[FileKind]) -> type:
    """The ways in of the files that a service takes."""
    path = f"/v1/files/{service}"
    one = f"{path}/{{file_id}}"
    reading: dict[str, Any] = {"scope": f"{service}:read", "reach": Reach.ACCOUNT}
    writing: dict[str, Any] = {"scope": f"{service}:write", "reach": Reach.ACCOUNT}
    kind_of = {kind.name: kind for kind in kinds}
    shared = [kind.name for kind in kinds if kind.reach is Reach.SHARED]

    class Files:
        """What is sent as a file, and sent on."""

        caller: Caller

        @command(f"POST {path}", schema_to_begin(kinds), returns=File, status=201, **writing)
        def begin_file(
            self,
            session: Session,
            *,
            kind: str,
            account_id: str | None,
            name: str,
            media_type: str,
            size: int,
        ) -> dict[str, Any]:
            """Begin to send a file of up to 25 MiB. Send its parts, finish it, then name it where it
            belongs; until then it is kept for a day."""
            require_belonging(kind_of[kind], self.caller, account_id)
            require_type(kind_of[kind], media_type)
            require_size(kind_of[kind], size)
            require_few(session, self.caller, account_id)
            values = {
                "file_id": new_id("fil"),
                "kind": kind,
                "account_id": account_id,
                "name": name,
                "media_type": media_type,
                "size": size,
                "begun_by": self.caller.subject,
            }
            row = session.execute(insert(file).values(values).returning(*file.c)).one()
            return _shown(row)

        @command(f"PUT {one}/parts/{{number}}", FilePart, returns=File, seconds_max=30, **writing)
        def put_file_part(
            self, session: Session, *, file_id: str, number: int, content: bytes
        ) -> dict[str, Any]:
            """Send one part: its bytes as the body, at most 1 MiB of them, in any order. The same part
            may be sent again; another under its number is refused. A slow line sends smaller parts."""
            row = _lock(session, file_id)
            if is_there(session, file_id, number, content):
                return _shown(row)
            require_room(row, len(content))
            part = {"file_id": file_id, "number": number, "size": len(content), "content": content}
            session.execute(insert(file_part).values(part))
            return _change(session, file_id, received=file.c.received + len(content))

        @command(
            f"POST {one}/finish",
            FinishFile,
            returns=File,
            seconds_max=60,
            is_costly=True,
            **writing,
        )
        def finish_file(self, session: Session, *, file_id: str, sha256: str) -> dict[str, Any]:
            """Say that all parts were sent. Refused where some are missing, and says which; where they
            make another hash; and where the content is not of the type that it was announced as."""
            row = _lock(session, file_id)
            if row.finished_at is not None:
                require_same_hash(row.sha256, sha256)
                return _shown(row)
            require_whole(session, row)
            require_content(session, row, sha256)
            return _change(session, file_id, sha256=sha256, finished_at=func.now())

        @command(f"DELETE {one}", FileId, **writing)
        def give_up_file(self, session: Session, *, file_id: str) -> None:
            """Delete a file that is part of nothing, whether it is finished or not."""
            row = _lock(session, file_id)
            if row.attached_to is not None:
                detail = f"{file_id} is part of {row.attached_to} and stays with it."
                raise Conflict("file_in_use", detail)
            session.execute(delete(file).where(file.c.file_id == file_id))

        @query(f"GET {one}", FileId, returns=File, **reading)
        def get_file(self, session: Session, *, file_id: str) -> dict[str, Any]:
            """What is known of a file, and how much of it has come."""
            return _shown(_one(session, _visible_to(session, shared), file_id))

        @query(f"GET {one}/content", FileContent, streams=types_of(kinds), **reading)
        def get_file_content(self, session: Session, *, file_id: str, start: int) -> Piece:
            """The file itself, or a range of its bytes; to be saved, not to be shown."""
            row = _one(session, _visible_to(session, shared), file_id)
            if row.finished_at is None:
                detail = (
                    f"Of {file_id} {row.received} of {row.size} bytes have come; finish it first."
                )
                raise Conflict("file_not_finished", detail)
            filename = name_for(row.name, row.media_type)
            content = find_piece(session, file_id, start)
            return Piece(content, start, row.size, row.media_type, filename, etag=row.sha256)

    return Files


def _visible_to(session: Session, shared: Sequence[str] = ()) -> Select[Any]:
    """Files, but for those of accounts that the caller may not see, and of none unless all see them."""
    every, held_to = select(*file.c), visible(session, file.c.account_id)
    return every.where(or_(and_(*held_to), file.c.kind.in_(shared))) if held_to else every


def _lock(session: Session, file_id: str) -> Any:
    return _one(session, _visible_to(session).with_for_update(key_share=True), file_id)


def _one(session: Session, files: Select[Any], file_id: str) -> Any:
    row = session.execute(files.where(file.c.file_id == file_id)).one_or_none()
    if row is None:
        raise NotFound("file_not_found", f"There is no file {file_id} here.")
    return row


def _change(session: Session, file_id: str, **values: Any) -> dict[str, Any]:
    changed = update(file).where(file.c.file_id == file_id).values(values).returning(*file.c)
    return _shown(session.execute(changed).one())


def _shown(row: Any) -> dict[str, Any]:
    is_kept = row.attached_to is not None
    return {
        **row._mapping,
        "status": "open" if row.finished_at is None else "finished",
        "kept_until": None if is_kept else row.begun_at + timedelta(hours=KEPT_HOURS),
    }
