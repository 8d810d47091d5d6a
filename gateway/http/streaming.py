"""Files that a service gives piece by piece: one answer of many calls; one piece is in memory at once."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, NamedTuple
from urllib.parse import quote

import structlog

from gateway.http.incoming import Request
from gateway.http.outgoing import (
    ASKED_AGAIN,
    RUNS_NOTHING,
    Answer,
    fault,
    is_known,
    require_media_type,
)
from gateway.problems import Problem
from gateway.rpc.calls import DeadlinePassed

RANGES = (b"accept-ranges", b"bytes")
# One range with a beginning; others are answered with the whole, as RFC 9110 (14.2) allows.
_RANGE = re.compile(rb"bytes=(\d{1,15})-(\d{0,15})")
_END = 10**15

Ask = Callable[[int], Awaitable[dict[str, Any]]]
log = structlog.get_logger()


class Piece(NamedTuple):
    """A stretch of a file, and what the whole is."""

    content: bytes
    size: int
    tag: bytes
    headers: list[tuple[bytes, bytes]]


async def answer_stream(request: Request, ask: Ask) -> Answer:
    """The file, or the range of it that the client wants; `ask` is for the piece from a byte on. Problem
    416 where the file ends before the range begins, and whatever the service refuses."""
    wanted = _read_range(request)
    piece = _read_piece(await ask(wanted.start if wanted else 0))
    if is_known(request.headers.get(b"if-none-match"), piece.tag):
        return Answer(304, [(b"etag", piece.tag), ASKED_AGAIN], b"")
    if wanted and request.headers.get(b"if-range", piece.tag) != piece.tag:
        wanted, piece = None, _read_piece(await ask(0))
    if not wanted:
        return _answer(request, 200, piece, range(piece.size), ask)
    if wanted.start >= piece.size:
        detail = f"The file has {piece.size} bytes, 0 to {piece.size - 1}; ask for some of these."
        about = ((b"content-range", b"bytes */%d" % piece.size),)
        raise Problem(416, "range_not_satisfiable", detail, headers=about)
    span = range(wanted.start, min(wanted.stop, piece.size))
    place = b"bytes %d-%d/%d" % (span.start, span.stop - 1, piece.size)
    piece.headers.append((b"content-range", place))
    return _answer(request, 206, piece, span, ask)


async def send_pieces(answer: Answer, request: Request, send: Any, receive: Any) -> None:
    """Send the body of an answer that comes in pieces. Where one cannot be had it ends there, short of
    its length, so that the connection is closed; where the client is gone no more are asked for."""
    assert answer.pieces is not None, "asked only of such an answer"
    gone = asyncio.create_task(_wait_gone(receive))
    try:
        async with aclosing(answer.pieces) as pieces:  # type: ignore[type-var]
            async for piece in pieces:
                if gone.done():
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except (DeadlinePassed, Problem) as error:
        request.code = getattr(error, "code", "deadline_passed")
        log.warning("file not sent whole", request_id=request.request_id, code=request.code)
    finally:
        gone.cancel()


def _answer(request: Request, status: int, piece: Piece, span: range, ask: Ask) -> Answer:
    pieces = None if request.verb == "HEAD" else _find_pieces(piece, span, ask)
    return Answer(status, piece.headers, b"", pieces, len(span))


async def _find_pieces(piece: Piece, span: range, ask: Ask) -> AsyncIterator[bytes]:
    start, tag = span.start, piece.tag
    while True:
        content = piece.content[: span.stop - start]
        if not content or piece.tag != tag:
            raise fault()  # it would have no end, or be of two files
        yield content
        start += len(content)
        if start == span.stop:
            return
        piece = _read_piece(await ask(start))


def _read_piece(result: dict[str, Any]) -> Piece:
    try:
        tag = b'"%b"' % result["etag"].encode("ascii")
        headers = [
            (b"content-type", require_media_type(result["media_type"])),
            (b"content-disposition", _attachment(result["filename"])),
            (b"etag", tag),
            RANGES,
            RUNS_NOTHING,
            ASKED_AGAIN,
        ]
        content = base64.b64decode(result["content"], validate=True)
        return Piece(content, int(result["size"]), tag, headers)
    except (KeyError, TypeError, ValueError) as error:
        raise fault() from error


def _attachment(filename: str) -> bytes:
    """To be saved under this name (RFC 6266), which is written twice for clients that know no Unicode."""
    plain = re.sub(r"[^\w. ()+-]", "_", filename, flags=re.ASCII)
    whole = quote(filename, safe="")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}".encode("ascii")


def _read_range(request: Request) -> range | None:
    found = _RANGE.fullmatch(request.headers.get(b"range", b"").strip())
    if found is None or request.verb != "GET":  # of others it means nothing (RFC 9110, 14.2)
        return None
    start, last = int(found[1]), int(found[2] or _END)
    return range(start, last + 1) if start <= last else None


async def _wait_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
