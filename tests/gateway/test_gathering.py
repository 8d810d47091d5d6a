"""Questions asked together: all are answered, by one statement at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

import pytest

from gateway import gathering
from gateway.gathering import Gathered


class Database:
    """Doubles numbers up to a hundred, when it is let."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.at_once = self.most_at_once = 0
        self.may_answer = asyncio.Event()
        self.fault: Exception | None = None

    async def double(self, numbers: Collection[int]) -> Mapping[int, int]:
        self.asked.append(list(numbers))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.may_answer.wait()
        self.at_once -= 1
        if self.fault is not None:
            raise self.fault
        return {number: 2 * number for number in numbers if number <= 100}


async def _all_that_can(waiting: list[asyncio.Task[int | None]]) -> None:
    for _ in range(5):
        await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)


def test_all_that_come_while_one_is_asked_are_asked_together() -> None:
    async def scenario() -> None:
        database = Database()
        doubles = Gathered(database.double)
        waiting = [asyncio.create_task(doubles.get(number)) for number in (1,)]
        await _all_that_can(waiting)
        waiting += [asyncio.create_task(doubles.get(number)) for number in (2, 3, 3, 200)]
        await _all_that_can(waiting)
        database.may_answer.set()
        assert await asyncio.gather(*waiting) == [2, 4, 6, 6, None]
        assert database.asked == [[1], [2, 3, 200]]
        assert database.most_at_once == 1

    asyncio.run(scenario())


def test_one_who_comes_while_his_question_is_being_answered_is_asked_about_anew() -> None:
    async def scenario() -> None:
        database = Database()
        doubles = Gathered(database.double)
        waiting = [asyncio.create_task(doubles.get(1))]
        await _all_that_can(waiting)
        waiting.append(asyncio.create_task(doubles.get(1)))
        await _all_that_can(waiting)
        database.may_answer.set()
        await asyncio.gather(*waiting)
        assert database.asked == [[1], [1]]

    asyncio.run(scenario())


def test_however_many_come_a_statement_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "TOGETHER_MAX", 10)

    async def scenario() -> None:
        database = Database()
        database.may_answer.set()
        doubles = Gathered(database.double)
        await asyncio.gather(*(doubles.get(number) for number in range(95)))
        assert [len(asked) for asked in database.asked] == [10] * 9 + [5]
        assert database.most_at_once == 1

    asyncio.run(scenario())


def test_a_failure_is_everybodys_who_waited_and_nobodys_who_comes_later() -> None:
    async def scenario() -> None:
        database = Database()
        database.fault = ConnectionError("away")
        database.may_answer.set()
        doubles = Gathered(database.double)
        failed = await asyncio.gather(doubles.get(1), doubles.get(2), return_exceptions=True)
        assert failed == [database.fault] * 2
        database.fault = None
        assert await doubles.get(1) == 2

    asyncio.run(scenario())


def test_one_who_gives_up_takes_the_answer_from_nobody() -> None:
    async def scenario() -> None:
        database = Database()
        doubles = Gathered(database.double)
        hasty, patient = (asyncio.create_task(doubles.get(1)) for _ in range(2))
        await _all_that_can([hasty, patient])
        hasty.cancel()
        database.may_answer.set()
        assert await patient == 2
        assert hasty.cancelled()

    asyncio.run(scenario())
