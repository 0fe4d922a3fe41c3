"""Saved replies: texts that people of a brand keep, share and mend."""

from collections.abc import Callable
from uuid import uuid4

from agent.domain.desk import BODY_MAX, TITLE_MAX, SavedReply
from agent.domain.errors import IncompleteDecision, NotAllowed, StepFailed
from agent.domain.ids import BrandId, ReplyId
from agent.domain.people import Role, strongest
from agent.domain.reviews import Reviewer
from agent.ports import Clock, Redactor, Store, UnitOfWork
from agent.services.guards import refuse_role
from agent.steps.redact import redact
from knowledge.passages import Language

_MAY_MEND_ALL = frozenset({Role.ADMIN, Role.LEAD})


class SavedReplyService:
    """Everybody who may decide for a brand uses them; their owner and brand leads change them."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        redactor_of: Callable[[BrandId], Redactor],
        *,
        is_role_required: bool = False,
    ) -> None:
        """`redactor_of` gives the redactor of a brand: a saved reply holds nobody's data."""
        self._store = store
        self._clock = clock
        self._redactor_of = redactor_of
        self._is_role_required = is_role_required

    def of(self, brand_id: BrandId) -> tuple[SavedReply, ...]:
        """Return those of a brand, by language and title."""
        with self._store.read() as work:
            return work.saved_replies.of(brand_id)

    def add(
        self, brand_id: BrandId, lang: Language, title: str, body: str, by: Reviewer
    ) -> SavedReply:
        """Keep a text under a title.

        Raises:
            IncompleteDecision: no title or text, too long a one, one that holds personal data, or
                the title is taken; says which.
            NotAllowed: this person may not decide for the brand.
        """
        title, body = self._clean(brand_id, title, body)
        reply = SavedReply(
            id=ReplyId(uuid4().hex),
            brand_id=brand_id,
            lang=lang,
            title=title,
            body=body,
            owner=by,
            updated_at=self._clock.now(),
        )
        with self._store.write() as work:
            refuse_role(work, by, brand_id, is_required=self._is_role_required)
            if not work.saved_replies.add(reply):
                raise IncompleteDecision(f"the title {title!r} is taken; choose another")
            self._note(work, by, "reply.saved", reply)
        return reply

    def change(self, reply_id: ReplyId, title: str, body: str, by: Reviewer) -> SavedReply:
        """Replace a saved reply's title and text.

        Raises:
            NotFound: it was deleted meanwhile.
            NotAllowed: this person neither owns it nor leads the brand.
            IncompleteDecision: as `add`.
        """
        with self._store.read() as work:
            brand_id = work.saved_replies.get(reply_id).brand_id
        title, body = self._clean(brand_id, title, body)
        with self._store.write() as work:
            before = self._own(work, reply_id, by)
            changes = {"title": title, "body": body, "updated_at": self._clock.now()}
            after = before.model_copy(update=changes | {"version": before.version + 1})
            if not work.saved_replies.save(before, after):
                raise IncompleteDecision(f"the title {title!r} is taken; choose another")
            self._note(work, by, "reply.changed", after)
        return after

    def remove(self, reply_id: ReplyId, by: Reviewer) -> None:
        """Delete a saved reply.

        Raises:
            NotFound: it was deleted meanwhile.
            NotAllowed: as `change`.
        """
        with self._store.write() as work:
            reply = self._own(work, reply_id, by)
            work.saved_replies.remove(reply_id)
            self._note(work, by, "reply.removed", reply)

    def may_change(self, reply: SavedReply, by: Reviewer) -> bool:
        """Whether this person owns the reply or leads its brand."""
        with self._store.read() as work:
            return self._may_change(work, reply, by)

    def _may_change(self, work: UnitOfWork, reply: SavedReply, by: Reviewer) -> bool:
        role = strongest(work.people.roles(by.id) or {}, reply.brand_id)
        return reply.owner.id == by.id or role in _MAY_MEND_ALL

    def _own(self, work: UnitOfWork, reply_id: ReplyId, by: Reviewer) -> SavedReply:
        reply = work.saved_replies.get(reply_id)
        refuse_role(work, by, reply.brand_id, is_required=self._is_role_required)
        if not self._may_change(work, reply, by):
            raise NotAllowed(f"{reply.owner.name} owns this saved reply; ask them or a brand lead")
        return reply

    def _clean(self, brand_id: BrandId, title: str, body: str) -> tuple[str, str]:
        title, body = " ".join(title.split()), body.strip()
        if not title or not body:
            raise IncompleteDecision("give the saved reply a title and a text")
        if len(title) > TITLE_MAX or len(body) > BODY_MAX:
            raise IncompleteDecision(
                f"a title has at most {TITLE_MAX} characters and a text {BODY_MAX}; shorten it"
            )
        if self._names_somebody(brand_id, f"{title}\n{body}"):
            raise IncompleteDecision(
                "a saved reply holds nobody's personal data: take out names, numbers and addresses"
            )
        return title, body

    def _names_somebody(self, brand_id: BrandId, text: str) -> bool:
        try:
            return bool(redact(text, self._redactor_of(brand_id)).values)
        except StepFailed as failure:
            raise IncompleteDecision(
                f"this text could not be searched for personal data ({failure}): it is not kept;"
                " a brand lead runs `portevoix lint` on the pack"
            ) from None

    def _note(self, work: UnitOfWork, by: Reviewer, action: str, reply: SavedReply) -> None:
        detail = {"brand": reply.brand_id, "version": reply.version}
        work.audit.add(self._clock.now(), by.id, action, reply.id, **detail)
