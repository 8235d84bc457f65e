"""The HTTP door: API, source viewer, plain pages."""
