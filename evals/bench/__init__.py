"""Where the time goes, measured against the embedding model alone, so that machines can be compared."""
