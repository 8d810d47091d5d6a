"""Charges that an earlier version left behind their history go on."""

from __future__ import annotations

import importlib

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import update

from services.billing.charges.models import Charge
from tests.services.billing.charging import Charging, day

pytestmark = pytest.mark.server

mended = importlib.import_module("services.billing.migrations.versions.0048_mended_charges")


def test_a_charge_whose_history_has_a_version_that_it_had_not_has_it_and_can_be_changed(
    books, account
):
    books.today = day("03-12")
    charging = Charging(books, account)
    stuck, other = charging.add(), charging.add()
    for charge_id in (stuck, other):
        charging.act("change", charge_id, unit_price=29900)
    moved_on = charging.charge(other).version + 3
    for charge_id, version in ((stuck, 1), (other, moved_on)):
        books.session.execute(
            update(Charge).where(Charge.charge_id == charge_id).values(version=version)
        )
    with Operations.context(MigrationContext.configure(books.session.connection())):
        mended.downgrade()
        mended.upgrade()
    assert [charging.charge(each).version for each in (stuck, other)] == [2, moved_on]
    assert charging.act("change", stuck, unit_price=30000).version == 3
