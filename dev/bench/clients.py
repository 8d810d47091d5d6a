"""The row of a firm at full size: what people look at all day, and a book that changes hands."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from dev.bench import book
from dev.bench.effects import wait_for_rest
from dev.bench.figures import MS, Aim, Figure, at_most
from dev.bench.ground import Ground, today
from dev.bench.processor import tell
from ops.client import Client

CONNECTIONS = 20
LOOKS_A_SECOND = 20  # by as many people as are connected, one a second each
LOOKED_AT = 200  # accounts in turn, so that each look is at another
PAGES = 20  # of the long timeline, before the one that is read
QUESTIONS = {
    "two words": ["steinfeld log", "morgenau hand", "goldburger opt", "B-31"],
    "a word of many": ["steinf", "metall", "rosen"],
    "mistyped": ["stienfeld logistic", "morgenua handel", "goldbrger optik"],
}
CALLER_MS, LOOK_MS = at_most(50), at_most(100)
STEPS = ("pack", "offer", "accept")
LOOK_SECONDS = 0.2

Keys = Mapping[str, str]


def clients(ground: Ground) -> Iterator[Figure]:
    """Looks of people at their clients, by whoever asks, and a hand-over, among 100,000 accounts, which
    are there from then on."""
    if not ground.number("accounts", book.HOW_MANY):
        book.fill(ground.running.databases["accounts"])
    keys = {"system": ground.client.api_key, "person": _make_key(ground.client)}
    for name, paths in _callers().items():
        yield from _look(ground, keys, name, paths, CALLER_MS)
    for name, paths in {**_lists(), **_accounts(), **_timelines(ground.client)}.items():
        yield from _look(ground, keys, name, paths, LOOK_MS)
    yield from _hand_over(ground)


def _make_key(client: Client) -> str:
    """A key of the lead, who sees their own accounts and those of who reports to them."""
    holder = {
        "name": "Lead",
        "scopes": ["accounts:read"],
        "staff_id": book.name("stf", book.lead()),
    }
    return str(client.post("/v1/api-keys", holder)["key"])


def _callers() -> dict[str, Sequence[str]]:
    numbers = [1_000_000 + number for number in _seen()]
    return {
        "caller": [f"/v1/callers/%2B4930{number}" for number in numbers],
        "unknown caller": [f"/v1/callers/%2B4989{number}" for number in numbers],
        "caller of three accounts": [
            f"/v1/callers/%2B4940{1_000_000 + number // 3}" for number in _seen()
        ],
    }


def _lists() -> dict[str, Sequence[str]]:
    listed, lead = ([book.name("stf", one) for one in who] for who in (book.team(), [book.lead()]))
    searches = {
        f"search, {name}": [f"/v1/accounts?{urlencode({'q': q})}" for q in typed]
        for name, typed in QUESTIONS.items()
    }
    return {
        **searches,
        f"worklist of {book.EACH}": [f"/v1/worklist?staff_id={one}" for one in listed],
        "worklist of a team": [f"/v1/team-worklist?staff_id={one}" for one in lead],
    }


def _accounts() -> dict[str, Sequence[str]]:
    return {"glance": [f"/v1/accounts/{book.name('acc', one)}/glance" for one in _seen()]}


def _timelines(client: Client) -> dict[str, Sequence[str]]:
    first, *others = [f"/v1/accounts/{book.name('acc', one)}/timeline" for one in _seen()]
    long = f"timeline of {book.LONG:,}"
    return {
        "timeline": others,
        "timeline, later page": [_turn_over(client, one, pages=1, limit=4) for one in others],
        long: [first],
        f"{long}, the middle": [
            _turn_over(client, first, pages=PAGES, limit=book.LONG // 2 // PAGES)
        ],
    }


def _turn_over(client: Client, path: str, *, pages: int, limit: int) -> str:
    """The path of what follows so many pages."""
    after: dict[str, Any] = {}
    for _ in range(pages):
        after = {"after": client.get(path, limit=limit, **after)["next_after"]}
    return f"{path}?{urlencode(after)}"


def _seen() -> Sequence[int]:
    """Accounts that the lead sees; the first is the one with the long story."""
    owners = [book.lead(), *book.team()]
    return [
        account
        for accounts in zip(*map(book.accounts_of, owners), strict=True)
        for account in accounts
    ][:LOOKED_AT]


def _look(
    ground: Ground, keys: Keys, name: str, paths: Sequence[str], aim: Aim
) -> Iterator[Figure]:
    """The slower of those who ask is what is measured: as fast as they are answered, when all wait
    for one another; and at the pace of people, when it is what each of them waits for."""
    asked = {
        who: [ground.request("GET", path, api_key=key) for path in paths]
        for who, key in keys.items()
    }
    loads = {who: ground.look(CONNECTIONS, requests) for who, requests in asked.items()}
    slower = max(loads, key=lambda who: loads[who].p99)
    more = "; ".join(f"by a {who}'s key {load}" for who, load in loads.items())
    yield Figure(f"{name}, {CONNECTIONS} connections: p99", loads[slower].p99, MS, more, aim=aim)
    paced = ground.look(CONNECTIONS, asked[slower], LOOKS_A_SECOND)
    pace = f"{name}, {LOOKS_A_SECOND} a second: p99"
    yield Figure(pace, paced.p99, MS, f"by a {slower}'s key {paced}", aim=aim)
    dearer = max((load.costs for load in loads.values()), key=lambda costs: sum(costs.values()))
    yield Figure(f"{name}: processor", sum(dearer.values()), MS, tell(dearer))


def _hand_over(ground: Ground) -> Iterator[Figure]:
    [(before,)] = ground.ask("accounts", book.WHOSE_BOOK)
    [after] = {book.name("stf", book.PEOPLE + one) for one in (1, 2)} - {before}
    draft = {"from_id": before, "to_id": after, "reason": "She retires.", "by_on": f"{today()}"}
    began = time.time()
    path = f"/v1/hand-overs/{ground.client.post('/v1/hand-overs', draft)['hand_over_id']}"
    asked, took = [time.time() - began], {}
    for step in STEPS:
        started = time.time()
        found = ground.client.post(f"{path}/{step}")
        asked.append(time.time() - started)
        while found["step"]:
            time.sleep(LOOK_SECONDS)
            found = ground.client.get(path)
        took[step] = time.time() - started
    assert found["accounts"] == {"accepted": book.BOOK}, found
    rest = wait_for_rest(ground.running)
    name = f"hand-over of {book.BOOK:,} accounts"
    more = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in took.items())
    yield Figure(f"{name}: handled everywhere", rest.since - began, "s", more)
    yield Figure(f"{name}: its longest request", 1000 * max(asked), MS)
