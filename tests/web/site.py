"""The whole site over an assistant, built so that Gradio leaves no event loop unclosed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI

from rag.settings import Settings
from rag.ui.service import Desk
from rag.web.application import Extension, create_site


def make_site(desk: Desk, settings: Settings, extensions: Sequence[Extension] = ()) -> FastAPI:
    """Gradio opens an event loop for every lock it makes outside of one, and closes none.

    The loop runs in a thread of its own: a browser test may have one running in this one.
    """

    async def make() -> FastAPI:
        return create_site(desk, settings, extensions)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, make()).result()
