"""Tests of a replay through a whole system: what it reports is what the file says, to the cent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from dev import servers as development_servers
from dev.system import System
from ops.client import Client
from ops.replay.__main__ import main
from ops.replay.expected import Figures, expect
from ops.replay.history import History, read_history
from ops.replay.player import Player
from ops.replay.reports import read_delays, read_figures
from tests.migrated import MigratedSystem, make_migrated

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("STEWARD_DATA", ROOT / "../shared/data"))
RECEIVABLES = DATA / "receivables/accounts-receivable.csv"
HALF_YEAR = date(2012, 6, 30)


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """A system of this file's own. Its clock only goes forward, so a later test plays later days; it
    counts in another currency, so that no test sees another's figures."""
    name = f"replay{os.getpid()}"
    environment = {"STEWARD_REQUESTS_PER_SECOND": "100000"}
    with MigratedSystem(servers=make_migrated(name), environment=environment) as system:
        yield system
    development_servers.drop_instance(name)


@pytest.fixture(scope="module")
def client(system: System) -> Client:
    return Client(system.url, system.api_key)


def figures(
    client: Client, history: History, last_day: date, currency: str, ageing_at: Sequence[date]
) -> tuple[Figures, Figures]:
    """What the file says and what the system says."""
    delays = read_delays(client)
    file = expect(history, last_day, ageing_at=ageing_at, delays=delays)
    reported = read_figures(
        client,
        first_day=history.first_day,
        last_day=last_day,
        currency=currency,
        ageing_at=ageing_at,
        levels=list(delays),
    )
    return file, reported


def write(path: Path, rows: Sequence[str]) -> Path:
    header = "customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,SettledDate"
    path.write_text("\n".join([header, *rows]))
    return path


@pytest.mark.skipif(not RECEIVABLES.exists(), reason=f"{RECEIVABLES.name} is not on this machine")
def test_the_first_half_year_comes_out_as_in_the_file(client: Client) -> None:
    history = read_history(RECEIVABLES, currency="USD")
    player = Player(client, history, currency="USD")
    player.play(HALF_YEAR, lambda _: None)
    assert player.progress.refused == []
    assert (player.progress.invoices, player.progress.payments) == (611, 513)
    file, reported = figures(client, history, HALF_YEAR, "USD", [date(2012, 3, 31), HALF_YEAR])
    assert reported == file
    assert reported.reminded == {1: 152, 2: 22, 3: 0}
    assert reported.ageing[-1].total.amount == 550409
    assert next(client.list("/v1/invoices", number="0000611365"), None) is None, "issued in 2013"
    assert client.get("/v1/reports/reconciliation")["is_reconciled"]


def test_a_broken_row_stops_no_other(
    client: Client, system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        "E 1,B-1,7/3/2012,7/4/2012,10.00,7/4/2012",
        "E-2,B-2,7/3/2012,7/4/2012,20.00,7/4/2012",
        "E-2,B-3,7/3/2012,7/4/2012,not much,",
        "E-3,B-2,7/4/2012,7/5/2012,30.00,",
        "E-3,B-5,7/4/2012,7/4/2012,40.00,7/4/2012",
    ]
    path = write(tmp_path / "broken.csv", rows)
    arguments = ["--api", system.url, "--key", system.api_key, "--currency", "EUR"]
    # What the system refuses is missing from its figures, so the two differ: the status says so.
    assert main([str(path), *arguments]) == 1
    printed = capsys.readouterr().out
    assert "line 4: InvoiceAmount 'not much' is no amount above 0 in EUR." in printed
    assert "line 5: invoiceNumber B-2 stands in line 3 already." in printed
    assert "line 2: account: number: Must be up to 40 letters" in printed
    issued = {invoice["number"]: invoice["status"] for invoice in client.list("/v1/invoices")}
    assert (issued.get("B-1"), issued["B-2"], issued["B-5"]) == (None, "paid", "paid")


def test_a_replay_that_is_killed_goes_on_where_it_was_and_does_nothing_twice(
    client: Client, system: System, tmp_path: Path
) -> None:
    rows = [
        f"G-{n % 4},K-{n:03},7/{7 + n // 6}/2012,7/{9 + n // 6}/2012,{n + 1}.25,"
        + (f"7/{8 + n // 5}/2012" if n % 7 else "")
        for n in range(48)
    ]
    path = write(tmp_path / "killed.csv", rows)
    arguments = [str(path), "--api", system.url, "--key", system.api_key, "--currency", "GBP"]
    for day in (9, 11, 12):
        _kill_on(client, date(2012, 7, day), arguments)
    assert main(arguments) == 0
    history = read_history(path, currency="GBP")
    file, reported = figures(client, history, history.last_day, "GBP", [history.last_day])
    assert reported == file
    numbers = [one["number"] for one in client.list("/v1/invoices") if one["currency"] == "GBP"]
    assert sorted(numbers) == [f"K-{n:03}" for n in range(48)]
    assert main(arguments) == 0, "a replay that is done does nothing and says the same"


def _kill_on(client: Client, day: date, arguments: list[str]) -> None:
    """Start a replay and kill it as soon as the clock stands at a day."""
    replay = subprocess.Popen(
        [sys.executable, "-m", "ops.replay", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        while (now := client.read_clock()) is None or now.date() < day:
            assert replay.poll() is None, "it should still be running"
            time.sleep(0.02)
    finally:
        replay.send_signal(signal.SIGKILL)
        replay.wait()
