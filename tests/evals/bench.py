"""Six claims with known answers to every sum, and an application that holds nothing but the workbench."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from starlette.testclient import TestClient

from evals.workbench.preparing import MakeItems, Preparation
from evals.workbench.rooms import add_workbench
from rag.records.ratings import Batch, Label, NewItem
from rag.records.trail import Who
from rag.settings import Settings
from rag.ui.service import Desk
from rag.web.application import create_app
from rag.web.desk import staff_rooms
from rag.web.staff import Staff, open_staff
from tests.web.handmade import HandmadeAssistant

TEST = Who(None, "test")
PASSWORD = "a long enough password"
SUPPORTED, PARTIAL, UNSUPPORTED, CONTRADICTED, CANNOT_TELL = Label
BATCH = "six"

SIX = (
    # claim, Ann, Bob, automatic
    ("Claim one.", SUPPORTED, SUPPORTED, SUPPORTED),
    ("Claim two.", SUPPORTED, SUPPORTED, PARTIAL),
    ("Claim three.", SUPPORTED, PARTIAL, SUPPORTED),
    ("Claim four.", UNSUPPORTED, UNSUPPORTED, UNSUPPORTED),
    ("Claim five.", UNSUPPORTED, CONTRADICTED, UNSUPPORTED),
    ("Claim six.", PARTIAL, PARTIAL, PARTIAL),
)
ANN = {claim: ann for claim, ann, _, _ in SIX}
BOB = {claim: bob for claim, _, bob, _ in SIX}
RAW = 4 / 6
"""Ann and Bob agree on claims 1, 2, 4 and 6."""
ALPHA = 0.56
"""Of 12 ratings: supported 5, partial 3, unsupported 3, contradicted 1. Observed disagreement (2 + 2) / 12;
expected 1 - (5*4 + 3*2 + 3*2 + 1*0) / (12*11) = 100/132; alpha = 1 - (1/3) / (100/132) = 1 - 44/100."""
KAPPA = 7 / 11
"""Of Ann's and Bob's shared labels (1, 2, 4, 6) with the automatic ones: 3 of 4 the same; by chance
supported 2/4*1/4, partial 1/4*2/4, unsupported 1/4*1/4, in all 5/16; (12/16 - 5/16) / (11/16)."""


def new_item(
    claim: str, automatic: Label | None = None, known: Label | None = None, **hidden: object
) -> NewItem:
    passage = {
        "label": "Decision 1, paragraph 2",
        "title": "A decision",
        "language": "da",
        "quote": f"Kilden siger noget om <b>{claim}</b>",
        "translation": {"language": "en", "text": f"The source says something of {claim}"},
        "date": "2000-05-29",
        "viewer": "/source/decision?spans=1-20#cited",
    }
    return NewItem(
        claim=claim,
        shown={
            "question": "What is said?",
            "language": "en",
            "answer": ["Before it.", claim],
            "at": 1,
            "passages": [passage],
        },
        hidden={"base": claim, "systems": ["system-under-test"], "reasons": [], **hidden},
        automatic_label=automatic.value if automatic else None,
        automatic_score=0.5 if automatic else None,
        known_label=known,
    )


def six_items() -> tuple[NewItem, ...]:
    return tuple(new_item(claim, automatic) for claim, _, _, automatic in SIX)


def add_six(staff: Staff) -> Batch:
    return staff.ratings.add_batch("Six claims", six_items(), TEST, seed=1, id=BATCH)


def open_store(folder: Path) -> Staff:
    """A store with the evaluators Ann, Bob and Eve."""
    shutil.copy(_furnished() / "records.sqlite3", folder)
    return open_staff(Settings(_env_file=None, data_dir=folder))


@cache
def _furnished() -> Path:
    """A folder whose database has its tables and people: made once, copied for each test."""
    folder = Path(tempfile.mkdtemp(prefix="workbench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    staff = open_staff(Settings(_env_file=None, data_dir=folder))
    for name in ("ann", "bob", "eve"):
        staff.accounts.add(name, PASSWORD, ["evaluator"], TEST, name.capitalize())
    staff.engine.dispose()
    return folder


def make_app(staff: Staff, make_items: MakeItems | None = None) -> tuple[FastAPI, Preparation]:
    """The application without the chat."""
    desk = Desk(HandmadeAssistant())
    made: list[Preparation] = []
    app = create_app(
        desk,
        staff.settings,
        [staff_rooms(desk, staff), lambda app: made.append(add_workbench(app, desk, staff, make_items))],
    )
    return app, made[0]


class Evaluator:
    """A signed-in person at the other end of HTTP; redirects are not followed."""

    def __init__(self, app: FastAPI, name: str) -> None:
        self.http = TestClient(app, base_url="http://testserver", follow_redirects=False)
        answer = self.http.post("/staff/sign-in", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        self.csrf = csrf_of(self.http.get(f"/workbench/batches/{BATCH}").text)

    def post(self, path: str, **form: str) -> object:
        return self.http.post(path, data={"csrf": self.csrf, **form})

    def rate(self, item: str, label: Label, why: str = "") -> object:
        return self.post(f"/workbench/claims/{item}", label=label.value, why=why)


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" content="([^"]+)"', page)
    assert found, page
    return found.group(1)
