from __future__ import annotations

import random
from pathlib import Path

from rag.models.distillation.corpus import Pair
from rag.models.distillation.examples import Example
from rag.models.distillation.glosses import gloss, gloss_examples, lexicon_pairs, read_lexicon
from rag.models.distillation.settings import DistillationSettings

LANGUAGES = ("en", "da", "nl")


def lexicon(tmp_path: Path):
    path = tmp_path / "lexicon.tsv"
    path.write_text(
        "dog\thund\thond\nbig/large\tstor/store\tgroot/grote\nthe\tden\tde/het\n", encoding="utf-8"
    )
    return read_lexicon(path, LANGUAGES)


def test_cells_hold_alternatives_on_both_sides(tmp_path: Path) -> None:
    table = lexicon(tmp_path)
    assert table["nl"] == {
        "dog": ("hond",),
        "big": ("groot", "grote"),
        "large": ("groot", "grote"),
        "the": ("de", "het"),
    }
    assert table["da"]["large"] == ("stor", "store")


def test_no_lexicon_is_an_empty_one(tmp_path: Path) -> None:
    assert read_lexicon(tmp_path / "none.tsv", LANGUAGES) == {"da": {}, "nl": {}}
    assert list(lexicon_pairs(read_lexicon(tmp_path / "none.tsv", LANGUAGES))) == []


def test_known_words_are_exchanged_and_the_rest_stays() -> None:
    table = {"the": ("de",), "dog": ("hond",)}
    chance = random.Random(0)
    assert gloss("The dog barks!", table, chance) == "de hond barks!"
    assert gloss("The 2 dogs bark loudly", table, chance) is None  # 1 of 4 words known


def test_glosses_are_made_of_english_that_training_uses_anyway(tmp_path: Path) -> None:
    examples = [
        Example("x", english, "da", "s")
        for english in ("The big dog", "The dog the dog", "Something else here")
    ]
    settings = DistillationSettings(sources={}, gloss_share=1.0, gloss_languages=("nl",))
    found = gloss_examples((), examples, lexicon(tmp_path), settings)
    glosses = [e for e in found if e.source.endswith("gloss")]
    assert {e.english for e in glosses} == {"The big dog", "The dog the dog"}
    assert {e.language for e in glosses} == {"nl"}
    entries = {(e.english, e.text) for e in found if not e.source.endswith("gloss")}
    assert ("dog", "hund") in entries
    assert ("dog", "hond") in entries


def test_the_share_limits_the_number_of_glosses(tmp_path: Path) -> None:
    examples = [Example("x", f"The dog the dog {'the ' * n}", "da", "s") for n in range(20)]
    settings = DistillationSettings(sources={}, gloss_share=0.25)
    found = gloss_examples((Pair("a", "b", "nl", "s", "1"),), examples, lexicon(tmp_path), settings)
    assert sum(e.source.endswith("gloss") for e in found) == 5
