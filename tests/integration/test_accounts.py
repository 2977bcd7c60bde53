"""Accounts: opened by a link that counts once, signed in to with a code that counts once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from brokers import Clock
from people import FIRST, PASSWORD, SCHOOL, SECOND, cheaply, entered, opened, with_account
from structlog.testing import capture_logs

from broker.access.sign_in import MOST_FAILURES_IN_A_ROW
from broker.domain.errors import WrongStateError
from broker.domain.people.errors import (
    InvitationSpentError,
    NotSignedInError,
    SignInRefusedError,
    StepUpNeededError,
    TooManyTriesError,
    TwoPeopleNeededError,
    UnknownPersonError,
    WeakPasswordError,
)
from broker.domain.roles import Role
from broker.registers.people import NewRole, PersonChange
from broker.wiring import Services

NEW_PASSWORD = "lantern orchard velvet tram"


def test_a_link_opens_an_account_and_its_owner_is_signed_in(
    sqlite_broker: Services, clock: Clock
) -> None:
    held = with_account(sqlite_broker, clock)

    caller = sqlite_broker.access.sessions.caller(held.token)

    assert (caller.id, caller.agency, caller.role) == (
        held.person,
        "northshire-trust",
        Role.PRACTITIONER,
    )


def test_a_link_counts_once(sqlite_broker: Services, clock: Clock) -> None:
    access = cheaply(sqlite_broker)
    secret = access.accounts.invite(entered(sqlite_broker), FIRST)
    held = opened(access, secret, clock)

    with pytest.raises(InvitationSpentError):
        access.accounts.open(secret, PASSWORD, held.code(clock))
    with pytest.raises(InvitationSpentError):
        access.accounts.welcome(secret)


def test_a_link_counts_for_72_hours(sqlite_broker: Services, clock: Clock) -> None:
    access = cheaply(sqlite_broker)
    secret = access.accounts.invite(entered(sqlite_broker), FIRST)

    clock.forward(timedelta(hours=72))
    access.accounts.welcome(secret)
    clock.forward(timedelta(seconds=1))

    with pytest.raises(InvitationSpentError):
        access.accounts.welcome(secret)


def test_a_link_of_somebody_disabled_counts_no_more(sqlite_broker: Services) -> None:
    access = sqlite_broker.access
    person = entered(sqlite_broker)
    secret = access.accounts.invite(person, FIRST)

    access.people.disable(person, FIRST)

    with pytest.raises(InvitationSpentError):
        access.accounts.welcome(secret)


def test_whoever_has_an_account_is_not_invited_again(
    sqlite_broker: Services, clock: Clock
) -> None:
    held = with_account(sqlite_broker, clock)

    with pytest.raises(WrongStateError, match="two administrators"):
        sqlite_broker.access.accounts.invite(held.person, FIRST)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password12345678",
        "Mira.Specimen!1234",
        "aaaaaaaaaaaaaaaaaaaa",
        "four words and \x00 nul",
        "x" * 257,
    ],
    ids=["short", "common", "own-name", "repeated", "nul", "endless"],
)
def test_a_weak_password_is_refused_and_the_link_still_counts(
    sqlite_broker: Services, clock: Clock, password: str
) -> None:
    access = cheaply(sqlite_broker)
    secret = access.accounts.invite(entered(sqlite_broker), FIRST)

    with pytest.raises(WeakPasswordError):
        opened(access, secret, clock, password)

    assert opened(access, secret, clock).token


def test_people_sign_in_however_they_spell_their_address(
    sqlite_broker: Services, clock: Clock
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)

    token = access.sign_in.sign_in(f" {held.address.upper()} ", PASSWORD, held.code(clock))

    assert access.sessions.of(token).person == held.person


@pytest.mark.parametrize("wrong", ["address", "password", "code"])
def test_whatever_is_wrong_with_a_sign_in_it_is_refused_in_the_same_words(
    sqlite_broker: Services, clock: Clock, wrong: str
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    given = {"address": held.address, "password": PASSWORD, "code": held.code(clock)}
    given |= {wrong: {"address": "nobody@example.example", "code": "000000"}.get(wrong, "no")}

    with pytest.raises(SignInRefusedError) as refused:
        access.sign_in.sign_in(**given)

    assert str(refused.value) == str(SignInRefusedError())


def test_each_sign_in_is_logged_by_its_means_and_nobody_s_name(
    sqlite_broker: Services, clock: Clock
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)

    with capture_logs() as lines:
        with pytest.raises(SignInRefusedError):
            access.sign_in.sign_in(held.address, "no", held.code(clock))
        token = access.sign_in.sign_in(held.address, PASSWORD, held.code(clock))
        with pytest.raises(SignInRefusedError):
            access.sign_in.step_up(token, "000000")
        with pytest.raises(SignInRefusedError):
            access.passkeys.sign_in("none", "{}")

    assert [(one["event"], one["step"], one["outcome"]) for one in lines] == [
        ("signed_in", "password-and-code", "refused"),
        ("signed_in", "password-and-code", "done"),
        ("stepped_up", "code", "refused"),
        ("signed_in", "passkey", "refused"),
    ]
    assert held.address not in str(lines)
    assert held.person not in str(lines)


def test_a_code_counts_once(sqlite_broker: Services, clock: Clock) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    code = held.code(clock)
    access.sign_in.sign_in(held.address, PASSWORD, code)

    with pytest.raises(SignInRefusedError):
        access.sign_in.sign_in(held.address, PASSWORD, code)


@pytest.mark.parametrize(
    ("seconds", "is_taken"), [(-61, False), (-30, True), (30, True), (61, False)]
)
def test_an_app_may_be_half_a_minute_early_or_late(
    sqlite_broker: Services, clock: Clock, seconds: int, *, is_taken: bool
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    clock.forward(timedelta(hours=1))
    code = held.code(Clock(clock() + timedelta(seconds=seconds)))

    try:
        access.sign_in.sign_in(held.address, PASSWORD, code)
        was_taken = True
    except SignInRefusedError:
        was_taken = False

    assert was_taken is is_taken


@pytest.mark.parametrize("address", [None, "nobody@example.example"], ids=["known", "unknown"])
def test_five_failures_close_sign_in_for_a_quarter_of_an_hour_for_known_and_unknown_alike(
    sqlite_broker: Services, clock: Clock, address: str | None
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    tried = address or held.address
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            access.sign_in.sign_in(tried, "wrong", "000000")

    with pytest.raises(TooManyTriesError):
        access.sign_in.sign_in(tried, PASSWORD, held.code(clock))
    clock.forward(timedelta(minutes=16))

    assert access.sign_in.sign_in(held.address, PASSWORD, held.code(clock))


def test_twenty_failures_in_a_row_lock_an_account_until_two_people_open_it(
    sqlite_broker: Services, clock: Clock
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    for _ in range(MOST_FAILURES_IN_A_ROW):
        clock.forward(timedelta(minutes=16))
        with pytest.raises(SignInRefusedError):
            access.sign_in.sign_in(held.address, "wrong", held.code(clock))
    clock.forward(timedelta(hours=1))

    with pytest.raises(TooManyTriesError):
        access.sign_in.sign_in(held.address, PASSWORD, held.code(clock))


def administrators(services: Services, clock: Clock) -> None:
    """Two people with accounts, whose role is not looked at by the use cases themselves."""
    access = cheaply(services)
    for person, name in ((FIRST, "Ada Sample"), (SECOND, "Ben Sample")):
        entered(services, name, id_=person.id)
        opened(access, access.accounts.invite(person.id, FIRST), clock)


def test_two_people_let_somebody_in_anew_and_everything_of_before_ends(
    sqlite_broker: Services, clock: Clock
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    administrators(sqlite_broker, clock)

    access.accounts.ask_recovery(held.person, FIRST)
    secret = access.accounts.confirm_recovery(held.person, SECOND)
    anew = opened(access, secret, clock, NEW_PASSWORD)
    clock.forward(timedelta(minutes=1))

    with pytest.raises(NotSignedInError):
        access.sessions.of(held.token)
    with pytest.raises(SignInRefusedError):
        access.sign_in.sign_in(held.address, PASSWORD, held.code(clock))
    assert access.sign_in.sign_in(held.address, NEW_PASSWORD, anew.code(clock))


def test_one_person_lets_nobody_in_anew(sqlite_broker: Services, clock: Clock) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    administrators(sqlite_broker, clock)

    with pytest.raises(TwoPeopleNeededError):
        access.accounts.ask_recovery(held.person, replace(FIRST, id=held.person))
    access.accounts.ask_recovery(held.person, FIRST)
    with pytest.raises(TwoPeopleNeededError):
        access.accounts.confirm_recovery(held.person, FIRST)
    without_account = replace(FIRST, id=entered(sqlite_broker, "Cleo Sample"))
    with pytest.raises(TwoPeopleNeededError):
        access.accounts.confirm_recovery(held.person, without_account)


def test_a_request_for_recovery_waits_72_hours_and_no_longer(
    sqlite_broker: Services, clock: Clock
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    administrators(sqlite_broker, clock)
    access.accounts.ask_recovery(held.person, FIRST)

    clock.forward(timedelta(hours=72, seconds=1))

    with pytest.raises(WrongStateError):
        access.accounts.confirm_recovery(held.person, SECOND)


def test_a_session_ends_after_a_quarter_of_an_hour_unused(
    sqlite_broker: Services, clock: Clock
) -> None:
    sessions, held = sqlite_broker.access.sessions, with_account(sqlite_broker, clock)

    clock.forward(timedelta(minutes=14))
    sessions.of(held.token)
    clock.forward(timedelta(minutes=15))
    sessions.of(held.token)
    clock.forward(timedelta(minutes=15, seconds=1))

    with pytest.raises(NotSignedInError):
        sessions.of(held.token)


def test_a_session_ends_after_eight_hours_in_any_case(
    sqlite_broker: Services, clock: Clock
) -> None:
    sessions, held = sqlite_broker.access.sessions, with_account(sqlite_broker, clock)
    for _ in range(47):
        clock.forward(timedelta(minutes=10))
        sessions.of(held.token)

    clock.forward(timedelta(minutes=10))

    with pytest.raises(NotSignedInError):
        sessions.of(held.token)


def test_signing_out_ends_every_session_of_a_person(sqlite_broker: Services, clock: Clock) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    other = access.sign_in.sign_in(held.address, PASSWORD, held.code(clock))

    access.sessions.end(held.token)

    for token in (held.token, other):
        with pytest.raises(NotSignedInError):
            access.sessions.of(token)
    access.sessions.end(held.token)


@pytest.mark.parametrize("what", ["disabled", "role-ended", "password", "address"])
def test_a_session_ends_at_once_with_what_it_rests_on(
    sqlite_broker: Services, clock: Clock, what: str
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    (role,) = access.sessions.roles(held.token)

    match what:
        case "disabled":
            access.people.disable(held.person, FIRST)
        case "role-ended":
            access.people.end(role.id, FIRST)
        case "password":
            access.accounts.change_password(held.token, PASSWORD, NEW_PASSWORD)
        case _:
            change = PersonChange(contact="mira.other@northshire-trust.example")
            access.people.change(held.person, change, FIRST)

    with pytest.raises(NotSignedInError):
        access.sessions.caller(held.token)


def test_somebody_with_two_roles_chooses_one_and_gets_a_new_token(
    sqlite_broker: Services, clock: Clock
) -> None:
    sessions = sqlite_broker.access.sessions
    held = with_account(sqlite_broker, clock, "Mira Specimen", Role.PRACTITIONER, Role.LEAD)
    assert sessions.of(held.token).caller is None
    lead = next(role for role in sessions.roles(held.token) if role.role is Role.LEAD)

    token = sessions.choose(held.token, lead.id)

    assert sessions.caller(token).role is Role.LEAD
    with pytest.raises(NotSignedInError):
        sessions.of(held.token)


def test_signing_in_counts_as_a_step_up_for_five_minutes_and_a_code_for_one_action(
    sqlite_broker: Services, clock: Clock
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    access.sessions.spend_step_up(held.token)
    clock.forward(timedelta(minutes=5))

    with pytest.raises(StepUpNeededError):
        access.sessions.spend_step_up(held.token)
    token = access.sign_in.step_up(held.token, held.code(clock))
    access.sessions.spend_step_up(token)
    with pytest.raises(StepUpNeededError):
        access.sessions.spend_step_up(token)
    with pytest.raises(NotSignedInError):
        access.sessions.of(held.token)


def test_a_role_that_takes_two_counts_once_another_person_confirms_it(
    sqlite_broker: Services, clock: Clock
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    administrators(sqlite_broker, clock)
    guardian = access.people.grant(held.person, NewRole(role=Role.GUARDIAN), FIRST)
    assert Role.GUARDIAN not in {role.role for role in access.sessions.roles(held.token)}

    for person in (FIRST, replace(FIRST, id=held.person)):
        with pytest.raises(TwoPeopleNeededError):
            access.people.confirm(guardian.id, person)
    access.people.confirm(guardian.id, SECOND)
    with pytest.raises(WrongStateError, match=r"counts already\. Nobody needs to confirm it"):
        access.people.confirm(guardian.id, SECOND)

    assert Role.GUARDIAN in {role.role for role in access.sessions.roles(held.token)}


def test_people_of_another_body_are_as_if_they_were_not_there(
    sqlite_broker: Services, clock: Clock
) -> None:
    access, held = cheaply(sqlite_broker), with_account(sqlite_broker, clock)
    stranger = replace(FIRST, agency=SCHOOL)
    (role,) = access.sessions.roles(held.token)
    new = NewRole(role=Role.LEAD)

    for act in (
        lambda: access.people.disable(held.person, stranger),
        lambda: access.people.change(held.person, PersonChange(name="Other"), stranger),
        lambda: access.people.grant(held.person, new, stranger),
        lambda: access.people.grant(held.person, replace(new, agency=SCHOOL), FIRST),
        lambda: access.people.end(role.id, stranger),
        lambda: access.accounts.ask_recovery(held.person, stranger),
    ):
        with pytest.raises(UnknownPersonError):
            act()
    assert access.people.listed(SCHOOL) == ()
