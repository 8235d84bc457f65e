"""Texts of the house style that staff changed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from rag.records.conflict import Conflict
from rag.records.tables import HouseTextRow
from rag.records.trail import Who, note


class HouseBook:
    """Keeps changed texts by language and part; what is not changed is not here."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def texts(self) -> Mapping[tuple[str, str], tuple[str, int]]:
        """Text and revision by (language, part)."""
        with Session(self._engine) as session:
            rows = session.scalars(select(HouseTextRow)).all()
            return {(r.language, r.part): (r.text, r.revision) for r in rows}

    def change(self, language: str, part: str, text: str, seen: int, by: Who) -> int:
        """The new revision. Raises Conflict if somebody changed the text since revision `seen` (0: never)."""
        with Session(self._engine) as session, session.begin():
            row = session.get(HouseTextRow, (language, part), with_for_update=True)
            held = row.revision if row else 0
            if held != seen:
                raise Conflict(row.text if row else "", "a colleague", held)
            before = row.text if row else None
            if row is None:
                row = HouseTextRow(language=language, part=part, text=text, revision=1)
                session.add(row)
            else:
                row.text, row.revision = text, held + 1
            note(
                session,
                by,
                "house style changed",
                f"house:{language}:{part}",
                {"before": before, "after": text},
            )
            return row.revision
