"""In which way a shop's file is billed in a system: it is by shipment, or by the month, never both."""

from collections.abc import Collection
from pathlib import Path

from ops.client import Client
from ops.replay.retail.records import Survey
from ops.replay.retail.reports import list_held
from ops.replay.rows import UnusableFile


def require_not_by_shipment(
    client: Client, path: Path, found: Survey, account_ids: Collection[str]
) -> None:
    """Raises:
    UnusableFile: documents of the file are billed to these accounts by shipment.
    """
    if any(list_held(client, found, account_ids)):
        raise UnusableFile(
            f"{path}: its documents are billed in this system by shipment already. Go on by shipment, or "
            "play it by month into another one."
        )


def require_not_by_month(
    client: Client, path: Path, found: Survey, account_ids: Collection[str]
) -> None:
    """Raises:
    UnusableFile: lines of the file are billed to these accounts by the month, or wait for it.
    """
    for charge in client.list("/v1/charges"):
        number, _, place = (charge["external_id"] or "").rpartition("/")
        is_line = place.isdecimal() and number in found.headings
        if is_line and charge["account_id"] in account_ids:
            raise UnusableFile(
                f"{path}: its lines are billed in this system by the month already. Go on by month, or "
                "play it by shipment into another one."
            )
