"""Who may do what on the broker, and how an instance may be named."""

import re
from pathlib import Path

import pytest

from ops import instances


@pytest.mark.parametrize(
    ("user", "may", "name", "expected"),
    [
        ("billing", "configure", "billing.sales.order_placed", True),
        ("billing", "configure", "billing.events", True),
        ("billing", "configure", "sales.events", True),
        ("billing", "configure", "sales.billing.invoice_issued", False),
        ("billing", "configure", "nameko-rpc", True),
        ("billing", "configure", "rpc-billing", True),
        ("billing", "write", "amq.default", True),
        ("billing", "configure", "amq.default", False),
        ("billing", "read", "collections.billing.invoice_issued", False),
        ("billing", "read", "xbilling.events.more", False),
        ("gateway", "write", "nameko-rpc", True),
        ("gateway", "configure", "gateway.feed", True),
        ("gateway", "read", "billing.events", True),
        ("gateway", "read", "billing.sales.order_placed", False),
        ("admin", "read", "billing.sales.order_placed", True),
    ],
)
def test_a_user_may(user: str, may: str, name: str, *, expected: bool) -> None:
    pattern = getattr(instances.PERMISSIONS[user], may)
    assert bool(re.search(pattern, name)) is expected


@pytest.mark.parametrize("name", ["", "Main", "1st", "a-b", "broker", "x" * 41, "a; drop"])
def test_a_name_that_would_do_harm_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="An instance is named"):
        instances.check_name(name)


@pytest.mark.parametrize("owner", instances.OWNERS)
def test_the_longest_name_fits_a_postgresql_identifier(owner: str) -> None:
    assert len(instances.name_database("x" * 40, owner)) <= 63


def test_services_are_the_folders_that_are_there_and_in_an_image_those_that_were(
    tmp_path: Path,
) -> None:
    for name in ("sales", "desk"):
        (tmp_path / "services" / name).mkdir(parents=True)
        (tmp_path / "services" / name / "service.py").touch()
    (tmp_path / "services" / "gone" / "__pycache__").mkdir(parents=True)
    assert instances.find_services(tmp_path) == ("desk", "sales")
    (tmp_path / "ops").mkdir()
    (tmp_path / "ops" / "services.txt").write_text("billing\ndesk\n")
    assert instances.find_services(tmp_path) == ("billing", "desk")
