"""Loading a model without the vendors' progress bars and load reports."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_loading() -> Iterator[None]:
    """Inside, transformers shows no bars and logs errors only; its settings come back afterwards."""
    from transformers.utils import logging as vendor

    level, bars = vendor.get_verbosity(), vendor.is_progress_bar_enabled()
    vendor.set_verbosity(logging.ERROR)
    vendor.disable_progress_bar()
    try:
        yield
    finally:
        vendor.set_verbosity(level)
        if bars:
            vendor.enable_progress_bar()
