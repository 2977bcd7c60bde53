"""Views of the rules: to read them aloud, what changed, the law, and who puts them in force."""

from broker.web.views.rules.putting_in_force import oversight
from broker.web.views.rules.reading import rules

RULES = (rules, oversight)
"""What is put into the application."""
