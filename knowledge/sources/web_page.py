"""HTML pages: structured FAQ data first, then folded questions, definition lists and headings."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.sources.gathering import Gathering, RawEntry, plain_line
from knowledge.sources.report import SourceReport
from knowledge.sources.wording import ImportWording as Wording

_FURNITURE = ("nav", "header", "footer", "aside", "form", "style", "noscript", "template", "svg")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "section",
        "article",
        "ul",
        "ol",
        "table",
        "tr",
        "blockquote",
        "dl",
        "dd",
        "figure",
    }
)


def read_html(path: Path) -> SourceReport:
    """Read one saved page. Its menus, header, footer and forms are skipped and counted."""
    from bs4 import BeautifulSoup

    gathering = Gathering(path)
    soup = BeautifulSoup(path.read_bytes(), "html.parser")
    gathering.default_lang = str(soup.html.get("lang", "")) if soup.html else ""
    asked: set[str] = set()
    for raw in _found(soup, gathering):
        key = plain_line(raw.question).casefold()
        if key and key in asked:
            gathering.skip(raw.line, Wording.ASKED_AGAIN)
            continue
        asked.add(key)
        gathering.add(raw)
    return gathering.report()


def _found(soup: Any, gathering: Gathering) -> Iterator[RawEntry]:
    yield from _linked_data(soup, gathering)
    for tag in soup.find_all("script"):
        tag.decompose()
    yield from _microdata(soup)
    for tag in soup.find_all(_FURNITURE):
        if not tag.decomposed:
            _skip_furniture(tag, gathering)
    yield from _folded(soup)
    yield from _definitions(soup)
    yield from _headed(soup, gathering)


def _skip_furniture(tag: Any, gathering: Gathering) -> None:
    """Drop a menu or form, unless a page's only title stands in its header."""
    if tag.get_text(strip=True):
        gathering.skip(tag.sourceline, Wording.NOT_PART_OF_TEXT, tag=tag.name)
    tag.decompose()


def _linked_data(soup: Any, gathering: Gathering) -> Iterator[RawEntry]:
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            data = json.loads(script.string or "")
        except (ValueError, RecursionError):
            gathering.error(script.sourceline, Wording.PAGE_DATA_NOT_JSON)
            continue
        for question in _questions_in(data):
            answer = question.get("acceptedAnswer") or {}
            answer = answer[0] if isinstance(answer, list) and answer else answer
            text = answer.get("text", "") if isinstance(answer, dict) else ""
            name = str(question.get("name", ""))
            yield RawEntry(name, text_of_markup(str(text)), script.sourceline)


def _questions_in(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _questions_in(item)
    elif isinstance(data, dict):
        if data.get("@type") == "Question":
            yield data
        for key in ("@graph", "mainEntity"):
            yield from _questions_in(data.get(key))


def _microdata(soup: Any) -> Iterator[RawEntry]:
    for item in soup.find_all(attrs={"itemtype": lambda v: bool(v) and v.endswith("/Question")}):
        name = item.find(attrs={"itemprop": "name"})
        answer = item.find(attrs={"itemprop": "text"}) or item.find(
            attrs={"itemprop": "acceptedAnswer"}
        )
        if name and answer:
            yield RawEntry(name.get_text(" "), text_of(answer), item.sourceline)
            item.decompose()


def _folded(soup: Any) -> Iterator[RawEntry]:
    """`<details><summary>`, innermost first, so that a group of questions is not one answer."""
    for details in reversed(soup.find_all("details")):
        summary = details.find("summary")
        if summary is None:
            continue
        question, line = summary.get_text(" "), details.sourceline
        summary.decompose()
        answer = text_of(details)
        details.decompose()
        if answer:
            yield RawEntry(question, answer, line)


def _definitions(soup: Any) -> Iterator[RawEntry]:
    for terms in soup.find_all("dl"):
        for term in terms.find_all("dt"):
            answers = []
            for sibling in term.find_next_siblings():
                if sibling.name == "dt":
                    break
                answers.append(text_of(sibling))
            yield RawEntry(term.get_text(" "), "\n\n".join(answers), term.sourceline)
        terms.decompose()


def _headed(soup: Any, gathering: Gathering) -> Iterator[RawEntry]:
    body = soup.find("main") or soup.body or soup
    headings = body.find_all(_HEADINGS)
    for heading in headings:
        title = heading.get_text(" ", strip=True)
        text = _text_until(heading, set(map(id, headings)))
        if text:
            yield RawEntry(title, text, heading.sourceline)
        elif title.endswith("?"):
            yield RawEntry(title, "", heading.sourceline)
        elif title:
            gathering.skip(heading.sourceline, Wording.BARE_HEADING)
    if not headings and (text := body.get_text(" ", strip=True)):
        gathering.skip(body.sourceline, Wording.NO_HEADINGS, characters=len(text))


def _text_until(heading: Any, headings: set[int]) -> str:
    """Return the text between a heading and the next one, wherever that stands in the tree."""
    pieces: list[str] = []
    inside = {id(part) for part in heading.descendants}
    for node in heading.next_elements:
        if id(node) in inside:
            continue
        if id(node) in headings:
            break
        pieces.append(_marked(node))
    return _tidy("".join(pieces))


def text_of(tag: Any) -> str:
    """Return the text of `tag` as light Markdown: paragraphs, lists and links kept."""
    return _tidy("".join(_marked(node) for node in tag.descendants))


def text_of_markup(markup: str) -> str:
    """Return HTML markup as light Markdown."""
    from bs4 import BeautifulSoup

    return text_of(BeautifulSoup(markup, "html.parser"))


def _marked(node: Any) -> str:
    name = getattr(node, "name", None)
    if name is None:
        return _string(node)
    if name == "br":
        return "\n"
    if name == "li":
        return "\n- "
    if name in {"td", "th"}:
        return " | " if node.find_previous_sibling() else ""
    return "\n\n" if name in _BLOCKS else ""


def _string(node: Any) -> str:
    from bs4 import Comment

    if isinstance(node, Comment):
        return ""
    text = " ".join(str(node).split(" ")).replace("\n", " ").replace("\t", " ")
    link = node.find_parent("a")
    target = str(link.get("href", "")) if link else ""
    is_whole = link is not None and link.get_text(strip=True) == text.strip()
    if (
        is_whole
        and target.startswith("https://")
        and target.rstrip("/") != text.strip().rstrip("/")
    ):
        return f"[{text.strip()}]({target})"
    return text


def _tidy(text: str) -> str:
    blocks: list[str] = []
    for block in text.split("\n\n"):
        lines = [" ".join(part for part in line.split(" ") if part) for line in block.split("\n")]
        joined = "\n".join(line for line in lines if line not in {"", "-"})
        if joined:
            is_item = joined.startswith("- ") and blocks and "- " in blocks[-1][:2]
            blocks.append(joined) if not is_item else blocks.__setitem__(
                -1, f"{blocks[-1]}\n{joined}"
            )
    return "\n\n".join(blocks)
