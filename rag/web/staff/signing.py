"""The pages at which staff sign in and out, and the one-time link for a first look."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from rag.records.accounts import Role
from rag.records.sessions import SignedIn, TooManyAttempts
from rag.settings import Settings
from rag.web.server import address_of
from rag.web.staff.door import SESSION_COOKIE, SIGN_IN, is_loopback, is_secure, require_role
from rag.web.staff.pages import staff_page
from rag.web.staff.rooms import Staff, staff_of

FIRST_LOOK = "/staff/first-look"
REFUSED = "Name and password do not fit. Nothing else is wrong; try again."
SHUT = "Too many attempts. Wait a quarter of an hour and try again."


def sign_in_routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get(SIGN_IN)
    def show(request: Request, next: str = "") -> Response:
        return _form(request, next)

    @router.post(SIGN_IN)
    def enter(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "",
    ) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise HTTPException(403, "Sign in from this site's own page.")
        staff = staff_of(request)
        address = request.client.host if request.client else ""
        try:
            token = staff.sessions.sign_in(name, password, address)
        except TooManyAttempts:
            return _form(request, next, SHUT, 429)
        if token is None:
            return _form(request, next, REFUSED, 401)
        return _let_in(request, staff, token, next)

    @router.post("/staff/sign-out")
    def leave(request: Request, person: Annotated[SignedIn, Depends(require_role())]) -> Response:
        staff_of(request).sessions.sign_out(request.cookies[SESSION_COOKIE])
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(SESSION_COOKIE, path="/")
        return response

    @router.get("/staff")
    def hall(person: Annotated[SignedIn, Depends(require_role())]) -> Response:
        return RedirectResponse(_home(person.account.roles), 303)

    @router.get(FIRST_LOOK)
    def first_look(request: Request, token: str = "") -> Response:
        staff = staff_of(request)
        near = is_loopback(request.client.host if request.client else "")
        if not near or not is_loopback(staff.settings.host):
            raise HTTPException(403, "The one-time link works on the machine itself only.")
        session = staff.sessions.use_first_look(token)
        if session is None:
            return _form(
                request, "", "The link was used before or has run out; start again for a new one.", 401
            )
        return _let_in(request, staff, session, "/desk")

    return router


def first_look_link(staff: Staff, settings: Settings) -> str | None:
    """The one-time link to print at start: on loopback, and while nobody has an account."""
    if not is_loopback(settings.host):
        return None
    token = staff.sessions.make_first_look()
    return f"{address_of(settings)}{FIRST_LOOK}?token={token}" if token else None


def _home(roles: frozenset[Role]) -> str:
    return "/desk" if roles & {Role.PRESS, Role.APPROVER, Role.ADMINISTRATOR} else "/workbench"


def _let_in(request: Request, staff: Staff, token: str, wanted: str) -> Response:
    person = staff.sessions.person(token)
    home = _home(person.account.roles) if person else SIGN_IN
    response = RedirectResponse(_own_path(wanted) or home, 303)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(staff.sessions.life.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=is_secure(request, staff),
    )
    return response


def _own_path(wanted: str) -> str:
    """A path of the staff rooms, never another site."""
    rooms = ("/desk", "/workbench", "/staff")
    own = wanted.startswith(rooms) and not any(c in wanted for c in "\\\r\n")
    return wanted if own else ""


def _form(request: Request, next: str, trouble: str = "", status: int = 200) -> Response:
    return staff_page(request, "sign_in.html", {"next": _own_path(next), "trouble": trouble}, status=status)
