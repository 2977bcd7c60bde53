"""The pages of the directory: whoever signs in reads it, keepers and administrators keep it."""

from broker.domain.roles import Role

READERS = tuple(role for role in Role if role is not Role.CLIENT)
"""Who may read it: whoever acts in any role."""
