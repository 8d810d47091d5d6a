"""What enters rows: requests without a second effect, several at once, each refusal noted by its row."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from ops.client import Client, Refused
from ops.replay.rows import Broken, BrokenRow

CONNECTIONS = 16
OWNER_EMAIL = "replay@example.com"
NO_SUCH_ROUTE = 404  # the clock is not manual


class HasLine(Protocol):
    """What was read from a row."""

    @property
    def line(self) -> int: ...


One = TypeVar("One", bound=HasLine)


class Hand:
    """Enters the rows of a file into a system."""

    def __init__(self, client: Client, *, file: str, console: Console) -> None:
        """Take the system, the name of the file whose rows are reported, and where progress is seen."""
        self.client = client
        self._file = file
        self._console = console
        self.refused: list[Broken] = []

    def post(self, path: str, body: Any) -> Any:
        """Do what a row says; the same request always has the same Idempotency-Key."""
        return self.client.post(path, body, key=key_of(path, body))

    def put(self, path: str, body: Any) -> Any:
        """Replace as a row says, likewise."""
        return self.client.put(path, body, key=key_of(path, body))

    def each(self, what: str, enter: Callable[[One], object], rows: Collection[One]) -> None:
        """Enter rows, several at a time, and note those that are refused: `what` was to be done."""
        columns = ("{task.description}", BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
        with (
            Progress(*columns, console=self._console) as display,
            ThreadPoolExecutor(CONNECTIONS) as pool,
        ):
            under_way = {pool.submit(enter, row): row for row in rows}
            try:
                for done in display.track(as_completed(under_way), len(rows), description=what):
                    self._note(what, under_way[done].line, done)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def each_batch(
        self,
        what: str,
        enter: Callable[[Sequence[One]], Sequence[Mapping[str, Any]]],
        batches: Sequence[Sequence[One]],
    ) -> None:
        """Enter rows many at a time, and note those that are refused by the results, one for each."""
        columns = ("{task.description}", BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console) as display:
            task = display.add_task(what, total=sum(map(len, batches)))
            for batch in batches:
                for row, result in zip(batch, enter(batch), strict=True):
                    if "code" in result:
                        self.refuse(row.line, f"{what}: {result['detail']}")
                display.advance(task, len(batch))

    def refuse(self, line: int, reason: str) -> None:
        """Note why what a row says was not done."""
        self.refused.append(Broken(line, reason, self._file))

    def _note(self, what: str, line: int, done: Future[object]) -> None:
        try:
            done.result()
        except Refused as refusal:
            self.refuse(line, f"{what}: {refusal.detail}")
        except BrokenRow as reason:
            self.refuse(line, f"{what}: {reason}.")

    def stand_after(self, day: date) -> datetime:
        """Have a manual clock stand at a later day than this, and return the moment at which the system
        stands; any other clock is where it is."""
        after = datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)
        try:
            now = self.client.read_clock()
        except Refused as refusal:
            if refusal.status != NO_SUCH_ROUTE:
                raise
            return datetime.now(UTC)
        if now is not None and now >= after:
            return now
        self.client.move_clock(after)
        return after


def list_accounts(client: Client, system: str) -> dict[str, Mapping[str, Any]]:
    """The accounts that another system knows, by what it calls them."""
    return {
        reference["reference_id"]: account
        for account in client.list("/v1/accounts", reference_system=system)
        for reference in account["external_references"]
        if reference["system"] == system
    }


def find_owner(client: Client) -> str:
    """Whoever looks after the accounts of a file that names nobody: their id."""
    for person in client.list("/v1/staff"):
        if person["email"] == OWNER_EMAIL:
            return str(person["staff_id"])
    person = {"name": "Replay", "email": OWNER_EMAIL, "role": "account_manager"}
    return str(client.post("/v1/staff", person, key=key_of("/v1/staff", person))["staff_id"])


def key_of(path: str, body: Any) -> str:
    """The Idempotency-Key of a request: the same for the same."""
    return f"replay-{hashlib.sha256(orjson.dumps([path, body])).hexdigest()[:40]}"
