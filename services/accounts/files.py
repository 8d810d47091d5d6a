"""The files that accounts takes."""

from __future__ import annotations

from chassis.files import DOCX, JPEG, PDF, PNG, XLSX, FileKind

CHECKLIST_DOCUMENT = FileKind("checklist_document", (PDF, PNG, JPEG, DOCX, XLSX))
