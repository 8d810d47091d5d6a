"""Files in the database: parts as they came, read again in pieces, and swept if nothing uses them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

PIECE_BYTES = 256 * 1024  # what is in memory at once of a file that is read
KEPT_HOURS = 24  # of a file that is attached to nothing
SWEPT_AT_ONCE = 20

_FIND_PIECE = text(
    """
    WITH placed AS (
        SELECT number, size, CAST(sum(size) OVER (ORDER BY number) - size AS bigint) AS start
        FROM file_part WHERE file_id = :file_id
    )
    SELECT string_agg(
        substring(content
            FROM CAST(greatest(:start - start, 0) + 1 AS int)
            FOR CAST(least(start + part.size, :until) - greatest(start, :start) AS int)),
        CAST('' AS bytea) ORDER BY number
    )
    FROM file_part AS part JOIN placed USING (number)
    WHERE file_id = :file_id AND start < :until AND start + part.size > :start
    """
)
# Who attaches one just now, or sends its parts, has it locked.
_SWEEP = text(
    f"""
    DELETE FROM file WHERE file_id IN (
        SELECT file_id FROM file
        WHERE attached_at IS NULL AND begun_at < now() - make_interval(hours => {KEPT_HOURS})
        ORDER BY begun_at LIMIT {SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED)
    """  # noqa: S608  names of this module
)


def find_piece(session: Session, file_id: str, start: int) -> bytes:
    """At most PIECE_BYTES of a file from the byte `start` on; none from its end on."""
    values = {"file_id": file_id, "start": start, "until": start + PIECE_BYTES}
    piece = session.scalar(_FIND_PIECE, values)
    return b"" if piece is None else bytes(piece)


def find_pieces(session: Session, file_id: str) -> Iterator[bytes]:
    """A file from its first byte to its last."""
    start = 0
    while piece := find_piece(session, file_id, start):
        yield piece
        start += len(piece)


def sweep(connection: Connection) -> int:
    """Delete some of the files that nothing has used for too long, with their parts; how many."""
    return connection.execute(_SWEEP).rowcount
