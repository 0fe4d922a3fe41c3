"""The people page: who is here, invitations, roles given and taken, within one's own bounds.

An administrator manages everybody. A lead manages the people of their brand, gives no role above
their own and touches nobody who holds one. The last administrator cannot be removed.
"""

from collections.abc import Callable, Mapping

from agent.domain.base import sha256_of
from agent.domain.errors import NotFound, PeopleRule
from agent.domain.ids import PersonId
from agent.domain.people import EVERY_BRAND, AtDesk, KnownPerson, Role, SignedIn, strongest
from agent.domain.reviews import Reviewer
from agent.ports import Clock, Store, UnitOfWork
from agent.services.accounts import AccountService, plain_login
from agent.services.guards import refuse_ended
from agent.services.sessions import shut_out


class PeopleService:
    """Every change is one transaction that looks at both people's roles as they are then."""

    def __init__(self, store: Store, clock: Clock, accounts: AccountService) -> None:
        self._store = store
        self._clock = clock
        self._accounts = accounts

    def listing(self, by: SignedIn) -> tuple[KnownPerson, ...]:
        """Return the people `by` may know of, with their roles on the brands `by` manages."""
        with self._store.read() as work:
            everybody = work.people.known()
        if manages(by.roles, EVERY_BRAND):
            return everybody
        if not any(role.may_manage for role in by.roles.values()):
            return ()
        shown = (_narrowed(one, by.roles) for one in everybody)
        return tuple(one for one in shown if one is not None)

    def invite(
        self, by: Reviewer, name: str, login: str, roles: Mapping[str, Role]
    ) -> tuple[PersonId, str]:
        """Add a person who will sign in with a password; return who and a one-time link's token.

        Raises:
            NotAllowed: a role is not `by`'s to give, or the login is taken or empty.
        """
        name = name.strip()
        if not name or not roles:
            raise PeopleRule("incomplete", "a name and a role are needed")
        person_id = PersonId(f"person-{sha256_of(plain_login(login))[:12]}")
        now = self._clock.now()
        with self._store.write() as work:
            for brand_id, role in roles.items():
                _refuse_to_give(work, by, {}, brand_id, role)
            if work.people.roles(person_id) is not None:
                raise PeopleRule(
                    "known", "somebody was invited under this login; give them the role below"
                )
            work.people.put(Reviewer(id=person_id, name=name), now)
            work.people.set_roles(person_id, dict(roles))
            names = {brand: role.value for brand, role in roles.items()}
            work.audit.add(now, by.id, "person.added", person_id, roles=names)
        return person_id, self._accounts.invite(person_id, login, by.id)

    def new_link(self, by: Reviewer, person_id: PersonId) -> str:
        """Return the token of a link with which a person sets their password again.

        Raises:
            NotFound: there is no such person, or they have no login.
            NotAllowed: the person may do more than `by`.
        """
        with self._store.write() as work:
            _refuse_above(work, by, person_id)
            account = work.accounts.of(person_id)
        if account is None:
            raise NotFound("this person has no login here")
        return self._accounts.invite(person_id, account.login, by.id)

    def give(self, by: Reviewer, person_id: PersonId, brand_id: str, role: Role | None) -> None:
        """Give a person a role on a brand (or `*`), instead of the one before; None takes it away.

        Raises:
            NotFound: there is no such person.
            NotAllowed: the role is not `by`'s to give or to take, or the last admin would go.
        """

        def change(work: UnitOfWork) -> None:
            held = _roles(work, person_id)
            _refuse_to_give(work, by, held, brand_id, role)
            given = work.people.given(person_id)
            given.pop(brand_id, None)
            if role is not None:
                given[brand_id] = role
                work.people.set_suspended(person_id, is_suspended=False)
            work.people.set_roles(person_id, given)
            now, value = self._clock.now(), role.value if role else ""
            work.audit.add(now, by.id, "person.role", person_id, brand=brand_id, role=value)

        self._keeping_an_admin(change)

    def revoke(self, by: Reviewer, person_id: PersonId) -> int:
        """Shut a person out at once; return how many of their sessions ended.

        Raises:
            NotFound: there is no such person.
            NotAllowed: the person may do more than `by`, or is the last admin.
        """
        ended: list[int] = []

        def change(work: UnitOfWork) -> None:
            _refuse_above(work, by, person_id)
            ended.append(shut_out(work, person_id, by.id, self._clock.now()))

        self._keeping_an_admin(change)
        return sum(ended)

    def _keeping_an_admin(self, change: Callable[[UnitOfWork], None]) -> None:
        with self._store.write() as work:
            before = work.people.admins()
            change(work)
            if before and not work.people.admins():
                raise PeopleRule(
                    "last_admin", "the last administrator stays: make somebody else one first"
                )


def manages(roles: Mapping[str, Role], brand_id: str) -> bool:
    """Whether these roles include managing the people of a brand, or of all (`*`)."""
    role = strongest(roles, brand_id)
    return role is not None and role.may_manage


def _roles(work: UnitOfWork, person_id: PersonId) -> dict[str, Role]:
    roles = work.people.roles(person_id)
    if roles is None:
        raise NotFound(f"there is no person {person_id!r}; reload the page")
    return roles


def _own(work: UnitOfWork, by: Reviewer) -> dict[str, Role]:
    if isinstance(by, AtDesk):
        refuse_ended(work, by)
    return work.people.roles(by.id) or {}


def _refuse_to_give(
    work: UnitOfWork, by: Reviewer, held: Mapping[str, Role], brand_id: str, role: Role | None
) -> None:
    mine = strongest(_own(work, by), brand_id)
    if mine is None or not mine.may_manage:
        raise PeopleRule(
            "above", "only an administrator, or a lead of this brand, gives roles on it"
        )
    if not (mine.covers(role) and mine.covers(strongest(held, brand_id))):
        raise PeopleRule("above", "nobody gives or takes a role above their own")


def _refuse_above(work: UnitOfWork, by: Reviewer, person_id: PersonId) -> None:
    """Raise `NotAllowed` unless `by` manages every brand the person has a role on."""
    own = _own(work, by)
    held = _roles(work, person_id)
    mine = [strongest(own, brand_id) for brand_id in held]
    is_below = all(
        role is not None and role.may_manage and role.covers(strongest(held, brand_id))
        for role, brand_id in zip(mine, held, strict=True)
    )
    if not is_below or not any(role.may_manage for role in own.values()):
        raise PeopleRule(
            "above", "this person has a role that is not yours to take; ask an administrator"
        )


def _narrowed(known: KnownPerson, roles: Mapping[str, Role]) -> KnownPerson | None:
    """Return the person as a lead sees them, or None: they have to do with other brands only."""

    def mine(held: Mapping[str, Role]) -> dict[str, Role]:
        return {b: role for b, role in held.items() if b == EVERY_BRAND or manages(roles, b)}

    has_no_role = not known.roles and not known.claimed
    narrowed = known.model_copy(update={"roles": mine(known.roles), "claimed": mine(known.claimed)})
    return narrowed if has_no_role or narrowed.roles or narrowed.claimed else None
