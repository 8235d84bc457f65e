"""What a person reads when the server cannot start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rag.domain.errors import IndexFailure, ServerError, SettingsError
from rag.domain.retrieval import Hit
from rag.settings import PROJECT, Settings
from rag.ui.service import Desk, Service, StageReport
from rag.web.opening import Opening
from rag.web.server import address_of, check_data_folder, open_port
from tests.web.handmade import HandmadeAssistant


@pytest.fixture
def taken_port() -> object:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_busy_port_is_named_with_the_command_for_another(taken_port: int) -> None:
    with pytest.raises(ServerError, match=rf"Port {taken_port} is in use.*PORT=\d+ make run"):
        open_port(Settings(_env_file=None, port=taken_port))


@pytest.mark.parametrize("host", ["192.0.2.1", "not an address"])
def test_a_host_that_is_not_this_machine_is_named(host: str) -> None:
    with pytest.raises(ServerError, match=r"HOST=.*127.0.0.1"):
        open_port(Settings(_env_file=None, host=host, port=45871))


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    occupied = tmp_path / "data"
    occupied.write_text("in the way")
    with pytest.raises(SettingsError, match=r"DATA_DIR=.*cannot be written"):
        check_data_folder(Settings(_env_file=None, data_dir=occupied))


def test_a_good_data_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    check_data_folder(Settings(_env_file=None, data_dir=tmp_path / "a" / "b"))
    assert list((tmp_path / "a" / "b").iterdir()) == []


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860"),
        ("0.0.0.0", "http://localhost:7860"),
        ("::1", "http://[::1]:7860"),
    ],
)
def test_the_printed_address_can_be_opened_in_a_browser(host: str, address: str) -> None:
    assert address_of(Settings(_env_file=None, host=host)) == address


def test_app_ends_with_one_message_and_exit_code_1_on_a_busy_port(taken_port: int, tmp_path: Path) -> None:
    environment = {**os.environ, "PORT": str(taken_port), "DATA_DIR": str(tmp_path), "HOST": "127.0.0.1"}
    ended = subprocess.run(
        [sys.executable, "app.py"], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Error: Port {taken_port} is in use")
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


class _Server:
    should_exit = False


class _Console:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def print(self, line: str, **_: object) -> None:
        self.lines.append(line)


def opening(build: object) -> tuple[Opening, _Server, _Console]:
    server, console = _Server(), _Console()
    made = Opening(Desk(), Settings(_env_file=None), server, console, build)  # type: ignore[arg-type]
    made.run()
    return made, server, console


def test_a_start_that_works_leaves_the_server_running() -> None:
    def build(report: StageReport) -> Service:
        report("texts", 1, 5)
        return HandmadeAssistant()

    made, server, console = opening(build)
    assert (made.failed, server.should_exit, console.lines) == (False, False, [])


def test_the_first_question_finds_everything_loaded(caplog: pytest.LogCaptureFixture) -> None:
    searched: list[str] = []

    class Warmed(HandmadeAssistant):
        def search(self, question: str, language: str | None = None, limit: int = 10) -> tuple[Hit, ...]:
            searched.append(question)
            raise RuntimeError("not yet")

    made, server, _ = opening(lambda _: Warmed())
    assert len(searched) == 1
    assert (made.failed, server.should_exit) == (False, False)
    assert "RuntimeError" in caplog.text


def test_a_start_that_fails_stops_the_server_with_the_message() -> None:
    def build(_: StageReport) -> Service:
        raise IndexFailure("The index is damaged. Run: make index")

    made, server, console = opening(build)
    assert (made.failed, server.should_exit) == (True, True)
    assert console.lines == ["Error: The index is damaged. Run: make index"]


def test_a_start_that_breaks_unexpectedly_gives_a_number_and_no_details() -> None:
    def build(_: StageReport) -> Service:
        raise KeyError("some inner thing")

    made, server, console = opening(build)
    assert server.should_exit
    assert "KeyError" in console.lines[0]
    assert "inner thing" not in console.lines[0]
    assert made.failed
