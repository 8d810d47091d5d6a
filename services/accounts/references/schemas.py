"""What comes in and goes out about references."""

from __future__ import annotations

from typing import ClassVar

from chassis.fields import Id, OneLine, PageQuery, Schema
from services.accounts.accounts.schemas import (
    REFERENCE_ID,
    SYSTEM,
    ExternalReference,
    OpenAccount,
    System,
)


class Reference(ExternalReference):
    """What another system calls an account."""

    account_id = Id("acc", required=True)


class ReferencePath(Schema):
    """An account and what another system calls it."""

    account_id = Id("acc", required=True)
    system = System(required=True, metadata=SYSTEM)
    reference_id = OneLine(longest=100, required=True, metadata=REFERENCE_ID)

    example: ClassVar = {"system": "crm", "reference_id": "0015g00000Xq"}


class FindOrOpenAccount(OpenAccount):
    """What another system calls an account, and what it is opened with where there is none."""

    system = System(required=True, metadata=SYSTEM)
    reference_id = OneLine(longest=100, required=True, metadata=REFERENCE_ID)

    example: ClassVar = {**OpenAccount.example, "system": "crm", "reference_id": "0015g00000Xq"}


class ReferenceQuery(PageQuery):
    """Whose references to list."""

    account_id = Id("acc", required=True)
