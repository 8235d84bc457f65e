"""The report of a run: one HTML file without outside parts, for a screen, a phone or a printer."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.metrics.catalogue import BY_NAME, METRICS
from evals.runs.failures import KINDS, failures
from evals.runs.folder import Run
from evals.runs.plots import risk_curve, whisker
from evals.runs.readable import GROUPS, shown
from evals.statistics import Estimate
from rag.settings import PROJECT

TEMPLATES = Path(__file__).with_name("templates")
LOOK = PROJECT / "rag" / "web" / "static" / "base.css"
HEADLINE = (
    "recall@5", "evidence delivered", "facts shown", "answered", "declined", "support rate", "routing", "language",
)  # fmt: skip
BREAKDOWN = ("recall@5", "evidence delivered", "facts shown")
DIMENSIONS = {
    "pair": "By language of question and text",
    "type": "By type of question",
    "document": "By text",
    "style": "By style of question",
    "split": "By split",
}


def write_report(run: Run, folder: Path) -> Path:
    """Write `report.html` into the run's folder; its path."""
    path = folder / "report.html"
    path.write_text(render(run), encoding="utf-8")
    return path


def render(run: Run) -> str:
    """The report as HTML."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["shown"] = shown
    environment.globals["whisker"] = _whisker
    summary = run.summary
    curve = summary.risk_coverage
    failed = failures(run.records)
    return environment.get_template("report.html").render(
        run=run,
        about=run.about,
        summary=summary,
        by_language=(summary.overall, *summary.of("language")),
        headline=[BY_NAME[name] for name in HEADLINE],
        metrics=METRICS,
        groups=GROUPS,
        breakdown=[BY_NAME[name] for name in BREAKDOWN],
        dimensions={title: summary.of(name) for name, title in DIMENSIONS.items() if summary.of(name)},
        replies=sorted({reply for row in summary.matrix.values() for reply in row}),
        curve=curve,
        curve_plot=Markup(risk_curve(curve)) if curve else "",
        failures=failed,
        failure_kinds=[(kind, sum(kind in f.kinds for f in failed)) for kind in KINDS],
        languages=sorted({r.language for r in run.records}),
        look=Markup(LOOK.read_text(encoding="utf-8")),
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
        script=Markup((TEMPLATES / "report.js").read_text(encoding="utf-8")),
    )


def _whisker(estimate: Estimate, label: str) -> Markup:
    return Markup(whisker(estimate, label))
