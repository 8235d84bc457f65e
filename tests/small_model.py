"""A small BERT with random weights, as `tests.models.tiny` makes one, that reads as much as a real model."""

from __future__ import annotations

import json
from pathlib import Path

from tests.models.tiny import WIDTH, write_tiny_model

READS_TOKENS = 256


def write_small_model(folder: Path) -> Path:
    """Written aside and renamed, so that a folder of that name is a whole model."""
    import torch
    from transformers import BertConfig, BertModel

    aside = write_tiny_model(folder.with_name(f".{folder.name}"))
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=BertConfig.from_pretrained(aside).vocab_size,
        hidden_size=WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=READS_TOKENS + 2,
        initializer_range=0.3,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(aside)
    for name, key in (
        ("sentence_bert_config.json", "max_seq_length"),
        ("tokenizer_config.json", "model_max_length"),
    ):
        content = json.loads((aside / name).read_text(encoding="utf-8"))
        (aside / name).write_text(json.dumps(content | {key: READS_TOKENS}), encoding="utf-8")
    aside.rename(folder)
    return folder
