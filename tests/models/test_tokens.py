from __future__ import annotations

import hashlib
import logging
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.models import tokens
from rag.models.tokens import PromptTokenCounter, has_vocabulary, vocabulary_file

ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"


@pytest.fixture
def no_vocabulary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_vocabulary", "no_network")
def test_without_a_vocabulary_bytes_are_counted_and_the_network_left_alone() -> None:
    assert PromptTokenCounter().count("børnene") == 8  # ø is two bytes
    assert PromptTokenCounter().count("") == 0


@pytest.mark.usefixtures("no_vocabulary")
def test_the_log_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    counter = PromptTokenCounter()
    with caplog.at_level(logging.WARNING, "rag.models.tokens"):
        for text in ("one", "two", "three"):
            counter.count(text)
    assert len(caplog.records) == 1
    assert "TIKTOKEN_CACHE_DIR" in caplog.text


@pytest.mark.usefixtures("no_network")
def test_a_damaged_vocabulary_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    file = vocabulary_file("o200k_base")
    assert file is not None
    file.write_bytes(b"IQ== 0\n")
    assert not has_vocabulary("o200k_base")
    assert PromptTokenCounter().count("rules") == 5
    assert file.exists(), "tiktoken would have deleted it and fetched another"


@pytest.mark.usefixtures("no_network")
def test_a_cache_switched_off_means_no_vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    assert vocabulary_file("o200k_base") is None
    assert PromptTokenCounter().count("rules") == 5


def test_the_file_is_looked_for_where_tiktoken_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tiktoken.load import read_file_cached

    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    file = vocabulary_file("o200k_base")
    assert file is not None
    file.write_bytes(b"content")
    assert read_file_cached(ADDRESS, hashlib.sha256(b"content").hexdigest()) == b"content"


@pytest.mark.usefixtures("no_network")
def test_a_vocabulary_in_the_cache_counts_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import base64

    import tiktoken

    pieces = [bytes([byte]) for byte in range(256)] + [b"ru", b"le", b"rule", b"rules"]
    content = b"".join(base64.b64encode(p) + b" %d\n" % rank for rank, p in enumerate(pieces))
    digest = hashlib.sha256(content).hexdigest()
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    file = vocabulary_file("o200k_base")
    assert file is not None
    file.write_bytes(content)
    monkeypatch.setattr(tokens, "_VOCABULARIES", {"o200k_base": digest})
    ranks = {piece: rank for rank, piece in enumerate(pieces)}
    encoding = tiktoken.Encoding("o200k_base", pat_str=r"\w+|\W", mergeable_ranks=ranks, special_tokens={})
    monkeypatch.setattr(tiktoken, "get_encoding", lambda name: {"o200k_base": encoding}[name])
    # "rules" is one piece, " " one byte, "rule" one piece, "x" one byte: 1 + 1 + 2
    assert PromptTokenCounter().count("rules rulex") == 4


@given(st.text())
def test_bytes_are_never_fewer_than_the_pieces_of_a_byte_level_vocabulary(text: str) -> None:
    import tiktoken

    pieces = [bytes([byte]) for byte in range(256)] + [b"th", b"the", b"er"]
    ranks = {piece: rank for rank, piece in enumerate(pieces)}
    encoding = tiktoken.Encoding("tiny", pat_str=r"\w+|\W", mergeable_ranks=ranks, special_tokens={})
    assert len(text.encode("utf-8", errors="replace")) >= len(encoding.encode(text))
