"""Evaluation of the product; sees it through its doors and the domain."""
