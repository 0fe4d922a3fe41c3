"""The item pane: linked words, fixes, another draft, texts put in, hostile words."""

from dataclasses import replace

from playwright.sync_api import Locator, expect

from agent.domain.drafts import NoteKind
from tests.browser.conftest import OpenDesk
from tests.browser.screen import Screen
from tests.browser.site import BEN, Site
from tests.browser.waiting import until
from tests.ui.sample import COMPLAINT, DELIVERY, MARKUP, TROLL

LIT = ".pv-lit"
WISH = "parle plutôt du retrait en boutique"


def _lit(screen: Screen, where: str) -> Locator:
    return screen.page.locator(f"{where}{LIT}")


def _in_editor(screen: Screen) -> list[str]:
    """The words of the draft that are lit under the text area."""
    return screen.page.locator(f".pv-under mark{LIT}").all_inner_texts()


def _lit_by(screen: Screen, pointed: Locator) -> list[str]:
    """Point at something, wherever the page has moved it meanwhile; return what is lit then."""
    pointed.hover()
    return _in_editor(screen)


def test_a_finding_and_its_words_light_up_both_ways(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)
    finding, words = screen.page.locator(".pv-finding"), screen.page.locator(".pv-evidence")
    expect(words).to_have_text(DELIVERY.evidence)
    expect(finding).to_contain_text("rule")
    expect(_lit(screen, ".pv-evidence")).to_have_count(0)
    finding.hover()
    expect(_lit(screen, ".pv-evidence")).to_have_text(DELIVERY.evidence)
    screen.page.locator(".pv-section h3").first.hover()
    expect(_lit(screen, ".pv-evidence")).to_have_count(0)
    words.hover()
    expect(_lit(screen, ".pv-finding")).to_have_count(1)


def test_a_sentence_and_what_carries_it_light_up_both_ways(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)
    support = screen.page.locator(".pv-support").first
    sentence = support.inner_text()
    assert sentence in screen.text()
    until(lambda: _lit_by(screen, support) == [sentence])
    expect(_lit(screen, ".pv-line")).to_contain_text(sentence)
    screen.page.locator(".pv-line", has_text=sentence).hover()
    expect(_lit(screen, ".pv-support")).to_have_text(sentence)
    screen.editor().focus()
    screen.page.mouse.move(1, 1)
    screen.editor().evaluate(
        "(area, at) => area.setSelectionRange(at, at)", screen.text().index(sentence) + 4
    )
    expect(_lit(screen, ".pv-support")).to_have_text(sentence)
    screen.press("Control+Home")
    screen.page.keyboard.type("Hop. ")
    expect(screen.page.locator(".pv-under mark", has_text="Hop.")).to_have_count(1)
    until(lambda: sentence in _lit_by(screen, support))


def test_a_failed_check_marks_its_words_and_is_mended_by_one_click(
    site: Site, desk: OpenDesk
) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)
    screen.write(f"{screen.text()} 😀 Merci !!")
    wrong = screen.page.locator(".pv-under .pv-wrong", has_text="!!")
    expect(wrong).to_have_count(1)
    check = screen.page.locator('[class*="st-key-check_public"]', has_text="Exclamation").first
    check.locator(".pv-check").hover()
    until(lambda: "!!" in "".join(_in_editor(screen)))
    # Streamlit measures a button that has a tooltip on a hidden twin of it.
    check.locator("button").first.click()
    until(lambda: "!!" not in screen.text())
    assert "Merci" in screen.text()
    expect(wrong).to_have_count(0)
    expect(screen.page.locator(".pv-preview .pv-text")).to_contain_text("Merci")
    expect(screen.page.locator(".pv-diff ins").last).to_be_visible()


def test_another_draft_is_made_as_the_note_asks_and_nothing_is_decided(
    site: Site, desk: OpenDesk
) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)
    draft = screen.text()
    screen.ask("g")
    expect(screen.dialog).to_contain_text("approved texts only")
    note = screen.page.locator(".st-key-rewrite_note textarea")
    note.fill(WISH)
    screen.press_until("Control+Enter", lambda: screen.dialog.count() == 0)
    until(lambda: "retrait est gratuit" in screen.text())
    after = site.item(item_id)
    assert after.outcome.draft.wish is not None
    assert after.outcome.draft.wish.note == WISH
    assert NoteKind.WISH_ENTRY in {one.kind for one in after.outcome.draft.notes}
    assert after.outcome.draft.public != draft
    assert site.decision(item_id) is None
    screen.expect_text("As asked, answered with another approved text")
    screen.press_until("a", lambda: site.decision(item_id) is not None)


