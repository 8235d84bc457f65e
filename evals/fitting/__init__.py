"""Fits weights and thresholds on the development split, and writes the figures beside them."""
