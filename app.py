"""The door: settings, then the server, then the assistant behind it.

The port opens at once; while the texts are indexed, the page says how far it is.
"""

from __future__ import annotations

import sys
import threading

from rich.console import Console

from rag.domain.errors import RulesError
from rag.settings import load_settings
from rag.ui.service import Desk
from rag.web.opening import Opening
from rag.web.server import address_of, check_data_folder, make_server, open_port


def main() -> int:
    """Serve until stopped: 0 when stopped, 1 with a message when it cannot start."""
    console = Console(stderr=True)
    try:
        settings = load_settings()
        check_data_folder(settings)
        port = open_port(settings)
        from evals.workbench.rooms import workbench
        from rag.web.application import create_site
        from rag.web.desk import staff_rooms
        from rag.web.staff import open_staff
        from rag.web.staff.signing import first_look_link

        desk = Desk()
        staff = open_staff(settings)
        rooms = [staff_rooms(desk, staff), workbench(desk, staff)]
        server = make_server(create_site(desk, settings, rooms))
        link = first_look_link(staff, settings)
    except RulesError as error:
        console.print(f"Error: {error}", markup=False, highlight=False, soft_wrap=True)
        return 1
    print(f"Ask the Rules is at {address_of(settings)} (stop it with Ctrl-C).", flush=True)
    if link:
        print(f"Staff rooms, first look (this link works once, on this machine): {link}", flush=True)
    opening = Opening(desk, settings, server, console)
    threading.Thread(target=opening.run, name="opening", daemon=True).start()
    try:
        server.run(sockets=[port])
    except KeyboardInterrupt:
        return 0
    return 1 if opening.failed else 0


if __name__ == "__main__":
    sys.exit(main())
