"""Words that change what a sentence says, as data: one TOML file per language and one for all."""
