"""Intervals and tests that respect that one question asked in three languages is not three questions."""

from evals.statistics.bootstrap import mean, rate
from evals.statistics.estimate import Estimate
from evals.statistics.holm import holm
from evals.statistics.mcnemar import McNemar, mcnemar
from evals.statistics.permutation import sign_flip

__all__ = ["Estimate", "McNemar", "holm", "mcnemar", "mean", "rate", "sign_flip"]
