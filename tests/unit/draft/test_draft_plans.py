from collections.abc import Callable

import pytest

from agent.domain.brand import BrandPack
from agent.domain.decisions import Category, EscalationReason, Route, Triage
from agent.domain.drafts import NoteKind
from agent.domain.messages import Surface, ThreadEntry
from agent.steps.draft import DraftRequest, ExtractiveDrafter, Style
from agent.steps.draft.phrases import opening_of
from knowledge.passages import AskedQuestion, Audience, Band, Hit, Language, Retrieval

RequestWith = Callable[..., DraftRequest]
TriageWith = Callable[..., Triage]
Found = Callable[..., Retrieval]
PackWith = Callable[..., BrandPack]

PATH = "Écrivez-nous en message privé depuis cette page."


def kinds(draft_notes: object) -> set[NoteKind]:
    assert isinstance(draft_notes, tuple)
    return {note.kind for note in draft_notes}


# Sure answers


def test_a_sure_answer_is_a_whole_reply_with_every_fact_cited(
    drafter: ExtractiveDrafter, request_with: RequestWith
) -> None:
    draft = drafter.draft(request_with())
    assert draft.public is not None
    assert draft.private is None
    assert "3 à 5 jours ouvrés en France métropolitaine" in draft.public
    assert "**" not in draft.public
    assert draft.public.endswith("– L’équipe Nuage")
    assert all(citation.sentence in draft.public for citation in draft.citations)
    assert {citation.passage_id for citation in draft.citations} == {"delivery-time"}
    cited = " ".join(citation.sentence for citation in draft.citations)
    for fact in ("3 à 5 jours", "45 €", "7 jours", "9,90 €", "e-mail", "https://nuage.example"):
        assert fact in cited


