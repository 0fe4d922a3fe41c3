"""Claims of an identity provider: for us, fresh, once; roles by group or verified address."""

from datetime import timedelta

import pytest

from agent.domain.errors import NotAllowed
from agent.domain.people import EVERY_BRAND, ClaimGrant, ProviderTerms, Role, SignedIn
from agent.ports import Store
from agent.services.federation import FRESH, FederationService
from agent.services.sessions import SessionService
from agent.testing import FrozenClock

ISSUER, CLIENT = "https://id.example.org", "portevoix"
TERMS = ProviderTerms(
    issuer=ISSUER,
    client_id=CLIENT,
    grants=(
        ClaimGrant(group="community", brand="maison", role=Role.CM),
        ClaimGrant(group="leads", brand="maison", role=Role.LEAD),
        ClaimGrant(email="ada@example.org", role=Role.ADMIN),
    ),
)


class House:
    """The services around one store, and what the provider says."""

    def __init__(self, store: Store) -> None:
        self.clock = FrozenClock()
        self.sessions = SessionService(store, self.clock)
        self.store = store
        self.federation = self.with_secret("a secret")

    def with_secret(self, secret: str) -> FederationService:
        return FederationService(self.store, self.clock, self.sessions, TERMS, secret)

    def claims(self, **given: object) -> dict[str, object]:
        now = int(self.clock.now().timestamp())
        honest = {"iss": ISSUER, "sub": "u1", "aud": CLIENT, "iat": now, "exp": now + 3600}
        return {**honest, "nonce": "n1", "name": "Ada", "is_logged_in": True, **given}

    def enter(self, **given: object) -> SignedIn:
        signed_in = self.sessions.who(self.federation.admit(self.claims(**given)))
        assert signed_in is not None
        return signed_in


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


def test_a_person_is_who_the_issuer_and_the_subject_say(house: House) -> None:
    first = house.enter(nonce="n1", name="Ada L.")
    again = house.enter(nonce="n2", name="Ada Lovelace")
    other = house.enter(nonce="n3", sub="u2", name="Ada Lovelace")
    assert first.person.id == again.person.id != other.person.id
    assert again.person.name == "Ada Lovelace"


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ({}, {}),
        ({"groups": ["community"]}, {"maison": Role.CM}),
        ({"groups": "community"}, {"maison": Role.CM}),
        ({"groups": ["community", "leads"]}, {"maison": Role.LEAD}),
        ({"email": "ADA@example.org", "email_verified": True}, {EVERY_BRAND: Role.ADMIN}),
        ({"email": "ada@example.org"}, {}),
        ({"email": "ada@example.org", "email_verified": "true"}, {}),
        ({"email": "eve@example.org", "email_verified": True}, {}),
    ],
)
def test_roles_follow_groups_and_verified_addresses(
    house: House, given: dict[str, object], roles: dict[str, Role]
) -> None:
    assert house.enter(**given).roles == roles


def test_a_group_left_takes_its_role_away_and_leaves_what_was_given_here(house: House) -> None:
    person = house.enter(groups=["leads"]).person
    with house.store.write() as work:
        work.people.set_roles(person.id, {"autre": Role.VIEWER})
    assert house.enter(nonce="n2", groups=[]).roles == {"autre": Role.VIEWER}


@pytest.mark.parametrize(
    "given",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["another"], "azp": CLIENT},
        {"aud": []},
        {"sub": ""},
        {"exp": 0},
        {"iat": "now"},
        {"iat": float("nan")},
        {"exp": None},
    ],
)
def test_claims_that_are_not_for_us_open_nothing(house: House, given: dict[str, object]) -> None:
    with pytest.raises(NotAllowed):
        house.federation.admit(house.claims(**given))
    assert house.sessions.people() == ()


def test_claims_are_taken_up_at_once_or_never(house: House) -> None:
    claims = house.claims()
    house.clock.advance(FRESH + timedelta(seconds=1))
    with pytest.raises(NotAllowed, match="too old"):
        house.federation.admit(claims)


def test_the_same_claims_meet_the_same_session_and_an_ended_one_stays_ended(house: House) -> None:
    claims = house.claims()
    token = house.federation.admit(claims)
    assert house.federation.token_of(claims) == token
    house.sessions.revoke(token)
    with pytest.raises(NotAllowed, match="used before"):
        house.federation.admit(claims)
    assert house.sessions.who(house.federation.token_of(claims)) is None


def test_who_knows_the_claims_but_not_our_key_has_no_session(house: House) -> None:
    claims = house.claims()
    token = house.federation.admit(claims)
    guessed = house.with_secret("another secret").token_of(claims)
    assert guessed != token
    assert house.sessions.who(guessed) is None


def test_a_person_shut_out_stays_out_whatever_the_provider_says(house: House) -> None:
    person = house.enter(groups=["leads"]).person
    house.sessions.revoke_person(person.id)
    assert house.enter(nonce="n2", groups=["leads"]).roles == {}
