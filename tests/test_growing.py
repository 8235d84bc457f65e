"""Values that grow: what is yielded on the way, what is returned, and who is told when nobody waits any more."""

from __future__ import annotations

from rag.growing import Growing, mapped, whole


def counting(closed: list[bool]) -> Growing[int, str]:
    try:
        yield 1
        yield 2
        return "whole"
    finally:
        closed.append(True)


def test_the_whole_is_what_is_returned() -> None:
    assert whole(counting([])) == "whole"


def test_what_grows_is_changed_and_none_passed_over_while_the_whole_stays_as_it_is() -> None:
    seen: list[str] = []

    def watching() -> Growing[str, str]:
        return (yield from mapped(counting([]), lambda n: "two" if n == 2 else None))

    growing = watching()
    seen.append(next(growing))
    assert (seen, whole(growing)) == (["two"], "whole")


def test_leaving_what_is_mapped_leaves_what_grows() -> None:
    closed: list[bool] = []
    growing = mapped(counting(closed), str)
    assert next(growing) == "1"
    growing.close()
    assert closed == [True]
