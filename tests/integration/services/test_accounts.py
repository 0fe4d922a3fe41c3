"""Passwords: set once by a link, checked in constant work, counted, void after 100 failures."""

from datetime import timedelta

import pytest

from agent.adapters.passwords import Argon2Hasher
from agent.domain.errors import NotAllowed, SignInRefused, TooManyAttempts, WeakPassword
from agent.domain.people import Role
from agent.ports import Store
from agent.services.accounts import IN_A_ROW, PER_ACCOUNT, PER_ADDRESS, AccountService
from agent.services.sessions import SessionService
from agent.testing import FrozenClock
from tests.desk_kit import AWA, BEN, BRAND

PASSWORD = "trois fougères et un tram"
LIGHT = (1, 8, 1)
"""Argon2's least, so that a hundred attempts take no time."""


class CountingHasher(Argon2Hasher):
    """Counts how often a password was compared."""

    def __init__(self) -> None:
        super().__init__(*LIGHT)
        self.compared = 0

    def is_right(self, password: str, password_hash: str | None) -> bool:
        self.compared += 1
        return super().is_right(password, password_hash)


class House:
    """The services around one store."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.hasher = store, FrozenClock(), CountingHasher()
        self.sessions = SessionService(store, self.clock)
        self.accounts = AccountService(store, self.clock, self.hasher, self.sessions)
        self.sessions.issue_link(AWA, {BRAND: Role.CM})

    def restarted(self) -> AccountService:
        return AccountService(self.store, self.clock, self.hasher, self.sessions)

    def with_password(self) -> AccountService:
        self.accounts.choose_password(
            self.accounts.invite(AWA.id, "Awa@Maison.example", "t"), PASSWORD
        )
        return self.accounts


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


def test_a_link_sets_the_password_once(house: House) -> None:
    link = house.accounts.invite(AWA.id, "awa", "test")
    with pytest.raises(WeakPassword):
        house.accounts.choose_password(link, "too short")
    signed_in = house.sessions.who(house.accounts.choose_password(link, PASSWORD))
    assert signed_in is not None
    assert signed_in.may_decide(BRAND)
    with pytest.raises(NotAllowed, match="used or has expired"):
        house.accounts.choose_password(link, PASSWORD)
    with pytest.raises(NotAllowed):
        house.sessions.redeem(house.accounts.invite(AWA.id, "awa", "test"))


def test_the_password_signs_in_and_a_new_one_ends_what_was_open(house: House) -> None:
    accounts = house.with_password()
    session = accounts.sign_in(" AWA@maison.EXAMPLE ", PASSWORD, "192.0.2.1")
    assert house.sessions.who(session)
    accounts.set_password(AWA, "awa@maison.example", "encore un autre secret", "console")
    assert house.sessions.who(session) is None
    with pytest.raises(SignInRefused):
        accounts.sign_in("awa@maison.example", PASSWORD, "192.0.2.1")


def test_an_unknown_login_costs_and_says_the_same_as_a_wrong_password(house: House) -> None:
    accounts = house.with_password()
    said = set()
    for login in ("awa@maison.example", "nobody@maison.example"):
        before = house.hasher.compared
        with pytest.raises(SignInRefused) as refused:
            accounts.sign_in(login, "not the password", "192.0.2.1")
        said.add(str(refused.value))
        assert house.hasher.compared == before + 1
    assert len(said) == 1


@pytest.mark.parametrize("login", ["awa@maison.example", "nobody@maison.example"])
def test_attempts_are_counted_per_login_and_the_count_survives_a_restart(
    house: House, login: str
) -> None:
    house.with_password()
    for number in range(PER_ACCOUNT):
        with pytest.raises(SignInRefused):
            house.restarted().sign_in(login, "wrong", f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts):
        house.restarted().sign_in(login, PASSWORD, "192.0.2.99")
    house.clock.advance(timedelta(minutes=15))
    if login.startswith("awa"):
        assert house.restarted().sign_in(login, PASSWORD, "192.0.2.99")


def test_attempts_are_counted_per_address(house: House) -> None:
    accounts = house.with_password()
    for number in range(PER_ADDRESS):
        with pytest.raises(SignInRefused):
            accounts.sign_in(f"guess-{number}", "wrong", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        accounts.sign_in("awa@maison.example", PASSWORD, "192.0.2.1")
    assert accounts.sign_in("awa@maison.example", PASSWORD, "192.0.2.2")


def test_a_hundred_failures_in_a_row_void_the_password_until_a_new_link(house: House) -> None:
    accounts = house.with_password()
    for number in range(IN_A_ROW):
        if number % PER_ACCOUNT == 0:
            house.clock.advance(timedelta(minutes=15))
        with pytest.raises(SignInRefused):
            accounts.sign_in("awa@maison.example", "wrong", "192.0.2.1")
    house.clock.advance(timedelta(days=30))
    with pytest.raises(SignInRefused):
        accounts.sign_in("awa@maison.example", PASSWORD, "192.0.2.1")
    accounts.choose_password(accounts.invite(AWA.id, "awa@maison.example", "t"), PASSWORD)
    assert accounts.sign_in("awa@maison.example", PASSWORD, "192.0.2.1")


def test_a_hash_of_other_parameters_is_renewed_at_sign_in(house: House) -> None:
    accounts = house.with_password()
    house.hasher._argon2 = type(house.hasher._argon2)(2, 16, 1)
    accounts.sign_in("awa@maison.example", PASSWORD, "192.0.2.1")
    with house.store.read() as work:
        account = work.accounts.by_login("awa@maison.example")
    assert account is not None
    assert account.password_hash is not None
    assert "m=16,t=2" in account.password_hash
    assert accounts.sign_in("awa@maison.example", PASSWORD, "192.0.2.1")


def test_a_login_belongs_to_one_person(house: House) -> None:
    house.sessions.issue_link(BEN, {BRAND: Role.CM})
    house.accounts.invite(AWA.id, "desk", "t")
    with pytest.raises(NotAllowed, match="another person"):
        house.accounts.invite(BEN.id, "DESK", "t")


def test_who_was_shut_out_has_no_password_and_no_link(house: House) -> None:
    accounts = house.with_password()
    link = accounts.invite(AWA.id, "awa@maison.example", "t")
    house.sessions.revoke_person(AWA.id)
    assert accounts.invited(link) is None
    with pytest.raises(SignInRefused):
        accounts.sign_in("awa@maison.example", PASSWORD, "192.0.2.1")


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("fourteen chars", "short"),
        ("é" * 14, "short"),
        ("aaaaaaaaaaaaaaaaaaaaaa", "common"),
        ("password123456password", "common"),
        ("Awa-Verjolaine-2026!!", "common"),
        ("x1" * 129, "long"),
    ],
)
def test_weak_passwords_are_refused_by_rule(house: House, password: str, rule: str) -> None:
    link = house.accounts.invite(AWA.id, "awa@verjolaine.example", "test")
    with pytest.raises(WeakPassword) as refused:
        house.accounts.choose_password(link, password)
    assert refused.value.rule == rule


def test_the_parameters_are_those_of_rfc_9106() -> None:
    assert "$argon2id$v=19$m=65536,t=3,p=4$" in Argon2Hasher().hash("x")
