"""Serves the workbench alone, for tests that end it the hard way: `python -m tests.evals.bench_server DATA PORT`."""

from __future__ import annotations

import sys
from pathlib import Path

from rag.settings import Settings
from rag.web.server import make_server, open_port
from rag.web.staff import open_staff
from tests.evals.bench import make_app, six_items


def main(folder: Path, port: int) -> None:
    settings = Settings(_env_file=None, data_dir=folder, port=port)
    staff = open_staff(settings)
    app, _ = make_app(staff, lambda wish, tick: six_items())
    make_server(app).run(sockets=[open_port(settings)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
