"""A panel's meetings, their packs, and one's own copy, in a browser."""

from broker.web.views.meetings import attending, keeping, packing
from broker.web.views.meetings.blueprint import meetings

MEETINGS = (meetings,)
"""What is put into the application."""

MODULES = (attending, keeping, packing)
"""The modules whose views the blueprint holds."""
