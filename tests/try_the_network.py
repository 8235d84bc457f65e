"""Run under `tests.no_network`, to see that it holds."""

import urllib.request

urllib.request.urlopen("http://example.org/", timeout=3)
