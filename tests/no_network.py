"""`python -m tests.no_network MODULE_OR_FILE …`: runs it with every way out of this machine closed."""

from __future__ import annotations

import ipaddress
import runpy
import socket
import sys
from typing import Any

_connect, _connect_ex, _lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


class WayOutClosedError(BaseException):
    """Not an Exception: nothing that shrugs off network errors may swallow it."""


def _check(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        inside = ipaddress.ip_address(str(name)).is_loopback or str(name) in ("0.0.0.0", "::")
    except ValueError:
        inside = False
    if not inside:
        print(f"WAY OUT: {name}", file=sys.stderr, flush=True)
        raise WayOutClosedError(str(name))


def _guarded_connect(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6):
        _check(address[0])
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    if self.family in (socket.AF_INET, socket.AF_INET6):
        _check(address[0])
    return _connect_ex(self, address)


def _guarded_lookup(host: Any, *rest: Any, **named: Any) -> Any:
    _check(host)
    return _lookup(host, *rest, **named)


def close_the_ways_out() -> None:
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = _guarded_lookup


if __name__ == "__main__":
    close_the_ways_out()
    target, sys.argv = sys.argv[1], sys.argv[1:]
    if target.endswith(".py"):
        runpy.run_path(target, run_name="__main__")
    else:
        runpy.run_module(target, run_name="__main__", alter_sys=True)
