"""The web application over the handmade assistant, without a network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from rag.settings import Settings
from rag.ui.service import Desk
from rag.web.application import create_app
from tests.web.handmade import HandmadeAssistant


@pytest.fixture
def settings() -> Settings:
    return Settings(_env_file=None)


@pytest.fixture
def assistant() -> HandmadeAssistant:
    return HandmadeAssistant()


@pytest.fixture
def client(assistant: HandmadeAssistant, settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(Desk(assistant), settings)) as client:
        yield client
