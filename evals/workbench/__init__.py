"""The evaluators' room: people rate claims against the passages they cite, and see how far they agree.

It refuses to unblind: other people's labels, the automatic ones and the system behind an answer stay
hidden from whoever is still rating a batch, and whoever has looked can rate it no more.
"""
