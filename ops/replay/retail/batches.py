"""Sends batches, several at a time, and reads no more of them than are sent next."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Any, TypeVar

from ops.client import Refused
from ops.replay.hand import Hand

One = TypeVar("One")
Answer = TypeVar("Answer")


def send(
    pool: ThreadPoolExecutor,
    send: Callable[[Sequence[One]], Answer],
    batches: Iterable[Sequence[One]],
    *,
    ahead: int,
) -> Iterator[tuple[Sequence[One], Answer]]:
    """What became of each batch; no more than `ahead` of them are read before one is done."""
    under_way: dict[Future[Answer], Sequence[One]] = {}

    def finish(done: Iterable[Future[Answer]]) -> Iterator[tuple[Sequence[One], Answer]]:
        for one in done:
            yield under_way.pop(one), one.result()

    try:
        for batch in batches:
            under_way[pool.submit(send, batch)] = batch
            if len(under_way) > ahead:
                yield from finish(wait(under_way, return_when=FIRST_COMPLETED).done)
        yield from finish(wait(under_way).done)
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise


def post(hand: Hand, path: str, name: str, rows: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
    """What became of each row of a batch; a refusal of the whole is one of each."""
    try:
        results: Sequence[Mapping[str, Any]] = hand.post(path, {name: rows})["results"]
    except Refused as refusal:
        return [{"code": refusal.code, "detail": refusal.detail}] * len(rows)
    return results


def cut(things: Iterable[One], size: int) -> Iterator[list[One]]:
    """So many at a time."""
    rest = iter(things)
    while batch := [*islice(rest, size)]:
        yield batch
