"""A firm that was there before it had cases: its hours are where it is."""

from __future__ import annotations

import importlib

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from services.accounts.calendars.queries import read_timetable
from services.accounts.company.schemas import SetCompany

pytestmark = pytest.mark.server

VERSIONS = "services.accounts.migrations.versions"
cases = importlib.import_module(f"{VERSIONS}.0016_cases")
references = importlib.import_module(f"{VERSIONS}.0030_case_references")  # likewise
remedies = importlib.import_module(f"{VERSIONS}.0021_remedies")  # which refer to cases


@pytest.fixture
def migrate(office) -> None:
    office.do("set_company", **SetCompany.example)
    with Operations.context(MigrationContext.configure(office.session.connection())):
        references.downgrade()
        remedies.downgrade()
        cases.downgrade()
        cases.upgrade()


@pytest.mark.usefixtures("migrate")
def test_hours_are_those_of_the_company_from_the_beginning(office) -> None:
    hours = office.do("get_working_hours")
    assert (hours["country"], hours["time_zone"]) == ("DE", "Europe/Berlin")
    assert [one["opens"] for one in hours["week"]] == ["09:00"] * 5
    timetable = read_timetable(office.session, zone=office.clock.zone)
    assert str(timetable.at(office.moment.replace(year=2001)).zone) == "Europe/Berlin"


@pytest.mark.usefixtures("migrate")
def test_causes_begin_with_the_usual_ones(office) -> None:
    names = [one["name"] for one in office.do("list_case_causes")["items"]]
    assert (len(names), names[0], names[-1]) == (9, "Delivered late", "None found")
