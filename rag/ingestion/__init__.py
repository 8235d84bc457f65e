"""From bytes to passages: formats, repair, structure, the catalogue, the library, enrichment."""
