"""Tests of who works in a file: agents, those above them, offices."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.replay.people import People, email_of, read_people
from ops.replay.rows import UnusableFile

HEADER = "sales_agent,manager,regional_office"


def read(folder: Path, *rows: str) -> People:
    path = folder / "teams.csv"
    path.write_text("\n".join([HEADER, *rows]))
    return read_people(path)


def test_managers_come_before_those_who_report_to_them_at_any_depth(tmp_path: Path) -> None:
    people = read(tmp_path, "Cy,Bo,East", "Bo,Al,West", "Di,Al,West")
    named = [[(one.name, one.manager, one.is_manager) for one in rank] for rank in people.ranks]
    assert named == [
        [("Al", None, True)],
        [("Bo", "Al", True), ("Di", "Al", False)],
        [("Cy", "Bo", False)],
    ]
    assert people.reports == {"Al": 2, "Bo": 1}


def test_an_office_has_its_agents_and_their_managers(tmp_path: Path) -> None:
    people = read(tmp_path, "Cy,Al,East", "Bo,Al,West")
    assert people.offices == {"East": ["Al", "Cy"], "West": ["Al", "Bo"]}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Ann Lee,Cy,East", "sales_agent Ann Lee stands in line 2 already."),
        (",Cy,East", "sales_agent is empty."),
        ("Bo,,East", "manager is empty."),
        ("Bo,Cy,", "regional_office is empty."),
        ("Bo,Bo,East", "manager Bo reports to Bo in the end."),
        ("李明,Cy,East", "sales_agent '李明' has no Latin letter to make an address of."),
        (f"{'x' * 65},Cy,East", "sales_agent is no name of up to 64 letters in one line."),
        ('Bo,"C\ny",East', "manager is no name of up to 64 letters in one line."),
        ("Bo,Cy", "it has 2 values, the first line 3."),
    ],
)
def test_a_row_that_names_nobody_is_reported(tmp_path: Path, row: str, reason: str) -> None:
    people = read(tmp_path, "Ann Lee,Cy,East", row)
    assert people.names == ["Ann Lee"]
    assert [str(one) for one in people.broken] == [f"teams.csv line 3: {reason}"]


def test_a_circle_of_managers_leaves_out_all_who_are_in_it_or_below(tmp_path: Path) -> None:
    people = read(tmp_path, "Al,Bo,East", "Bo,Al,East", "Cy,Bo,East", "Di,Ed,East")
    assert people.names == ["Di"]
    assert [one.line for one in people.broken] == [2, 3, 4]


def test_a_file_that_names_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="no row names anybody"):
        read(tmp_path, "Bo,,East")


def test_a_name_is_an_address() -> None:
    assert email_of("Mei-Mei  Johns") == "mei-mei.johns@crm.example"
