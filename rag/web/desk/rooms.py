"""Adds the staff entrance and the press desk to the application."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI

from rag.ui.service import Desk
from rag.web.staff.rooms import Staff
from rag.web.staff.signing import sign_in_routes


def staff_rooms(desk: Desk, staff: Staff) -> Callable[[FastAPI], None]:
    """An extension for `create_app`: sign-in and press desk over the opened store."""

    def extend(app: FastAPI) -> None:
        app.state.staff = staff
        app.include_router(sign_in_routes())

    return extend
