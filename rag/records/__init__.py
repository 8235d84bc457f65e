"""What the staff rooms keep: accounts, sessions, drafts, sign-offs, ratings, and the trail of all of it.

SQLAlchemy's types never leave this room; callers get frozen values. It refuses to forget: the trail,
versions, sign-offs and ratings are only ever added to, and the database itself holds that.
"""
