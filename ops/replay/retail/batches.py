"""Sends batches, several at a time, and reads no more of them than are sent next."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

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
