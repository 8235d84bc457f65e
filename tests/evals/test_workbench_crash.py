"""The server is killed while ratings come in: whatever was acknowledged is there, and work goes on from it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from rag.web.staff import Staff
from tests.evals.bench import BATCH, PARTIAL, PASSWORD, SUPPORTED, TEST, csrf_of, new_item, open_store

CLAIMS = 60
BEFORE_THE_CRASH = 25
KILL_AFTER_SECONDS = 0.03
"""While more ratings are on their way."""
START_SECONDS = 90


@contextmanager
def served(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    command = [sys.executable, "-m", "tests.evals.bench_server", str(folder), str(port)]
    process = subprocess.Popen(command)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@contextmanager
def entered(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, follow_redirects=False, timeout=30) as person:
        ends = time.monotonic() + START_SECONDS
        while True:
            try:
                answer = person.post("/staff/sign-in", data={"name": "ann", "password": PASSWORD})
                break
            except httpx.TransportError:
                assert time.monotonic() < ends, "the server did not start"
                time.sleep(0.1)
        assert answer.status_code == 303
        yield person


def rate_until_it_dies(person: httpx.Client, items: list[str], process: subprocess.Popen[bytes]) -> list[str]:
    """Rate one claim after another; kill the server in the middle. The claims that it acknowledged."""
    csrf = csrf_of(person.get(f"/workbench/batches/{BATCH}").text)
    acknowledged: list[str] = []
    for item in items:
        form = {"csrf": csrf, "label": (PARTIAL if len(acknowledged) % 2 else SUPPORTED).value, "why": item}
        if len(acknowledged) == BEFORE_THE_CRASH:
            threading.Timer(KILL_AFTER_SECONDS, process.send_signal, [signal.SIGKILL]).start()
        try:
            if person.post(f"/workbench/claims/{item}", data=form).status_code == 303:
                acknowledged.append(item)
        except httpx.TransportError:
            break
    return acknowledged


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[Staff]:
    opened = open_store(tmp_path)
    opened.ratings.add_batch("Sixty", (new_item(f"Claim {n}.") for n in range(CLAIMS)), TEST, id=BATCH)
    yield opened
    opened.engine.dispose()


def test_a_crash_in_the_middle_loses_no_rating(tmp_path: Path, staff: Staff) -> None:
    items = [item.id for item in staff.ratings.items(BATCH)]
    with served(tmp_path) as (process, site), entered(site) as ann:
        acknowledged = rate_until_it_dies(ann, items, process)
    assert BEFORE_THE_CRASH <= len(acknowledged) < CLAIMS
    kept = staff.ratings.ratings(BATCH)
    assert [r.item for r in kept][: len(acknowledged)] == acknowledged
    assert len(kept) - len(acknowledged) in (0, 1)  # one may have been kept whose answer never arrived
    assert [r.why for r in kept] == [r.item for r in kept]
    with served(tmp_path) as (_, site), entered(site) as ann:
        page = ann.get(f"/workbench/batches/{BATCH}").text
        assert f"{len(kept)} of {CLAIMS} claims rated" in page
        onward = ann.get(f"/workbench/batches/{BATCH}/next").headers["location"]
        assert onward.rsplit("/", 1)[1] not in {r.item for r in kept}
