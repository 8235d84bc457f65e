"""Two runs on the same questions: what changed, and whether it could be chance."""
