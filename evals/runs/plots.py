"""Plots as inline SVG that takes its colours from the page, for light and dark alike.

Positions are percentages and sizes pixels, so that a plot narrows on a phone and its marks do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from evals.metrics.risk_coverage import RiskCoverage
from evals.statistics import Estimate

_SIDE = 320
_MARGIN = 44
_POINTS = 120


def whisker(estimate: Estimate, label: str) -> str:
    """A dot with its interval on a scale from 0 to 1."""
    if estimate.value is None:
        return ""
    low = estimate.value if estimate.low is None else max(0.0, estimate.low)
    high = estimate.value if estimate.high is None else min(1.0, estimate.high)
    ticks = "".join(f'<line class="tick" x1="{t}%" x2="{t}%" y1="4" y2="20"/>' for t in (0, 25, 50, 75, 100))
    return (
        f'<svg class="whisker" height="24" role="img" aria-label="{escape(label)}">{ticks}'
        f'<line class="base" x1="0" x2="100%" y1="12" y2="12"/>'
        f'<line class="range" x1="{low:.2%}" x2="{high:.2%}" y1="12" y2="12"/>'
        f'<circle class="dot" cx="{estimate.value:.2%}" cy="12" r="5"/></svg>'
    )


def risk_curve(curve: RiskCoverage) -> str:
    """Risk against coverage, with the line of a confidence that says nothing."""
    size = _SIDE + 2 * _MARGIN
    chosen = _thinned(list(zip(curve.coverage, curve.risk, strict=True)))
    points = " ".join(f"{_x(c):.1f},{_y(r):.1f}" for c, r in chosen)
    ticks = "".join(_ticks(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    blind = f'<line class="blind" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(curve.blind)}" y2="{_y(curve.blind)}"/>'
    label = f"Risk and coverage: area {curve.aurc:.3f}, perfect {curve.best:.3f}, blind {curve.blind:.3f}"
    return (
        f'<svg class="curve" viewBox="0 0 {size} {size}" role="img" aria-label="{label}">{ticks}{blind}'
        f'<polyline class="line" points="{points}"/>'
        f'<text x="{_x(0.5)}" y="{size - 4}" text-anchor="middle">coverage: share of questions answered</text>'
        f'<text x="14" y="{_y(0.5)}" text-anchor="middle" transform="rotate(-90 14 {_y(0.5)})">risk</text></svg>'
    )


def _ticks(share: float) -> str:
    x, y = _x(share), _y(share)
    return (
        f'<line class="tick" x1="{x}" x2="{x}" y1="{_y(0)}" y2="{_y(1)}"/>'
        f'<line class="tick" x1="{_x(0)}" x2="{_x(1)}" y1="{y}" y2="{y}"/>'
        f'<text x="{x}" y="{_y(0) + 16}" text-anchor="middle">{share:g}</text>'
        f'<text x="{_x(0) - 6}" y="{y + 4}" text-anchor="end">{share:g}</text>'
    )


def _thinned(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    step = max(1, len(points) // _POINTS)
    return [*points[::step], points[-1]]


def _x(share: float) -> float:
    return _MARGIN + share * _SIDE


def _y(share: float) -> float:
    return _MARGIN / 2 + (1 - share) * _SIDE
