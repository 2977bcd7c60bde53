"""Every page of the Guardian, gathered: a view is known once its module is imported."""

from broker.web.views.reviews import (
    advice,
    afterwards,
    answers,
    attached,
    cover,
    deciding,
    earlier,
    not_shared,
    page,
    queue,
)
from broker.web.views.reviews.blueprint import reviews

__all__ = [
    "advice",
    "afterwards",
    "answers",
    "attached",
    "cover",
    "deciding",
    "earlier",
    "not_shared",
    "page",
    "queue",
    "reviews",
]
