"""A run: questions asked, replies scored, and a folder that holds all that is needed to judge it."""
