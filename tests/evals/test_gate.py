"""The gate fails below a floor, above a ceiling, and where a run cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.gate import FloorError, judge, load_floors
from tests.evals.test_runs import tiny_run


def floors(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "floors.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ('"answered" = 0.75', True),  # 3 of 4
        ('"answered" = 0.76', False),
        ('"risk" = 1.0', True),  # lower is better: the number is the most
        ('"risk" = 0.1', False),
    ],
)
def test_a_floor_holds_or_does_not(tmp_path: Path, line: str, holds: bool) -> None:
    path = floors(tmp_path, f"[fast.all]\n{line}\n")
    (verdict,) = judge(tiny_run().summary, load_floors("fast", path))
    assert verdict.holds is holds


def test_what_a_run_leaves_undefined_does_not_pass(tmp_path: Path) -> None:
    path = floors(
        tmp_path, '[fast."type:help-seeking"]\n"recall@5" = 0.0\n[fast."language:xx"]\n"routing" = 0.0\n'
    )
    verdicts = judge(tiny_run().summary, load_floors("fast", path))
    assert [(v.measured, v.holds) for v in verdicts] == [(None, False), (None, False)]


def test_a_floor_for_a_metric_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FloorError, match="'accuracy' that does not exist"):
        load_floors("fast", floors(tmp_path, '[fast.all]\n"accuracy" = 0.5\n'))


def test_a_suite_without_floors_is_an_error_and_not_a_pass(tmp_path: Path) -> None:
    with pytest.raises(FloorError, match="no floors for the suite 'full'"):
        load_floors("full", floors(tmp_path, '[fast.all]\n"answered" = 0.5\n'))


@pytest.mark.parametrize("suite", ["fast", "full"])
def test_the_floors_in_force_are_readable(suite: str) -> None:
    assert len(load_floors(suite)) >= 5
