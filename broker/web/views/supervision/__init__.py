"""Views of a supervisor: what the team has in hand, without content, and notes of supervision."""

from broker.web.views.supervision.pages import supervision

SUPERVISION = (supervision,)
"""What is put into the application."""
