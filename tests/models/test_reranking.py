from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag.domain.errors import ModelError
from rag.models.reranking import CrossEncoderReranker

PASSAGES = ["the rule is the rule", "a dog", "the cat is a cat and the dog is a dog"]


def write_cross_encoder(tiny_model: Path, folder: Path, labels: int = 1) -> Path:
    """The tiny model's tokenizer with a randomly drawn classification head."""
    import torch
    from transformers import AutoConfig, BertForSequenceClassification

    shutil.copytree(tiny_model, folder)
    for name in ("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json"):
        (folder / name).unlink()
    torch.manual_seed(3)
    config = AutoConfig.from_pretrained(str(folder), num_labels=labels)
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def reranker(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> CrossEncoderReranker:
    folder = tmp_path_factory.mktemp("cross") / "tiny-cross"
    return CrossEncoderReranker(str(write_cross_encoder(tiny_model, folder)))


def test_each_passage_gets_its_score_in_its_place(reranker: CrossEncoderReranker) -> None:
    scores = list(reranker.scores("which rule?", PASSAGES))
    assert len(set(scores)) == len(PASSAGES)
    backwards = reranker.scores("which rule?", PASSAGES[::-1])
    assert list(backwards) == pytest.approx(scores[::-1], abs=1e-4)


def test_the_question_matters(reranker: CrossEncoderReranker) -> None:
    one, other = (reranker.scores(q, PASSAGES) for q in ("which rule?", "dog dog dog"))
    assert list(one) != pytest.approx(list(other), abs=1e-6)


def test_nothing_to_rank_loads_no_model() -> None:
    assert CrossEncoderReranker("nobody/never-loaded").scores("x", []) == ()


def test_a_classifier_with_several_labels_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    folder = write_cross_encoder(tiny_model, tmp_path / "three", labels=3)
    with pytest.raises(ModelError, match="gives 3 labels a pair"):
        CrossEncoderReranker(str(folder)).scores("x", PASSAGES)


def test_a_missing_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="no model folder"):
        CrossEncoderReranker(str(tmp_path / "nowhere")).scores("x", PASSAGES)
    with pytest.raises(ModelError, match="nobody/no-such-model"):
        CrossEncoderReranker("nobody/no-such-model").scores("x", PASSAGES)
