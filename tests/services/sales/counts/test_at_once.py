"""Counts that are posted while others post them too, and while goods move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from kernel.refusals import Refusal
from services.sales.base import Base
from tests.services.client import Client
from tests.services.sales.stockroom import Stockroom

pytestmark = pytest.mark.server


@pytest.fixture
def stockroom(engine: Engine, timed_by: Callable[[Client], Client]) -> Iterator[Stockroom]:
    yield Stockroom(timed_by(Client("sales", engine)))
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(text("DELETE FROM outbox WHERE published_at IS NULL"))


def answer(work: Callable[[], object]) -> str:
    try:
        work()
    except Refusal as refusal:
        return refusal.code
    return "done"


def at_once(*works: Callable[[], object]) -> list[str]:
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(answer, works))


def test_of_many_who_post_a_count_at_once_one_does(stockroom: Stockroom) -> None:
    chair = stockroom.keep(20)
    count = stockroom.counted({chair: 19})
    answers = at_once(*[lambda: stockroom.do("post_count", count)] * 6)
    assert sorted(answers) == ["count_state"] * 5 + ["done"]
    assert stockroom.on_hand(chair) == 19


def test_what_is_shipped_while_a_count_is_posted_stays_shipped(stockroom: Stockroom) -> None:
    chair, stool = stockroom.keep(200), stockroom.keep(200)
    count = stockroom.counted({chair: 199, stool: 201})
    stockroom.wait(hours=1)
    answers = at_once(
        *[lambda: stockroom.move(stool, -1)] * 4,
        lambda: stockroom.do("post_count", count),
        *[lambda: stockroom.move(chair, -1)] * 4,
    )
    assert answers == ["done"] * 9
    assert (stockroom.on_hand(chair), stockroom.on_hand(stool)) == (195, 197)


def test_two_counts_of_the_same_products_are_posted_at_once(stockroom: Stockroom) -> None:
    chair, stool = stockroom.keep(200), stockroom.keep(200)
    one = stockroom.counted({chair: 199, stool: 201})
    other = stockroom.counted({stool: 201, chair: 199})
    stockroom.wait(hours=1)
    works = [lambda count=count: stockroom.do("post_count", count) for count in (one, other)]
    assert at_once(*works) == ["done", "done"]
    assert (stockroom.on_hand(chair), stockroom.on_hand(stool)) == (199, 201)
