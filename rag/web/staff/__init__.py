"""The staff entrance: sign-in, sessions, roles, and the frame of every staff page.

Nothing behind it is served to anybody who has not signed in; nothing of it goes through Gradio.
"""

from rag.web.staff.door import SESSION_COOKIE, require_role
from rag.web.staff.pages import staff_page
from rag.web.staff.rooms import Staff, open_staff, staff_of

__all__ = ["SESSION_COOKIE", "Staff", "open_staff", "require_role", "staff_of", "staff_page"]
