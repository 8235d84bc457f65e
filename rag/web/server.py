"""Opens the port and serves; says in plain words why it cannot."""

from __future__ import annotations

import errno
import socket
import tempfile

import uvicorn
from fastapi import FastAPI

from rag.domain.errors import ServerError, SettingsError
from rag.settings import Settings

GRACE_SECONDS = 3
BACKLOG = 512


def open_port(settings: Settings) -> socket.socket:
    """A socket listening where the settings say. Raises ServerError naming the address and the way out."""
    host, port = settings.host, settings.port
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        opened = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise ServerError(f"HOST={host!r} is not an address of this machine. {_HOST_ADVICE}") from error
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(BACKLOG)
    except OSError as error:
        opened.close()
        raise ServerError(_reason(error, host, port)) from error
    return opened


_HOST_ADVICE = "Use HOST=127.0.0.1 for this machine only, or HOST=0.0.0.0 for the whole network."


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use by another program. Stop that program or choose another port, "
            f"for example: PORT={port + 1 if port < 65535 else 7861} make run"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} is not open to this user; choose one above 1023, for example: PORT=7860 make run"
    if error.errno in (errno.EADDRNOTAVAIL, errno.EINVAL):
        return f"HOST={host!r} is not an address of this machine. {_HOST_ADVICE}"
    return f"Port {port} on {host} could not be opened: {error.strerror or error}."


def check_data_folder(settings: Settings) -> None:
    """Raises SettingsError if nothing can be written to the data folder."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SettingsError(
            f"DATA_DIR={str(folder)!r} cannot be written ({error.strerror or error}). "
            "Make it writable, or choose another folder: DATA_DIR=/some/folder make run"
        ) from error


def address_of(settings: Settings) -> str:
    """Where a person opens the service in a browser on this machine."""
    if settings.public_url:
        return settings.public_url
    host = "localhost" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def make_server(app: FastAPI) -> uvicorn.Server:
    """The server, not yet running. It keeps no access log: addresses may hold questions."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
