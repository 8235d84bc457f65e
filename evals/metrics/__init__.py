"""One metric a module. A score is a number in its own unit, or None where the question leaves it undefined."""
