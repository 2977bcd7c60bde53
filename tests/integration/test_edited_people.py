"""A row of a person that somebody put in stops nobody else's work."""

from brokers import NURSE
from people import entered
from referrals import recorded, submit
from sqlalchemy import delete, insert, select

from broker.storage.rows.people import person, person_role
from broker.wiring import Services
from keys import PersonId

FIRST_OF_ALL = PersonId("a-put-in")


def test_a_person_put_in_before_all_others_stops_no_referral(services: Services) -> None:
    entered(services, id_=NURSE.id, agency=NURSE.agency)
    with services.transaction.database.transaction() as connection:
        row = connection.execute(select(person)).mappings().one()
        connection.execute(insert(person).values({**row, "id": FIRST_OF_ALL}))

    reference = submit(services)

    assert recorded(services, reference)[-1] == "decided"


def test_people_whose_rows_were_all_taken_away_are_people_still(services: Services) -> None:
    entered(services)
    with services.transaction.database.transaction() as connection:
        connection.execute(delete(person_role))
        connection.execute(delete(person))

    assert services.access.people.has_anybody()
