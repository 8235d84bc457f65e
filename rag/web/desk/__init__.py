"""The press desk: from an enquiry to an approved reply whose every citation can be checked."""

from rag.web.desk.rooms import staff_rooms

__all__ = ["staff_rooms"]
