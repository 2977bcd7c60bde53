"""What a body submitted within some days, read inside the caller's transaction."""

from datetime import date, timedelta

from sqlalchemy import Connection, select

from broker.domain.model import Disclosure
from broker.domain.times import uk_day
from broker.storage.disclosures import readable
from broker.storage.tables import disclosure
from keys import AgencyId


def asked_between(
    connection: Connection, sender: AgencyId, first: date, last: date, *, limit: int
) -> tuple[Disclosure, ...]:
    """Return what an agency submitted from one day to another in London, the newest first.

    A row is what it says, whoever wrote it: compare it with the ledger.
    """
    columns = disclosure.c
    # A day too much on either side, since a moment is kept in UTC.
    query = (
        select(disclosure)
        .where(
            columns.sender == sender,
            columns.created_at >= (first - timedelta(days=1)).isoformat(),
            columns.created_at < (last + timedelta(days=2)).isoformat(),
        )
        .order_by(columns.created_at.desc())
        .limit(limit)
    )
    found = readable(connection.execute(query).mappings())
    return tuple(one for one in found if first <= uk_day(one.created_at) <= last)
