"""The site with the staff rooms over the real texts, and people to sign in as."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.answering.support import SupportVerifier
from rag.models.languages import LinguaIdentifier
from rag.records.trail import Who
from rag.settings import Settings
from rag.ui.service import Desk
from rag.web.application import create_app
from rag.web.desk import staff_rooms
from rag.web.staff import Staff, open_staff
from tests.drafting.corpus_assistant import CorpusAssistant

PASSWORD = "correct horse battery"
PEOPLE = {
    "ann": ["press"],
    "cas": ["press"],
    "bob": ["approver"],
    "eve": ["evaluator"],
}


@dataclass
class Rooms:
    settings: Settings
    staff: Staff
    desk: Desk

    @property
    def extension(self) -> Any:
        return staff_rooms(self.desk, self.staff, SupportVerifier(), LinguaIdentifier())

    def app(self) -> FastAPI:
        return create_app(self.desk, self.settings, [self.extension])


def make_rooms(folder: Path, *, people: bool = True, **settings: object) -> Rooms:
    made = Settings(_env_file=None, data_dir=folder, **settings)  # type: ignore[arg-type]
    staff = open_staff(made)
    for name, roles in PEOPLE.items() if people else ():
        staff.accounts.add(name, PASSWORD, roles, Who(None, "test"), name.capitalize())
    return Rooms(made, staff, Desk(CorpusAssistant()))


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> str:
    """Signs in; the session's CSRF token."""
    answer = client.post("/staff/sign-in", data={"name": name, "password": password}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return "" if name == "eve" else csrf_of(client.get("/desk").text)


def csrf_of(page: str) -> str:
    found = re.search(r'<meta name="csrf" content="([^"]+)"', page)
    assert found, page[:500]
    return found[1]
