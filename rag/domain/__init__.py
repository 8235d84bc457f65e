"""The ground: the values every other room speaks of. Standard library only."""
