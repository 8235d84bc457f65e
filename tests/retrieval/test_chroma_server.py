"""The vectors on a Chroma server of this machine instead of on disk.

The client leaves its sockets to the garbage collector, so it runs in a process of its own.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("chroma")
    command = [Path(sys.executable).with_name("chroma"), "run", "--path", folder, "--port", str(port)]
    process = subprocess.Popen(
        [str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(150):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def test_a_server_is_searched_and_keeps_no_more_generations_than_the_disk(
    server: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.retrieval.use_chroma_server", server, str(tmp_path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found, *collections = done.stdout.split()
    assert found == "bridges"
    generations = {path.name for path in tmp_path.glob("g-*")}
    assert {name.rpartition("-")[0] for name in collections} == generations
