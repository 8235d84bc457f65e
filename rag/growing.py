"""Values that grow while they are waited for: generators that yield what there is so far and return the whole."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
S = TypeVar("S")

Growing = Generator[T, None, R]
"""Yields what there is so far, each time there is more; returns the whole."""


def whole(growing: Growing[T, R]) -> R:
    """The whole, whatever came before it."""
    while True:
        try:
            next(growing)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # what a generator returns is not typed


def mapped(growing: Growing[T, R], change: Callable[[T], S | None]) -> Growing[S, R]:
    """What grows, changed on its way; None is passed over. The whole stays as it is."""
    try:
        while True:
            try:
                grown = next(growing)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            changed = change(grown)
            if changed is not None:
                yield changed
    finally:
        growing.close()
