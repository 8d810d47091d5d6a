"""Making packs of accounts, and drawing them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.accounts.packs.drawing import draw_pack
from services.accounts.packs.queries import read_sections
from services.accounts.packs.rules import Pack, freeze


def pack_accounts(session: Session, account_ids: Sequence[str], day: date) -> dict[str, Pack]:
    """The pack of each of these accounts, as things stand now."""
    read = read_sections(session, account_ids, day)
    return {account_id: freeze(sections) for account_id, sections in read.items()}


def read_pack(text: str) -> dict[str, Any]:
    """The sections of a pack that was frozen, in their order."""
    sections: dict[str, Any] = json.loads(text)
    return sections


def draw(pack: Pack, *, subtitle: str, frozen_at: datetime) -> bytes:
    """A pack that was frozen, as a PDF."""
    sections = read_pack(pack.text)
    account = sections["account"]
    title = f"{account['number']} {account['name']}"
    return draw_pack(
        sections, title=title, subtitle=subtitle, sha256=pack.sha256, frozen_at=frozen_at
    )
