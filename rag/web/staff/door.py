"""Lets people in by role, and takes no form or change without the session's own token (CSRF)."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import quote

import anyio
from fastapi import HTTPException, Request

from rag.records.accounts import Role
from rag.records.sessions import SignedIn
from rag.web.staff.rooms import Staff, staff_of

SESSION_COOKIE = "staff_session"
CSRF_FIELD = "csrf"
CSRF_HEADER = "x-csrf-token"
SIGN_IN = "/staff/sign-in"
_SAFE = ("GET", "HEAD")


def require_role(*roles: Role | str) -> Callable[[Request], Awaitable[SignedIn]]:
    """A dependency: the signed-in person, if they have one of `roles` (an administrator has all).

    Without a session a page leads to the sign-in and anything else is refused with 401; with the
    wrong role it is 403, and so is a POST without the session's token in the form field `csrf` or
    the header `X-CSRF-Token`.
    """
    wanted = frozenset(Role(role) for role in roles)

    async def enter(request: Request) -> SignedIn:
        person = await signed_in(request)
        if person is None:
            raise _turned_away(request)
        held = person.account.roles
        if wanted and not held & wanted and Role.ADMINISTRATOR not in held:
            raise HTTPException(403, f"This page is for {', '.join(sorted(wanted))}; your account is not.")
        if request.method not in _SAFE:
            await check_csrf(request, person)
        return person

    return enter


async def signed_in(request: Request) -> SignedIn | None:
    token = request.cookies.get(SESSION_COOKIE)
    return await anyio.to_thread.run_sync(staff_of(request).sessions.person, token)


async def check_csrf(request: Request, person: SignedIn) -> None:
    given = request.headers.get(CSRF_HEADER, "")
    content = request.headers.get("content-type", "")
    if not given and content.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        field = (await request.form()).get(CSRF_FIELD, "")
        given = field if isinstance(field, str) else ""
    if not secrets.compare_digest(given.encode(), person.csrf.encode()):
        raise HTTPException(403, "This form is out of date. Go back, load the page again and repeat.")


def _turned_away(request: Request) -> HTTPException:
    wants_page = request.method in _SAFE and "application/json" not in request.headers.get("accept", "")
    if not wants_page:
        return HTTPException(401, "Sign in first.")
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return HTTPException(303, "Sign in first.", {"Location": f"{SIGN_IN}?next={quote(path, safe='')}"})


def is_secure(request: Request, staff: Staff) -> bool:
    """Whether people reach us by https, directly or through a proxy that says so in PUBLIC_URL."""
    return request.url.scheme == "https" or staff.settings.public_url.startswith("https:")


def is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
