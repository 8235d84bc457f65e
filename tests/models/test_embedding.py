from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from rag.domain.errors import ModelError
from rag.models.bundled import DELTA_FILE, bundled_model_folder
from rag.models.embedding import SentenceTransformerEmbedder
from tests.models.embedder_contract import EmbedderContract
from tests.models.tiny import READS_TOKENS, WIDTH, write_tiny_model


@pytest.fixture(scope="module")
def tiny_embedder(tiny_model: Path) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(str(tiny_model))


@pytest.fixture(scope="module")
def bundled_embedder(tmp_path_factory: pytest.TempPathFactory) -> SentenceTransformerEmbedder:
    folder = bundled_model_folder(tmp_path_factory.mktemp("data"))
    return SentenceTransformerEmbedder(str(folder))


class TestTinyModel(EmbedderContract):
    @pytest.fixture
    def embedder(self, tiny_embedder: SentenceTransformerEmbedder) -> SentenceTransformerEmbedder:
        return tiny_embedder


class TestBundledModel(EmbedderContract):
    @pytest.fixture
    def embedder(self, bundled_embedder: SentenceTransformerEmbedder) -> SentenceTransformerEmbedder:
        return bundled_embedder

    @pytest.mark.skipif(not DELTA_FILE.is_file(), reason="the delta is not in this checkout")
    def test_the_same_question_in_three_languages_lies_together(
        self, embedder: SentenceTransformerEmbedder
    ) -> None:
        english, danish, dutch, other = (
            embedder.embed_query(text)
            for text in (
                "Which obligations do the providers have?",
                "Hvilke forpligtelser har udbyderne?",
                "Welke verplichtingen hebben de aanbieders?",
                "Toget til Aarhus kører klokken ni.",
            )
        )
        assert min(english @ danish, english @ dutch, danish @ dutch) > 0.6
        assert max(v @ other for v in (english, danish, dutch)) < 0.4


def test_dimension_and_length_are_the_models_own(tiny_model: Path) -> None:
    embedder = SentenceTransformerEmbedder(str(tiny_model))
    assert embedder.dimension == WIDTH
    assert embedder.max_tokens == READS_TOKENS - 2  # [CLS] and [SEP]


def test_the_models_own_prompts_are_put_before_queries_and_passages(tmp_path: Path) -> None:
    plain = SentenceTransformerEmbedder(str(write_tiny_model(tmp_path / "plain")))
    folder = write_tiny_model(tmp_path / "prompted", prompts={"query": "is: ", "passage": "dog: "})
    prompted = SentenceTransformerEmbedder(str(folder))
    np.testing.assert_allclose(prompted.embed_query("the rule"), plain.embed_query("is: the rule"), atol=1e-5)
    np.testing.assert_allclose(
        prompted.embed_passages(["the rule"]), plain.embed_passages(["dog: the rule"]), atol=1e-5
    )
    assert prompted.max_tokens == plain.max_tokens - prompted.count("dog: ")


def test_a_model_named_e5_without_prompts_gets_those_of_its_model_card(tmp_path: Path) -> None:
    plain = SentenceTransformerEmbedder(str(write_tiny_model(tmp_path / "plain")))
    family = SentenceTransformerEmbedder(str(write_tiny_model(tmp_path / "multilingual-e5-small")))
    np.testing.assert_allclose(family.embed_query("rule"), plain.embed_query("query: rule"), atol=1e-5)
    np.testing.assert_allclose(
        family.embed_passages(["rule"]), plain.embed_passages(["passage: rule"]), atol=1e-5
    )


def test_prompts_given_from_outside_win(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "tiny", prompts={"query": "is: "})
    own = SentenceTransformerEmbedder(str(folder))
    given = SentenceTransformerEmbedder(str(folder), query_prompt="")
    assert not np.allclose(own.embed_query("rule"), given.embed_query("rule"), atol=1e-4)
    assert own.fingerprint != given.fingerprint


def test_other_weights_or_prompts_change_the_fingerprint(tmp_path: Path) -> None:
    prints = {
        SentenceTransformerEmbedder(str(folder)).fingerprint
        for folder in (
            write_tiny_model(tmp_path / "a" / "tiny"),
            write_tiny_model(tmp_path / "b" / "tiny", seed=1),
            write_tiny_model(tmp_path / "c" / "tiny", prompts={"query": "is: "}),
        )
    }
    assert len(prints) == 3


def test_a_copy_elsewhere_keeps_the_fingerprint(tiny_model: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny_model, tmp_path / tiny_model.name)
    one, other = (SentenceTransformerEmbedder(str(folder)) for folder in (tiny_model, copy))
    assert one.fingerprint == other.fingerprint


def test_a_missing_folder_is_named_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model folder .*nowhere: correct the path"):
        SentenceTransformerEmbedder(str(tmp_path / "nowhere")).embed_query("x")


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is no model folder"):
        SentenceTransformerEmbedder(str(tmp_path)).embed_query("x")


def test_a_model_not_downloaded_offline_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    embedder = SentenceTransformerEmbedder("nobody/no-such-model")
    with pytest.raises(ModelError, match=r"nobody/no-such-model.*give the folder's path"):
        embedder.embed_query("x")
    with pytest.raises(ModelError, match="nobody/no-such-model"):
        _ = embedder.fingerprint


def test_a_name_that_can_be_no_model_is_refused() -> None:
    with pytest.raises(ModelError, match="neither a model folder nor a name"):
        SentenceTransformerEmbedder("a name with spaces").embed_query("x")


def test_damaged_weights_are_an_error_with_the_folder(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "tiny")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:500])
    with pytest.raises(ModelError, match=r"cannot be loaded"):
        SentenceTransformerEmbedder(str(folder)).embed_query("x")


def test_loading_and_asking_print_nothing(tiny_model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    embedder = SentenceTransformerEmbedder(str(tiny_model))
    embedder.embed_query("the rule")
    embedder.embed_passages(["the rule"] * 40)
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == ""
