"""The files that accounts takes."""

from __future__ import annotations

from chassis.contract import Reach
from chassis.files import DOCX, JPEG, PDF, PNG, XLSX, FileKind

CHECKLIST_DOCUMENT = FileKind("checklist_document", (PDF, PNG, JPEG, DOCX, XLSX))
LOGO = FileKind("logo", (PNG, JPEG), Reach.SHARED, bytes_max=100 * 1024)  # it travels in events
