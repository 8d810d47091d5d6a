"""Tests of a replay through a whole system: what it reports is what the file says, to the cent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dev import servers as development_servers
from dev.system import System
from ops.client import Client
from ops.replay.__main__ import main
from ops.replay.complaints.player import list_cases
from ops.replay.hand import list_accounts
from ops.replay.invoices.expected import Figures, expect
from ops.replay.invoices.history import History, read_history
from ops.replay.invoices.player import Player
from ops.replay.invoices.reports import read_delays, read_figures
from tests.migrated import MigratedSystem, make_migrated
from tests.ops.replay.complaints.made_up import describe
from tests.ops.replay.complaints.made_up import write as write_complaints
from tests.ops.replay.retail.made_up import line
from tests.ops.replay.retail.made_up import write as write_lines

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("STEWARD_DATA", ROOT / "../shared/data"))
RECEIVABLES = DATA / "receivables/accounts-receivable.csv"
LAST_DAY = date(2012, 2, 29)


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
def test_the_first_two_months_come_out_as_in_the_file(client: Client) -> None:
    history = read_history(RECEIVABLES, currency="USD")
    player = Player(client, history, currency="USD")
    player.play(LAST_DAY, lambda _: None)
    assert player.progress.refused == []
    assert (player.progress.invoices, player.progress.payments) == (187, 90)
    file, reported = figures(client, history, LAST_DAY, "USD", [date(2012, 1, 31), LAST_DAY])
    assert reported == file
    assert reported.reminded == {1: 20, 2: 1, 3: 0}
    assert reported.ageing[-1].total.amount == 601531
    assert next(client.list("/v1/invoices", number="0000611365"), None) is None, "issued in 2013"
    assert client.get("/v1/reports/reconciliation")["is_reconciled"]


def test_a_broken_row_stops_no_other(
    client: Client, system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        "E 1,B-1,3/3/2012,3/4/2012,10.00,3/4/2012",
        "E-2,B-2,3/3/2012,3/4/2012,20.00,3/4/2012",
        "E-2,B-3,3/3/2012,3/4/2012,not much,",
        "E-3,B-2,3/4/2012,3/5/2012,30.00,",
        "E-3,B-5,3/4/2012,3/4/2012,40.00,3/4/2012",
    ]
    path = write(tmp_path / "broken.csv", rows)
    arguments = ["--api", system.url, "--key", system.api_key, "--currency", "EUR"]
    # What the system refuses is missing from its figures, so the two differ: the status says so.
    assert main(["invoices", str(path), *arguments]) == 1
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
        f"G-{n % 4},K-{n:03},3/{7 + n // 6}/2012,3/{9 + n // 6}/2012,{n + 1}.25,"
        + (f"3/{8 + n // 5}/2012" if n % 7 else "")
        for n in range(48)
    ]
    path = write(tmp_path / "killed.csv", rows)
    arguments = [
        "invoices",
        str(path),
        "--api",
        system.url,
        "--key",
        system.api_key,
        "--currency",
        "GBP",
    ]
    for day in (9, 11, 12):
        _kill_on(client, date(2012, 3, day), arguments)
    assert main(arguments) == 0
    history = read_history(path, currency="GBP")
    file, reported = figures(client, history, history.last_day, "GBP", [history.last_day])
    assert reported == file
    numbers = [one["number"] for one in client.list("/v1/invoices") if one["currency"] == "GBP"]
    assert sorted(numbers) == [f"K-{n:03}" for n in range(48)]
    assert main(arguments) == 0, "a replay that is done does nothing and says the same"


def test_a_crm_comes_out_as_in_its_files_and_is_not_entered_twice(
    client: Client, system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts = ["Zeta,retail,,,9,Japan,Eta", "Eta,technolgy,1996,,,Philipines,", "Rho,,,,,Mars,"]
    deals = ["1,Bo Ray,Zeta,,3/20/2012", "2,Ann Lee,Eta,,3/20/2012", "3,Ann Lee,,,", "4,,Eta,,"]
    write_crm(tmp_path, accounts, deals)
    arguments = ["crm", str(tmp_path), "--api", system.url, "--key", system.api_key]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "accounts.csv line 4: office_location 'Mars' is none that is known" in printed
    assert "sales_pipeline.csv line 5: sales_agent is empty." in printed
    assert "differs" not in printed
    entered = list_accounts(client, "crm")
    assert entered["Zeta"]["parent_id"] == entered["Eta"]["account_id"]
    assert main(arguments) == 0
    assert list_accounts(client, "crm") == entered, "what is there is not changed"


def test_complaints_that_are_killed_go_on_where_they_were_and_each_row_is_taken_or_reported(
    client: Client, system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_crm(tmp_path, [], [])
    day = {"Date received": "2012-03-20", "Date sent to company": "2012-03-20"}
    responses = ("In progress", "Closed with explanation", "Untimely response")
    rows = [
        describe(
            number, **day, **{"Company response to consumer": responses[number % 3]}, Issue=issue
        )
        for number, issue in enumerate(("Opening an account", "Other", "Transaction issue") * 8)
    ]
    rows[4] |= {"Timely response?": "No", "Consumer disputed?": "Yes"}
    path = write_complaints(tmp_path / "some.csv", rows)
    given = ["--people", str(tmp_path / "sales_teams.csv")]
    where = ["--api", system.url, "--key", system.api_key]
    arguments = ["complaints", str(path), *given, *where]
    _kill_when(lambda: len(list_cases(client)) > 2, arguments)
    assert main(arguments) == 0
    assert "differs" not in capsys.readouterr().out
    entered = list_cases(client)
    assert len(entered) == len(list(client.list("/v1/cases"))) == len(rows)
    assert (entered[4]["status"], entered[4]["times_reopened"]) == ("acknowledged", 1)
    rows[0] |= {"Company response to consumer": "Closed"}
    arguments[1] = str(write_complaints(path, rows))
    assert main(arguments) == 0, "what has gone on since is taken on"
    entered = list_cases(client)
    assert (entered[0]["status"], entered[3]["status"]) == ("closed", "acknowledged")
    refused = [describe(98, **day, Company="x" * 101), describe(99, **{"Timely response?": "?"})]
    arguments[1] = str(write_complaints(path, [*rows, *refused]))
    assert main(arguments) == 1, "what the system refuses is missing from its figures"
    printed = capsys.readouterr().out
    assert "some.csv line 26: case: reference_id: " in printed
    assert "some.csv line 27: Timely response? '?' is none that is known: Yes, No." in printed
    assert list_cases(client) == entered, "what is done is not done again"


def test_a_shops_lines_that_are_killed_are_each_billed_once_or_reported(
    client: Client, system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def sold(number: str, **facts: object) -> str:
        customer = f"S{int(number[-3:]) % 9}"
        return line(number, **{"customer": customer, "day": "2012-03-21 10:00:00", **facts})

    rows = [sold(f"9{n:03}", quantity=n, price="0.125") for n in range(1, 40)]
    rows += [sold("9003", day="2012-04-01"), sold("C9004", quantity=-3), sold("C9005", quantity=-1)]
    rows += [sold("9041", customer=""), sold("9042", price="0"), sold("A9043")]
    path = write_lines(tmp_path / "shop.csv.xz", rows)
    refused = tmp_path / "refused.csv"
    where = ["--api", system.url, "--key", system.api_key, "--refused", str(refused)]
    arguments = [str(path), *where, "--currency", "CHF"]
    _kill_when(lambda: len(list_accounts(client, "retail")) > 3, arguments)
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "differs" not in printed and "41 documents with 42 lines" in printed
    assert [row.split(",")[0] for row in refused.read_text().splitlines()] == [
        "line",
        "44",
        "45",
        "46",
    ]
    held = [one for one in client.list("/v1/invoices") if one["currency"] == "CHF"]
    assert sorted(one["number"] for one in held) == [f"9{n:03}" for n in range(1, 40)]
    assert {one["issued_on"] for one in held} == {"2012-03-21"}
    arguments[0] = str(write_lines(path, [*rows, sold("9044", article="1," + "x" * 501)]))
    assert main(arguments) == 1, "what the system refuses is missing from its figures"
    printed = capsys.readouterr().out
    assert "Nothing was entered" in printed and "refused by the system" in printed
    assert "47,refused by the system,lines/0/description" in refused.read_text()
    assert held == [one for one in client.list("/v1/invoices") if one["currency"] == "CHF"]


def test_a_shops_sales_that_are_killed_are_each_entered_once_or_reported(
    client: Client, system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def sold(number: str, **facts: object) -> str:
        customer = f"T{int(number[-3:]) % 5}"
        return line(number, **{"customer": customer, "day": "2012-04-05 10:00:00", **facts})

    late: dict[str, object] = {"day": "2012-04-12 09:00:00"}
    rows = [sold(f"8{n:03}", quantity=n, price="2.50") for n in range(1, 25)]
    rows += [sold("8003", article="POST,POSTAGE", quantity=1, price="18"), sold("8031", **late)]
    rows += [sold("C8008", quantity=-2, price="2.50", **late)]
    rows += [sold("C8009", quantity=-90, price="2.00", **late)]  # more than was bought, for less
    rows += [sold("C8010", article="D,Discount", quantity=-1, price="5", **late)]
    rows += [sold("8041", customer=""), sold("8042", price="0"), sold("8043", quantity=-1)]
    path = write_lines(tmp_path / "sold.csv", rows)
    refused = tmp_path / "refused.csv"
    where = ["--api", system.url, "--key", system.api_key, "--refused", str(refused)]
    arguments = ["sales", str(path), *where, "--currency", "SEK"]
    assert main([*arguments, "--until", "2012-04-04"]) == 2, "there is nothing until then"
    assert main([*arguments, "--until", "2012-04-05"]) == 0
    assert "24 documents with 25 lines" in capsys.readouterr().out
    _kill_when(lambda: len(list_orders(client)) > 24, arguments)
    assert main(arguments) == 0
    assert "differs" not in capsys.readouterr().out
    assert [row.split(",")[0] for row in refused.read_text().splitlines()] == [
        "line",
        "31",
        "32",
        "33",
    ]
    held = list_orders(client)
    expected = [*(f"8{n:03}" for n in range(1, 25)), "8031", "C8009", "C8010"]
    assert sorted(held) == sorted(expected)
    returns = [one for one in client.list("/v1/returns") if one["currency"] == "SEK"]
    assert {one["status"] for one in returns} <= {"inspected", "credited"}
    assert main(arguments) == 0
    assert "Nothing was entered" in capsys.readouterr().out
    assert (list_orders(client), len([*client.list("/v1/returns")])) == (held, len(returns))


def test_a_shops_months_that_are_killed_are_each_billed_once_or_reported(
    client: Client, system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def sold(number: str, **facts: object) -> str:
        customer = f"M{int(number[-3:]) % 7}"
        return line(number, **{"customer": customer, "day": "2012-05-05 10:00:00", **facts})

    late: dict[str, object] = {"day": "2012-06-02 09:00:00"}
    rows = [sold(f"7{n:03}", quantity=n) for n in range(1, 40)]
    rows += [sold("7041", **late), sold("7004", day="2012-05-31", price="0.125")]
    rows += [sold("C7008", quantity=-2, **late), sold("C7009", quantity=-1, price="2.00", **late)]
    rows += [sold("7042", customer=""), sold("7043", price="0.001", quantity=1)]
    path = write_lines(tmp_path / "months.csv", rows)
    refused = tmp_path / "refused.csv"
    where = ["--api", system.url, "--key", system.api_key, "--refused", str(refused)]
    arguments = ["retail", str(path), "--by", "month", *where, "--currency", "NOK"]

    def bills() -> list[tuple[str, str, int]]:
        found = [one for one in client.list("/v1/invoices") if one["currency"] == "NOK"]
        return sorted((one["account_id"], one["issued_on"], one["total"]) for one in found)

    def notes() -> list[tuple[bool, str, int]]:
        found = list_notes(client)
        return sorted((one["invoice_id"] is None, one["issued_on"], one["total"]) for one in found)

    _kill_when(lambda: any(client.list("/v1/billables", is_pending=True)), arguments)
    _kill_when(lambda: len(bills()) > 0, arguments)
    assert main(arguments) == 0
    assert "differs" not in capsys.readouterr().out
    assert [row.split(",")[0] for row in refused.read_text().splitlines()] == ["line", "45", "46"]
    days = [day for _, day, _ in bills()]
    assert (days.count("2012-05-31"), days.count("2012-06-30"), len(days)) == (7, 1, 8)
    assert notes() == [(False, "2012-06-02", 510), (True, "2012-06-02", 200)]
    held = bills(), notes()
    assert main(arguments) == 0
    assert "41 lines taken, now or before; 0 credit notes entered" in capsys.readouterr().out
    assert (bills(), notes()) == held
    other = write_lines(tmp_path / "other.csv", [sold("7051", **late), sold("7052", **late)])
    [not_in_it] = [one["account_id"] for one in list_notes(client) if one["invoice_id"]]
    client.post("/v1/charges", of_another(not_in_it))
    arguments[1] = str(other)
    assert main(arguments) == 1, "what is not of the file is not billed"
    assert "foresees 1 lines" in capsys.readouterr().out
    assert (bills(), notes()) == held


def list_notes(client: Client) -> list[dict[str, Any]]:
    return [one for one in client.list("/v1/credit-notes") if one["currency"] == "NOK"]


def of_another(account_id: str) -> dict[str, object]:
    return {
        "account_id": account_id,
        "kind": "one_off",
        "description": "Repair",
        "currency": "NOK",
        "unit_price": 90000,
        "tax_percent": "0.00",
        "start_on": "2012-06-21",
    }


def list_orders(client: Client) -> dict[str, str]:
    return {
        one["external_id"]: one["order_id"]
        for one in client.list("/v1/orders")
        if one["currency"] == "SEK"
    }


def write_crm(folder: Path, accounts: Sequence[str], deals: Sequence[str]) -> None:
    columns = "account,sector,year_established,revenue,employees,office_location,subsidiary_of"
    pipeline = "opportunity_id,sales_agent,account,engage_date,close_date"
    teams = "sales_agent,manager,regional_office\nAnn Lee,Cy Hall,East\nBo Ray,Cy Hall,West"
    (folder / "sales_teams.csv").write_text(teams)
    (folder / "accounts.csv").write_text("\n".join([columns, *accounts]))
    (folder / "sales_pipeline.csv").write_text("\n".join([pipeline, *deals]))


def _kill_on(client: Client, day: date, arguments: list[str]) -> None:
    """Start a replay and kill it as soon as the clock stands at a day."""
    _kill_when(lambda: (now := client.read_clock()) is not None and now.date() >= day, arguments)


def _kill_when(is_reached: Callable[[], bool], arguments: list[str]) -> None:
    replay = subprocess.Popen(
        [sys.executable, "-m", "ops.replay", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        while not is_reached():
            assert replay.poll() is None, "it should still be running"
            time.sleep(0.02)
    finally:
        replay.send_signal(signal.SIGKILL)
        replay.wait()
