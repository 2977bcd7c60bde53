"""Which fields of the form go for a purpose, as far as the lists of the rules say."""

from broker.web.journeys.answers import Answered
from broker.web.journeys.conditions import child


def goes(field: str, answered: Answered) -> bool:
    """Say whether a field goes for this purpose without a reason; yes where no list is known."""
    minimum = answered.circumstances.minimums.get(answered.purpose)
    if minimum is None:
        return True
    return field in minimum.goes or (field in minimum.for_a_child and child(answered))


def needs_a_reason(field: str, answered: Answered) -> bool:
    """Say whether a field goes for this purpose if a reason is written."""
    minimum = answered.circumstances.minimums.get(answered.purpose)
    return minimum is not None and field in minimum.with_a_reason and not goes(field, answered)
