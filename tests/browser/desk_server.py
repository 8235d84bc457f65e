"""The press desk as a process of its own, so that a test can kill it: `desk_server.py FOLDER PORT`."""

from __future__ import annotations

import sys
from pathlib import Path

from rag.web.server import make_server, open_port
from tests.web.desk import make_rooms


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    rooms = make_rooms(folder, people=not (folder / "records.sqlite3").exists(), port=port)
    make_server(rooms.app()).run(sockets=[open_port(rooms.settings)])


if __name__ == "__main__":
    main()
