"""How long what is about a person is kept, in days; codes, times and the ledger stay.

No law gives these periods. They are the house's defaults, to be set by its information-governance
lead: the recipient of a delivered pack keeps the record of it, so ours goes after a month; what
led to nothing is looked at each year and goes within three years, the limit that the Independent
Review of Prevent (2023) suggested for cases without further action. A child's must be looked at
each year and an adult's after one; all are, while their words are there.
"""

from dataclasses import dataclass

DELIVERED_DAYS = range(1, 367)
REVIEW_DAYS = range(1, 366)
UNDELIVERED_DAYS = range(30, 1096)
"""Within which bounds a house may set each period: no later than the defaults for the last two."""

WARNING_DAYS = 30
"""How long before it goes a case is listed."""

NOTE_WAITS_DAYS = 60
"""How long past its day a note that is owed keeps the case from going by its time: no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPeriods:
    """The periods of one installation.

    `delivered` counts from the confirmed opening; `undelivered`, for all that was not opened, from
    the submission; `review` from the submission, and from each review.
    """

    delivered: int = 30
    review: int = REVIEW_DAYS[-1]
    undelivered: int = UNDELIVERED_DAYS[-1]
