"""Views of breach records: whoever notices opens one, Guardian and IG write and close it."""

from broker.web.views.breaches.noticing import noticing
from broker.web.views.breaches.records import breaches

BREACHES = (breaches, noticing)
"""What is put into the application."""