def test_an_approved_statement_and_a_saved_reply_are_put_in(site: Site, desk: OpenDesk) -> None:
    (item_id,) = site.seed([DELIVERY])
    screen = desk()
    screen.open_item(item_id)
    draft = screen.text()
    screen.ask("i")
    card = screen.dialog.locator(".pv-card .pv-text")
    statement = card.inner_text()
    screen.button("dialog_confirm").click()
    until(lambda: " ".join(statement.split()) in " ".join(screen.text().split()))
    assert screen.text().startswith(draft.split("\n")[0])
    expect(screen.page.locator(".pv-card", has_text="Statement approved by")).to_be_visible()
    _keep(screen, "Délais <b>courts</b>")
    (kept,) = site.space.saved_replies.of(site.item(item_id).brand_id)
    assert (kept.title, kept.owner.name) == ("Délais <b>courts</b>", "Awa")
    other = desk(person=BEN)
    (second,) = site.seed([DELIVERY])
    other.open_item(second)
    other.ask("i")
    other.dialog.get_by_text("Saved replies").click()
    expect(other.dialog).to_contain_text("Only Awa and brand leads")
    expect(other.dialog.get_by_text("Délais <b>courts</b>")).to_be_visible()
    other.button("insert_replace").click()
    until(lambda: other.text() == kept.body)
    assert site.decision(second) is None


def _keep(screen: Screen, title: str) -> None:
    screen.ask("i")
    screen.dialog.get_by_text("Saved replies").click()
    screen.dialog.get_by_text("Save a reply").click()
    screen.page.locator(".st-key-keep_title input").fill(title)
    screen.page.locator(".st-key-keep_title input").press("Enter")
    screen.settle()
    screen.button("keep_add").click()
    expect(screen.dialog.locator(".st-key-insert_list")).to_contain_text(title)
    screen.press("Escape")
    expect(screen.dialog).to_have_count(0)


def test_abuse_and_what_is_quoted_of_it_stay_blurred_until_the_keyboard_asks(
    site: Site, desk: OpenDesk
) -> None:
    (item_id,) = site.seed([TROLL])
    screen = desk()
    screen.open_item(item_id)
    blurred = "selector => getComputedStyle(document.querySelector(selector)).filter"
    for words in (".pv-theirs .pv-text", ".pv-heard"):
        assert "blur" in screen.page.evaluate(blurred, words)
    screen.button("reveal").focus()
    screen.press("Enter")
    expect(screen.page.locator(".st-key-reveal")).to_have_count(0)
    for words in (".pv-theirs .pv-text", ".pv-heard"):
        assert screen.page.evaluate(blurred, words) == "none"


def test_hostile_words_are_text_everywhere_in_the_pane(site: Site, desk: OpenDesk) -> None:
    before = replace(MARKUP, minutes_ago=30)
    earlier, item_id = site.seed([before, replace(MARKUP, public=MARKUP.text)])
    screen = desk()
    screen.open_item(item_id)
    author = screen.page.locator(".pv-author")
    expect(author).to_contain_text("before this one")
    author.locator("summary").click()
    for place in (".pv-author", ".pv-preview", ".pv-under", ".pv-ledger"):
        found = screen.page.locator(place)
        expect(found).to_contain_text("<script>")
        assert found.locator("script, img, strong, a").count() == 0
    expect(author).not_to_contain_text("mallory")
    screen.press_until("v", lambda: "<b>mallory</b>" in author.inner_text())
    assert screen.page.evaluate("document.title") == "Portevoix"
    assert earlier != item_id


def test_earlier_messages_of_an_author_name_nobody(site: Site, desk: OpenDesk) -> None:
    claire = replace(COMPLAINT, author="Claire Unique", due_minutes=50)
    _, item_id = site.seed([replace(claire, minutes_ago=30), claire])
    screen = desk()
    screen.open_item(item_id)
    author = screen.page.locator(".pv-author")
    expect(author).to_contain_text("Same author · 1 message before this one · 1 undecided")
    author.locator("summary").click()
    expect(author.locator(".pv-masked").first).to_contain_text("order no.")
    assert "Claire Unique" not in screen.page.locator(".st-key-pane_item").inner_text()
