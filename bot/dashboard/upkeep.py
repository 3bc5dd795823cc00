"""What whoever runs the bot sees: the audit log, and nothing that anybody answered."""

from typing import Any

from fastapi import Response
from sqlmodel import Session, col, func, select

from bot.anchor import what_is_wrong
from bot.audit import AuditEntry
from bot.dashboard.questions import page_in
from bot.dashboard.visit import Visit

PAGE = 50


async def audit(visit: Visit) -> Response:
    """Who did what about what, the newest first, and whether the log is whole."""
    ledger = visit.database.ledger

    def look(session: Session) -> dict[str, Any]:
        page = page_in(visit, "page")
        rows = select(AuditEntry).order_by(col(AuditEntry.number).desc()).offset(PAGE * (max(page, 1) - 1)).limit(PAGE)
        count = session.exec(select(func.count()).select_from(AuditEntry)).one()
        return {
            "entries": list(session.exec(rows)),
            "page": page,
            "pages": -(-count // PAGE),
            "wrong": what_is_wrong(session, ledger),
        }

    return visit.show("audit.html", **await visit.database.read(look))
