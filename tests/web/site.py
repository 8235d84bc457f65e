"""The whole site over an assistant, built so that Gradio leaves no event loop unclosed."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI

from rag.settings import Settings
from rag.ui.service import Desk
from rag.web.application import create_site


def make_site(desk: Desk, settings: Settings) -> FastAPI:
    """Gradio opens an event loop for every lock it makes outside of one, and closes none."""

    async def make() -> FastAPI:
        return create_site(desk, settings)

    return asyncio.run(make())