def test_the_next_best_entries_are_one_key_away(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    draft = drafter.draft(request_with(retrieval=found("delivery-time", "returns", "gift-card")))
    assert [candidate.passage_id for candidate in draft.candidates] == ["returns", "gift-card"]
    assert all(candidate.public for candidate in draft.candidates)


def test_the_same_message_gives_the_same_draft(
    pack_with: PackWith, request_with: RequestWith
) -> None:
    first = ExtractiveDrafter(pack_with()).draft(request_with())
    assert ExtractiveDrafter(pack_with()).draft(request_with()) == first


def test_wording_varies_between_messages(
    drafter: ExtractiveDrafter, request_with: RequestWith
) -> None:
    texts = {drafter.draft(request_with(message_id=f"m{n}")).public for n in range(12)}
    assert len(texts) > 1


@pytest.mark.parametrize("most", [400, 280, 200, 150, 100, 85])
def test_the_answer_is_cut_to_the_channel_and_keeps_its_condition(
    drafter: ExtractiveDrafter, request_with: RequestWith, most: int
) -> None:
    public = drafter.draft(request_with(public_max=most)).public
    assert public is not None
    assert len(public) <= most
    assert "en France métropolitaine" in public


def test_where_no_true_shortening_fits_the_next_step_is_given(
    drafter: ExtractiveDrafter, request_with: RequestWith
) -> None:
    public = drafter.draft(request_with(public_max=60)).public
    assert public == "Le suivi vous est envoyé par e-mail au départ du colis."


def test_what_fits_nowhere_is_said_to_be_too_long(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    draft = drafter.draft(request_with(public_max=30, retrieval=found("returns")))
    assert draft.public is None
    assert NoteKind.TOO_LONG in kinds(draft.notes)


def test_the_brands_own_limit_counts_as_well(
    pack_with: PackWith, request_with: RequestWith
) -> None:
    pack = pack_with(channels={"facebook": {"max_characters": 120}})
    public = ExtractiveDrafter(pack).draft(request_with()).public
    assert public is not None
    assert len(public) <= 120


@pytest.mark.parametrize("links", [{"are_links_clickable": False}, {}])
def test_no_link_where_it_would_be_dead(
    pack_with: PackWith, request_with: RequestWith, links: dict[str, bool]
) -> None:
    channels = {} if links else {"facebook": {"links_allowed": False}}
    public = ExtractiveDrafter(pack_with(channels=channels)).draft(request_with(**links)).public
    assert public is not None
    assert "https://" not in public


def test_markdown_stays_on_a_network_that_renders_it(
    drafter: ExtractiveDrafter, request_with: RequestWith
) -> None:
    public = drafter.draft(request_with(channel="discord", is_markdown=True)).public
    assert public is not None
    assert "**3 à 5 jours ouvrés**" in public


def test_what_is_no_longer_in_force_is_never_said(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    draft = drafter.draft(request_with(retrieval=found("noel")))
    assert draft.public is None
    assert not draft.candidates


def test_a_private_passage_is_never_said_in_public(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    draft = drafter.draft(request_with(retrieval=found("order-lookup", "returns")))
    assert draft.public is None
    assert [candidate.passage_id for candidate in draft.candidates] == ["returns"]


def test_in_private_the_text_goes_there_alone(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    request = request_with(surface=Surface.PRIVATE, retrieval=found("order-lookup", "returns"))
    draft = drafter.draft(request)
    assert draft.public is None
    assert draft.private is not None
    assert "numéro de commande" in draft.private
    assert all(candidate.public is None and candidate.private for candidate in draft.candidates)


def test_at_most_one_question_back(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    asking = (
        found("returns")
        .hits[0]
        .passage.model_copy(
            update={
                "id": "asks",
                "answer": "Un doute ? Un oubli ? Vous avez 30 jours. Quel article ?",
            }
        )
    )
    retrieval = Retrieval(hits=(Hit(passage=asking, score=1.0),), band=Band.HIGH, answerable=0.9)
    public = drafter.draft(request_with(retrieval=retrieval)).public
    assert public is not None
    assert "30 jours" in public
    assert public.count("?") <= 1


def test_a_brand_without_courtesies_still_answers(
    pack_with: PackWith, request_with: RequestWith, found: Found
) -> None:
    pack = pack_with(situations=[], mechanics={}, channels={})
    public = ExtractiveDrafter(pack).draft(request_with(retrieval=found("returns"))).public
    assert public == (
        "Vous avez 30 jours pour retourner un article non ouvert. "
        "Les frais de retour sont à votre charge."
    )


# Unsure or no answer


def test_between_the_thresholds_a_person_chooses(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    retrieval = found("delivery-time", "returns", "gift-card", band=Band.MIDDLE)
    draft = drafter.draft(request_with(retrieval=retrieval))
    assert (draft.public, draft.private) == (None, None)
    assert len(draft.candidates) == 3
    assert kinds(draft.notes) == {NoteKind.UNSURE}


def test_without_an_answer_we_say_so_and_say_what_is_missing(
    drafter: ExtractiveDrafter,
    request_with: RequestWith,
    triage_with: TriageWith,
    found: Found,
) -> None:
    triage = triage_with(Category.UNKNOWN_QUESTION, route=Route.REPLY_AND_ESCALATE)
    draft = drafter.draft(request_with(triage=triage, retrieval=found("returns", band=Band.LOW)))
    assert draft.public is not None
    assert "Nous n’avons pas cette information ici" in draft.public
    assert not draft.citations
    assert not draft.candidates
    assert kinds(draft.notes) == {NoteKind.NO_ANSWER}


@pytest.mark.parametrize(
    ("key", "kind"),
    [("noel@fr", NoteKind.OUT_OF_DATE), ("noel@en", NoteKind.OTHER_LANGUAGE)],
)
def test_the_reviewer_is_told_of_an_answer_we_may_not_give(
    drafter: ExtractiveDrafter, request_with: RequestWith, key: str, kind: NoteKind
) -> None:
    draft = drafter.draft(request_with(retrieval=Retrieval(elsewhere=(key,))))
    assert kind in kinds(draft.notes)
    assert key in draft.note


def test_two_entries_that_disagree_are_not_chosen_for_the_reviewer(
    drafter: ExtractiveDrafter,
    request_with: RequestWith,
    triage_with: TriageWith,
    found: Found,
) -> None:
    retrieval = found("delivery-time", "returns", contradiction=("a@fr", "b@fr"))
    triage = triage_with(route=Route.ESCALATE, reason=EscalationReason.CONTRADICTION)
    draft = drafter.draft(request_with(triage=triage, retrieval=retrieval))
    assert draft.public is None
    assert len(draft.candidates) == 2
    assert "a@fr / b@fr" in draft.note


@pytest.mark.parametrize("missing", ["unknown_texts", "disclosure_texts"])
def test_a_phrasing_the_pack_lacks_is_never_made_up(
    pack_with: PackWith,
    request_with: RequestWith,
    triage_with: TriageWith,
    missing: str,
) -> None:
    transparency = {
        "disclosure_texts": {},
        "unknown_texts": {"fr": ["Nous ne savons pas."]},
        "bot_question_answers": {},
        "disclosure_placement": "footer" if missing == "disclosure_texts" else "none",
        **({"unknown_texts": {}} if missing == "unknown_texts" else {}),
    }
    drafter = ExtractiveDrafter(pack_with(transparency=transparency))
    draft = drafter.draft(request_with(retrieval=Retrieval()))
    assert draft.public is None
    assert kinds(draft.notes) & {NoteKind.NO_APPROVED_TEXT, NoteKind.NO_DISCLOSURE}


# Several questions


def asked(*parts: tuple[str, Retrieval]) -> tuple[AskedQuestion, ...]:
    return tuple(AskedQuestion(text=text, retrieval=found) for text, found in parts)


def test_each_question_gets_its_answer(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    questions = asked(("Les retours ?", found("returns")), ("Des cartes ?", found("gift-card")))
    draft = drafter.draft(
        request_with(retrieval=found("returns", "gift-card", questions=questions))
    )
    assert draft.public is not None
    assert draft.public.index("30 jours") < draft.public.index("cartes cadeaux")
    assert {citation.passage_id for citation in draft.citations} == {"returns", "gift-card"}
    assert not draft.notes


def test_the_question_without_an_answer_is_said_to_be_passed_on(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    questions = asked(
        ("Les retours ?", found("returns")), ("Le wifi ?", found("gift-card", band=Band.LOW))
    )
    draft = drafter.draft(request_with(retrieval=found("returns", questions=questions)))
    assert draft.public is not None
    assert "30 jours" in draft.public
    assert "Pour votre autre question, nous transmettons à l’équipe." in draft.public
    assert "2 of 2" in draft.note


def test_one_entry_that_answers_both_is_said_once(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    questions = asked(("Les retours ?", found("returns")), ("Les frais ?", found("returns")))
    draft = drafter.draft(request_with(retrieval=found("returns", questions=questions)))
    assert draft.public is not None
    assert draft.public.count("30 jours") == 1


# People and moods


def test_praise_gets_short_thanks_and_nothing_else(
    drafter: ExtractiveDrafter, request_with: RequestWith, triage_with: TriageWith
) -> None:
    draft = drafter.draft(request_with(triage=triage_with(Category.PRAISE)))
    assert draft.public is not None
    assert len(draft.public.split()) < 20
    assert not draft.citations
    assert not draft.candidates


def test_praise_in_no_language_gets_thanks_in_the_brands_own(
    drafter: ExtractiveDrafter, request_with: RequestWith, triage_with: TriageWith
) -> None:
    triage = triage_with(
        Category.PRAISE,
        lang=Language.UNKNOWN,
        route=Route.ESCALATE,
        reason=EscalationReason.LANGUAGE_UNKNOWN,
    )
    assert "erci" in (drafter.draft(request_with("💚💚💚", triage=triage)).public or "")
    assert drafter.draft(request_with("¡Muchas gracias!", triage=triage)).public is None


def test_a_complaint_is_named_and_shown_the_way_to_us(
    drafter: ExtractiveDrafter, request_with: RequestWith, triage_with: TriageWith
) -> None:
    draft = drafter.draft(
        request_with(
            "Toujours pas de colis !!",
            triage=triage_with(Category.COMPLAINT),
            retrieval=Retrieval(),
        )
    )
    assert draft.public is not None
    assert "Un colis en retard" in draft.public
    assert PATH in draft.public
    assert "!" not in draft.public


def test_a_complaint_with_a_sure_answer_gets_both(
    drafter: ExtractiveDrafter,
    request_with: RequestWith,
    triage_with: TriageWith,
    found: Found,
) -> None:
    draft = drafter.draft(
        request_with("théière cassée", triage_with(Category.COMPLAINT), found("returns"))
    )
    assert draft.public is not None
    assert draft.public.index("Une théière cassée") < draft.public.index("30 jours")
    assert PATH in draft.public


def test_a_personal_matter_is_two_texts(
    drafter: ExtractiveDrafter,
    request_with: RequestWith,
    triage_with: TriageWith,
    found: Found,
) -> None:
    retrieval = found("delivery-time", in_private=found("order-lookup"))
    draft = drafter.draft(
        request_with("Ma commande [ORDER_ID_1] ?", triage_with(Category.ORDER_ACCOUNT), retrieval)
    )
    assert draft.public is not None
    assert draft.private is not None
    assert PATH in draft.public
    assert "commande" not in draft.public
    assert "numéro de commande" in draft.private
    assert "[" not in draft.public + draft.private


def test_a_personal_matter_never_invents_a_private_path(
    drafter: ExtractiveDrafter, request_with: RequestWith, triage_with: TriageWith
) -> None:
    triage = triage_with(reason=EscalationReason.PERSONAL_MATTER)
    draft = drafter.draft(request_with(triage=triage, channel="x"))
    assert draft.public is None
    assert NoteKind.NO_PRIVATE_PATH in kinds(draft.notes)


def test_on_a_channel_the_pack_does_not_know_a_path_that_names_no_network_serves(
    drafter: ExtractiveDrafter, request_with: RequestWith, triage_with: TriageWith
) -> None:
    triage = triage_with(Category.ORDER_ACCOUNT)
    public = drafter.draft(request_with(triage=triage, channel="file")).public
    assert public is not None
    assert PATH in public


def test_who_wants_a_person_gets_the_approved_words(
    drafter: ExtractiveDrafter, request_with: RequestWith, triage_with: TriageWith
) -> None:
    draft = drafter.draft(request_with(triage=triage_with(wants_human=True)))
    assert draft.public == "Bien sûr : une personne de l’équipe vous répond."
    assert draft.statement_id == "hand-off"


def test_who_is_upset_hears_it_before_a_person_takes_over(
    drafter: ExtractiveDrafter, request_with: RequestWith, triage_with: TriageWith
) -> None:
    triage = triage_with(Category.WANTS_HUMAN, also=[Category.COMPLAINT])
    public = drafter.draft(request_with("Aucun colis, un humain svp", triage=triage)).public
    assert public is not None
    assert public.index("Un colis en retard") < public.index("une personne de l’équipe")


def test_are_you_a_bot_is_answered_as_approved_and_then_the_rest(
    drafter: ExtractiveDrafter,
    request_with: RequestWith,
    triage_with: TriageWith,
    found: Found,
) -> None:
    only = request_with(triage=triage_with(Category.BOT_QUESTION), retrieval=Retrieval())
    alone = drafter.draft(only).public
    assert alone is not None
    assert "une personne de l’équipe relit chacune" in alone
    assert "jours" not in alone
    both = triage_with(Category.BOT_QUESTION, also=[Category.FAQ_QUESTION])
    public = drafter.draft(request_with(triage=both, retrieval=found("returns"))).public
    assert public is not None
    assert public.index("relit chacune") < public.index("30 jours")


# Sensitive, hostile, unclear


def test_a_sensitive_matter_gets_the_statement_in_force_as_it_stands(
    drafter: ExtractiveDrafter, request_with: RequestWith, triage_with: TriageWith
) -> None:
    draft = drafter.draft(request_with(triage=triage_with(Category.INJURY_SAFETY)))
    assert draft.public is not None
    assert draft.public.startswith("Votre message est pris très au sérieux.")
    assert draft.statement_id == "hold-injury"
    assert not draft.candidates


def test_a_statement_does_not_invite_to_private_who_is_there(
    drafter: ExtractiveDrafter, request_with: RequestWith, triage_with: TriageWith
) -> None:
    triage = triage_with(Category.GDPR_REQUEST)
    public = drafter.draft(request_with(triage=triage)).public
    private = drafter.draft(request_with(triage=triage, surface=Surface.PRIVATE)).private
    assert public == "Nous lisons votre message. Écrivez-nous en message privé."
    assert private == "Nous lisons votre message."


@pytest.mark.parametrize(
    ("found_by", "statement"),
    [
        ("rule:suicide-fr", "help-3114"),
        ("rule:self_harm_threat_minor/suicide-en", "help-3114"),
        ("rule:threat-fr", "help-17"),
        ("rule:self_harm_threat_minor/minor-author-fr", None),
        ("model:classifier self_harm_threat_minor", None),
    ],
)
def test_the_help_text_is_that_of_the_danger_found(
    drafter: ExtractiveDrafter,
    request_with: RequestWith,
    triage_with: TriageWith,
    found_by: str,
    statement: str | None,
) -> None:
    evidence = {"start": 0, "end": 1, "text": "x", "found_by": found_by}
    finding = {"category": "self_harm_threat_minor", "score": 1.0, "evidence": [evidence]}
    triage = Triage.model_validate(
        triage_with(Category.SELF_HARM_THREAT_MINOR).model_dump() | {"findings": [finding]}
    )
    assert drafter.draft(request_with(triage=triage)).statement_id == statement


@pytest.mark.parametrize(
    "category", [Category.PRESS, Category.DISCRIMINATION_HARASSMENT, Category.LEGAL_THREAT]
)
def test_no_routine_words_for_a_sensitive_matter_without_a_statement(
    drafter: ExtractiveDrafter,
    request_with: RequestWith,
    triage_with: TriageWith,
    category: Category,
) -> None:
    draft = drafter.draft(request_with(triage=triage_with(category)))
    assert (draft.public, draft.private, draft.candidates) == (None, None, ())
    assert NoteKind.SPECIALIST_WRITES in kinds(draft.notes)


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("Vos sachets sont pleins de plastique !", "fact-plastic"),
        ("Vos sachets donnent le cancer", None),
    ],
)
def test_a_rumour_gets_the_fact_that_meets_it_or_nothing(
    drafter: ExtractiveDrafter,
    request_with: RequestWith,
    triage_with: TriageWith,
    text: str,
    statement: str | None,
) -> None:
    draft = drafter.draft(request_with(text, triage=triage_with(Category.RUMOUR)))
    assert draft.statement_id == statement
    assert (draft.public is None) is (statement is None)


@pytest.mark.parametrize(
    ("category", "route", "kind"),
    [
        (Category.TROLL_HATE, Route.MODERATE, NoteKind.MODERATE),
        (Category.SPAM_SCAM, Route.NO_REPLY, NoteKind.NO_REPLY),
        (Category.OFF_TOPIC, Route.NO_REPLY, NoteKind.NO_REPLY),
    ],
)
def test_silence_where_silence_is_best(
    drafter: ExtractiveDrafter,
    request_with: RequestWith,
    triage_with: TriageWith,
    category: Category,
    route: Route,
    kind: NoteKind,
) -> None:
    draft = drafter.draft(request_with(triage=triage_with(category, route=route)))
    assert (draft.public, draft.candidates, draft.drafter) == (None, (), "none")
    assert kinds(draft.notes) == {kind}


def test_an_instruction_to_the_agent_gets_no_draft(
    drafter: ExtractiveDrafter, request_with: RequestWith, triage_with: TriageWith
) -> None:
    draft = drafter.draft(request_with(triage=triage_with(is_injection=True)))
    assert (draft.public, draft.candidates) == (None, ())
    assert kinds(draft.notes) == {NoteKind.INJECTION}


# Disclosure and threads


@pytest.mark.parametrize(
    ("placement", "thread", "is_said"),
    [
        ("footer", (), True),
        ("footer", (ThreadEntry(author="brand", text="Merci."),), True),
        ("thread_start", (), True),
        ("thread_start", (ThreadEntry(author="brand", text="Merci."),), False),
        ("profile", (), False),
        ("none", (), False),
    ],
)
def test_the_disclosure_stands_where_the_policy_wants_it(
    pack_with: PackWith,
    request_with: RequestWith,
    triage_with: TriageWith,
    placement: str,
    thread: tuple[ThreadEntry, ...],
    is_said: bool,
) -> None:
    pack = pack_with(channels={"facebook": {"disclosure_placement": placement}})
    for triage in (triage_with(), triage_with(Category.INJURY_SAFETY)):
        public = (
            ExtractiveDrafter(pack).draft(request_with(triage=triage, thread=thread)).public or ""
        )
        assert ("Réponse préparée avec une IA" in public) is is_said


def test_a_thread_never_hears_the_same_opening_twice(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    thread: tuple[ThreadEntry, ...] = ()
    openings = []
    for name in ("delivery-time", "returns", "gift-card"):
        public = drafter.draft(request_with(retrieval=found(name), thread=thread)).public
        assert public is not None
        openings.append(opening_of(public))
        thread = (*thread, ThreadEntry(author="nuage", text=public))
    assert len(set(openings)) == 3


# A person's choice


def test_a_chosen_entry_makes_a_ready_draft(
    drafter: ExtractiveDrafter, request_with: RequestWith, found: Found
) -> None:
    request = request_with(retrieval=found("delivery-time", "returns", band=Band.MIDDLE))
    passage = request.retrieval.hits[1].passage
    draft = drafter.with_passage(request, passage)
    ready = drafter.draft(request).candidates[1]
    assert (draft.public, draft.private) == (ready.public, ready.private)
    assert {citation.passage_id for citation in draft.citations} == {"returns"}


def test_one_key_cannot_answer_a_sensitive_matter(
    drafter: ExtractiveDrafter, request_with: RequestWith, triage_with: TriageWith
) -> None:
    request = request_with(triage=triage_with(Category.PRESS))
    assert drafter.with_passage(request, request.retrieval.hits[0].passage).public is None


def test_barer_styles_keep_the_answer(
    drafter: ExtractiveDrafter, request_with: RequestWith
) -> None:
    lengths = []
    for style in Style:
        public = drafter.draft(request_with(), style).public
        assert public is not None
        assert "3 à 5 jours ouvrés" in public
        lengths.append(len(public))
    assert lengths == sorted(lengths, reverse=True)


def test_the_drafter_never_reads_the_raw_message(
    drafter: ExtractiveDrafter, request_with: RequestWith
) -> None:
    request = request_with("Bonjour [PERSON_1], la livraison ?")
    other = request.message.model_copy(update={"text": "Zoé Martin, zoe@example.org"})
    changed = request.model_copy(update={"message": other})
    assert drafter.draft(changed) == drafter.draft(request)
    assert Audience.PRIVATE not in {hit.passage.audience for hit in request.retrieval.hits}
