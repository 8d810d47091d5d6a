"""What is true of a company: bank accounts whose numbers add up, and a seat."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from io import BytesIO

from PIL import Image
from stdnum import bic, iban

from kernel.refusals import Invalid, NotFound
from services.accounts.addresses.rules import AddressKind

PICTURES = ("PNG", "JPEG")
PIXELS_MAX = 2000


class TaxRounding(StrEnum):
    """What billing rounds tax by: all of a document at one rate, or each line."""

    DOCUMENT = "document"
    LINE = "line"


def read_iban(text: str) -> str | None:
    """An IBAN without spaces (ISO 13616: length and form of its country, check digits); None where it is
    none."""
    compact = iban.compact(text)
    return str(compact) if iban.is_valid(compact) else None


def read_bic(text: str) -> str | None:
    """A BIC in capitals (ISO 9362); None where it is none."""
    compact = bic.compact(text)
    return str(compact) if bic.is_valid(compact) else None


def require_picture(content: bytes) -> None:
    """Refuse a logo that nobody can draw: damaged, or too large to be one."""
    try:
        with Image.open(BytesIO(content), formats=PICTURES) as picture:
            size = picture.size
            if max(size) <= PIXELS_MAX:
                picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        detail = "This picture cannot be read; save it as PNG or JPEG once more, and send that."
        raise Invalid("logo_unreadable", detail, field="logo_file_id") from error
    if max(size) > PIXELS_MAX:
        detail = f"It has {size[0]} x {size[1]} pixels; {PIXELS_MAX} each way are the most."
        raise Invalid("logo_too_large", detail, field="logo_file_id")


def require_seat(kinds: Collection[AddressKind]) -> None:
    """Refuse a company without a seat, or with two addresses for one thing."""
    if AddressKind.LEGAL not in kinds:
        raise Invalid(
            "seat_missing", "Give the address of the seat (kind legal).", field="addresses"
        )
    if len(set(kinds)) < len(kinds):
        raise Invalid("address_twice", "Give one address of each kind.", field="addresses")


def require_answerable(email_from: str | None) -> None:
    """Refuse an address that not every mail server can answer (RFC 6531)."""
    if email_from is not None and not email_from.rpartition("@")[0].isascii():
        raise Invalid("not_ascii", "Before the @ it must be in ASCII.", field="email_from")


def not_set() -> NotFound:
    """That nobody has said yet who we are."""
    return NotFound("company_not_set", "Nobody has said yet who we are: PUT /v1/company does.")
