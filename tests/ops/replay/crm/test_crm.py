"""Tests of what a CRM's export says before any system has seen it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ops.replay.crm.expected import expect
from ops.replay.crm.records import Crm, read_crm
from ops.replay.rows import UnusableFile

DATA = Path(os.environ.get("STEWARD_DATA", Path(__file__).parents[4] / "../shared/data"))
EXPORT = DATA / "crm"

TEAMS = "sales_agent,manager,regional_office\nAnn Lee,Cy Hall,East\nBo Ray,Di Ford,West\n"
ACCOUNTS = "account,sector,year_established,revenue,employees,office_location,subsidiary_of"
PIPELINE = (
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"
)
ACME = "Acme,technolgy,1996,1100.04,2822,United States,"


def write(folder: Path, accounts: list[str], pipeline: list[str]) -> Path:
    (folder / "sales_teams.csv").write_text(TEAMS)
    (folder / "accounts.csv").write_text("\n".join([ACCOUNTS, *accounts]))
    (folder / "sales_pipeline.csv").write_text("\n".join([PIPELINE, *pipeline]))
    return folder


def read(folder: Path, accounts: list[str], *pipeline: str) -> Crm:
    return read_crm(write(folder, accounts, list(pipeline)))


def deal(number: int, agent: str, account: str, closed: str = "3/1/2017") -> str:
    return f"D{number},{agent},GTXPro,{account},Won,10/20/2016,{closed},1054"


def test_an_account_has_its_country_and_a_note_with_the_sector_as_it_is_spelt(
    tmp_path: Path,
) -> None:
    [acme] = read(tmp_path, [ACME]).accounts
    assert (acme.place.country, acme.place.time_zone) == ("US", "America/New_York")
    assert acme.note == (
        "Sector technology, founded 1996, revenue in millions 1100.04, employees 2822."
    )


def test_what_is_not_known_of_an_account_is_not_in_its_note(tmp_path: Path) -> None:
    crm = read(tmp_path, ["A,,,,,Philipines,", "B,,,,7,Philippines,"])
    assert [(one.note, one.place.country) for one in crm.accounts] == [
        ("", "PH"),
        ("employees 7.", "PH"),
    ]


@pytest.mark.parametrize(
    ("agents", "owner"),
    [
        (["Bo Ray"], "Bo Ray"),
        (["Ann Lee", "Bo Ray", "Bo Ray"], "Bo Ray"),
        (["Bo Ray", "Ann Lee"], "Ann Lee"),
        ([], "Cy Hall"),
    ],
)
def test_the_agent_with_most_opportunities_owns_an_account(
    tmp_path: Path, agents: list[str], owner: str
) -> None:
    deals = [deal(number, agent, "Acme") for number, agent in enumerate(agents)]
    crm = read(tmp_path, [ACME], *deals, deal(98, "Ann Lee", ""), deal(99, "Ann Lee", ""))
    assert crm.owners == {"Acme": owner}
    assert crm.teams == {"Acme": "West" if owner == "Bo Ray" else "East"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Acme,,,,,Japan,", "account Acme stands in line 2 already."),
        ("Bolt,,,,,Atlantis,", "office_location 'Atlantis' is none that is known"),
        (",,,,,Japan,", "account is empty."),
        ("Bolt,,,,,Japan,Nobody", "subsidiary_of 'Nobody' leads to no account"),
        ("Bolt,,,,,Japan,Bolt", "subsidiary_of 'Bolt' leads to no account"),
        ("Bolt,,,,,Japan", "it has 6 values, the first line 7."),
    ],
)
def test_an_account_that_cannot_be_played_is_reported(
    tmp_path: Path, row: str, reason: str
) -> None:
    crm = read(tmp_path, [ACME, row])
    assert [one.name for one in crm.accounts] == ["Acme"]
    [broken] = crm.broken
    assert str(broken).startswith(f"accounts.csv line 3: {reason}")


def test_whose_parent_cannot_be_played_is_left_out_with_all_below(tmp_path: Path) -> None:
    rows = ["C,,,,,Japan,B", "B,,,,,Japan,A", "A,,,,,Atlantis,", "E,,,,,Japan,D", ACME]
    crm = read(tmp_path, [*rows, "D,,,,,Japan,Acme"])
    assert [one.name for one in crm.accounts] == ["E", "Acme", "D"]
    assert sorted(one.line for one in crm.broken) == [2, 3, 4]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (deal(1, "Ann Lee", "Acme"), "opportunity_id D1 stands in line 2 already."),
        (deal(2, "Nobody", "Acme"), "sales_agent 'Nobody' is not in sales_teams.csv."),
        (deal(2, "Ann Lee", "Bolt"), "account 'Bolt' is none that is played"),
        (deal(2, "Ann Lee", "Acme", "2/30/2017"), "close_date '2017-02-30' is no day"),
        (deal(2, "Ann Lee", "Acme", "soon"), "close_date 'soon' is no day"),
    ],
)
def test_an_opportunity_that_tells_nothing_is_reported(
    tmp_path: Path, row: str, reason: str
) -> None:
    crm = read(tmp_path, [ACME], deal(1, "Ann Lee", "Acme"), row)
    assert len(crm.opportunities) == 1
    [broken] = crm.broken
    assert str(broken).startswith(f"sales_pipeline.csv line 3: {reason}")


def test_an_export_without_accounts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="no row can be played"):
        read(tmp_path, [])


@pytest.mark.skipif(not EXPORT.exists(), reason=f"{EXPORT.name} is not on this machine")
def test_the_figures_that_follow_from_the_published_export() -> None:
    crm = read_crm(EXPORT)
    figures = expect(crm)
    assert crm.broken == []
    assert figures["accounts"] == {"in all": 85}
    assert figures["accounts by sector"]["technology"] == 12
    assert figures["accounts by manager"] == {
        "Cara Losch": 4,
        "Celia Rouche": 10,
        "Dustin Brinkmann": 2,
        "Melvin Marxen": 26,
        "Rocco Neubert": 23,
        "Summer Sewald": 20,
    }
    assert len(figures["parent of account"]) == 15
    assert sum(crm.people.reports.values()) == len(crm.people.agents) == 35
    assert sum(not one.account for one in crm.opportunities) == 1425
