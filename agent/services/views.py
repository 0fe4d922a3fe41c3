"""Saved views: filters of the queue that each person keeps under names of their own."""

from collections.abc import Mapping

from agent.domain.errors import IncompleteDecision, NotFound
from agent.domain.ids import PersonId
from agent.domain.records import SavedView
from agent.domain.reviews import Reviewer
from agent.ports import Clock, Store, UnitOfWork
from agent.services.guards import refuse_stranger

MOST_VIEWS = 40
LONGEST_NAME = 60
_LONGEST_FILTERS = 2_000


class ViewService:
    """A person sees and changes their own views only.

    Every change reads the session and the roles again in its own transaction, as a decision does.
    """

    def __init__(self, store: Store, clock: Clock, *, is_role_required: bool = False) -> None:
        self._store = store
        self._clock = clock
        self._is_role_required = is_role_required

    def of(self, person: PersonId) -> tuple[SavedView, ...]:
        """Return a person's views, by name."""
        with self._store.read() as work:
            return work.views.of(person)

    def save(self, by: Reviewer, name: str, filters: Mapping[str, str]) -> SavedView:
        """Keep filters under a name; the view of that name, if any, is replaced.

        Raises:
            NotAllowed: the session has ended, or the person has no role any more.
            IncompleteDecision: the name is empty or too long, or there are too many views.
        """
        wanted = _named(name)
        if sum(len(key) + len(value) for key, value in filters.items()) > _LONGEST_FILTERS:
            raise IncompleteDecision("these filters are too long to keep: shorten the search")
        with self._store.write() as work:
            self._refuse_stranger(work, by)
            known = {view.name: view for view in work.views.of(by.id)}
            if wanted not in known and len(known) >= MOST_VIEWS:
                raise IncompleteDecision(f"{MOST_VIEWS} views is the most: delete one first")
            is_default = wanted in known and known[wanted].is_default
            view = SavedView(name=wanted, filters=dict(filters), is_default=is_default)
            work.views.put(by.id, view, self._clock.now())
        return view

    def rename(self, by: Reviewer, name: str, new_name: str) -> None:
        """Give a view another name.

        Raises:
            NotAllowed: the session has ended, or the person has no role any more.
            NotFound: there is no view of that name.
            IncompleteDecision: the new name is empty, too long or taken.
        """
        wanted = _named(new_name)
        with self._store.write() as work:
            self._refuse_stranger(work, by)
            view = _view(work, by.id, name)
            if wanted != name and wanted in {one.name for one in work.views.of(by.id)}:
                raise IncompleteDecision("another view has this name: choose another one")
            work.views.remove(by.id, name)
            renamed = view.model_copy(update={"name": wanted})
            work.views.put(by.id, renamed, self._clock.now())

    def delete(self, by: Reviewer, name: str) -> None:
        """Forget a view; one that is not there is no error.

        Raises:
            NotAllowed: the session has ended, or the person has no role any more.
        """
        with self._store.write() as work:
            self._refuse_stranger(work, by)
            work.views.remove(by.id, name)

    def open_with(self, by: Reviewer, name: str | None) -> None:
        """Make a view the one the desk opens on; None: the whole queue.

        Raises:
            NotAllowed: the session has ended, or the person has no role any more.
            NotFound: there is no view of that name.
        """
        with self._store.write() as work:
            self._refuse_stranger(work, by)
            if name is not None:
                _view(work, by.id, name)
            for view in work.views.of(by.id):
                if view.is_default != (view.name == name):
                    changed = view.model_copy(update={"is_default": view.name == name})
                    work.views.put(by.id, changed, self._clock.now())

    def _refuse_stranger(self, work: UnitOfWork, by: Reviewer) -> None:
        refuse_stranger(work, by, is_required=self._is_role_required)


def _named(name: str) -> str:
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > LONGEST_NAME:
        raise IncompleteDecision(f"name the view in 1 to {LONGEST_NAME} characters")
    return wanted


def _view(work: UnitOfWork, person: PersonId, name: str) -> SavedView:
    found = next((view for view in work.views.of(person) if view.name == name), None)
    if found is None:
        raise NotFound("there is no view of this name; it may have been deleted in another window")
    return found
