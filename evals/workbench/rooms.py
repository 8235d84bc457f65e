"""Adds the workbench to the application; its data is behind the staff sign-in, its look is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from evals.workbench.preparing import MakeItems, Preparation
from evals.workbench.rating_pages import rating_routes
from evals.workbench.result_pages import result_routes
from evals.workbench.room import Room
from rag.ui.service import Desk
from rag.web.staff import Staff

LOOK = Path(__file__).parent / "static"


def workbench(desk: Desk, staff: Staff) -> Callable[[FastAPI], None]:
    """An extension for `create_app`, to come after the staff rooms'."""

    def extend(app: FastAPI) -> None:
        add_workbench(app, desk, staff)

    return extend


def add_workbench(app: FastAPI, desk: Desk, staff: Staff, make_items: MakeItems | None = None) -> Preparation:
    """The rooms at /workbench. `make_items` stands in for asking the default questions."""
    preparation = Preparation(desk, staff, make_items)
    room = Room(staff, preparation)
    app.include_router(rating_routes(room))
    app.include_router(result_routes(room))
    app.mount("/workbench-look", StaticFiles(directory=LOOK), name="workbench-look")
    return preparation
