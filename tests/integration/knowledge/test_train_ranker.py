"""`portevoix train ranker` from data to weights, on small sets made here."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from knowledge.model import read_model, shipped_model
from knowledge.passages import Language, Passage, RetrievalFilter
from knowledge.retriever import PassageRetriever
from knowledge.training import train_ranker
from knowledge.training.quality import auroc, calibration_error

ACTIONS = ("louer", "rendre", "réparer", "vendre")
THINGS = ("vélo", "casque", "bateau", "piano")
VERBS = ("rent", "return", "repair", "sell")
NOUNS = ("bike", "helmet", "boat", "piano")
FRENCH = (
    "comment {} un {}", "je veux {} mon {}", "{} le {} svp", "on peut {} ce {} ?",
    "où {} un {} ici", "{} un {} pas cher", "est-ce long de {} un {}", "aide pour {} un {}",
)  # fmt: skip
ENGLISH = (
    "how do i {} a {}", "i want to {} my {}", "{} the {} please", "can we {} this {} ?",
    "where to {} a {} here", "{} a cheap {}", "is it long to {} a {}", "help me {} a {}",
    "must i {} that {}", "when can i {} a {}",
)  # fmt: skip
ELSEWHERE = ("what time is it in {}", "weather in {}", "tell me a joke about {}")


def lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def asked(wordings: Iterable[str], one: str, other: str) -> list[str]:
    return [wording.format(one, other) for wording in wordings]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with small sets in the formats of the real ones."""
    folder = tmp_path_factory.mktemp("data")
    french, english = list(product(ACTIONS, THINGS)), list(product(VERBS, NOUNS))
    name = "-".join
    lines(
        folder / "cdtn_fr" / "ref_pool_titles.jsonl",
        (
            {"url": name(pair), "title": f"Les règles pour {pair[0]} un {pair[1]}"}
            for pair in french
        ),
    )
    lines(
        folder / "cdtn_fr" / "dev_queries_by_topic.jsonl",
        (
            {"query": text, "topic": name(pair), "gold_refs": [name(pair)]}
            for pair in french
            for text in asked(FRENCH, *pair)
        ),
    )
    lines(
        folder / "stackfaq_en" / "faq.jsonl",
        (
            {"index": at, "question": f"Rules to {pair[0]} a {pair[1]}", "answer": "Ask us."}
            for at, pair in enumerate(english)
        ),
    )
    lines(
        folder / "stackfaq_en" / "queries.jsonl",
        (
            {"query": text, "gold_index": at}
            for at, pair in enumerate(english)
            for text in asked(ENGLISH[:3], *pair)
        ),
    )
    lines(
        folder / "service_public_fr" / "docs.jsonl",
        ({"id": name(p), "text": f"Pour {p[0]} un {p[1]}, prenez le guichet."} for p in french),
    )
    lines(
        folder / "service_public_fr" / "queries.jsonl",
        ({"query": f"qui peut {p[0]} un {p[1]}", "gold_doc": name(p)} for p in french),
    )
    lines(
        folder / "brand_mesconseilscovid_fr" / "faq.jsonl",
        (
            {"id": str(at), "lang": "fr", "question": f"Le {fruit} est-il mûr ?", "answer": "Oui."}
            for at, fruit in enumerate(("melon", "citron", "raisin", "kiwi", "coing"))
        ),
    )
    labelled = [(text, name(pair)) for pair in english for text in asked(ENGLISH, *pair)]
    towns = [text.format(town) for town in ("lima", "oslo", "cairo") for text in ELSEWHERE]
    outside = [(text, "oos") for text in towns]
    (folder / "clinc150").mkdir()
    (folder / "clinc150" / "data_full.json").write_text(
        json.dumps({"train": labelled, "oos_val": outside, "oos_train": outside}), encoding="utf-8"
    )
    (folder / "banking77").mkdir()
    with (folder / "banking77" / "train.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerows([("text", "category"), *labelled])
    return folder


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("weights") / "ranker.json"
    train_ranker(data, out)
    return out


def test_the_weights_rank_and_know_how_sure_they_are(trained: Path) -> None:
    model = read_model(trained)
    assert sum(model.plain.features.values()) > 0
    assert min(model.plain.features.values()) >= 0
    assert sum(model.intents.features.values()) + model.intents.intent > 0
    faq = [
        Passage(id=thing, lang=Language.FR, question=f"Comment accorder un {thing} ?")
        for thing in ("piano", "violon", "hautbois")
    ]
    retriever = PassageRetriever(faq, model)
    own = retriever.search("accorder mon violon", RetrievalFilter())
    assert own.hits[0].passage.id == "violon"
    assert own.answerable > retriever.search("cuire du riz", RetrievalFilter()).answerable


def test_the_record_says_what_was_learned_from(trained: Path) -> None:
    record = read_model(trained).record
    named = {one.name: one for one in record.data}
    assert named["cdtn_fr"].queries == len(ACTIONS) * len(THINGS) * len(FRENCH)
    assert named["stackfaq_en"].entries == len(VERBS) * len(NOUNS)
    assert named["cdtn_fr"].hit_at_1 > 0.5
    assert 0 <= record.calibration_error <= 1
    assert "cdtn_fr" in record.summary()


def portevoix(*words: str | Path) -> subprocess.CompletedProcess[str]:
    code = "from agent.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip


def test_the_command_prints_the_record_and_gives_the_same_bytes(
    data: Path, trained: Path, tmp_path: Path
) -> None:
    out = tmp_path / "weights.json"
    done = portevoix("train", "ranker", "--data", data, "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == read_model(trained).record.summary()
    assert out.read_bytes() == trained.read_bytes()


def test_missing_data_is_one_line_with_the_mend(tmp_path: Path) -> None:
    done = portevoix("train", "ranker", "--data", tmp_path / "none", "--out", tmp_path / "w.json")
    assert done.returncode == 2
    assert "ref_pool_titles.jsonl: not there; name the folder of the data sets" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "w.json").exists()


def test_a_row_that_names_no_entry_is_one_line(data: Path, tmp_path: Path) -> None:
    for path in data.rglob("*.*"):
        copy = tmp_path / path.relative_to(data)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    lines(
        tmp_path / "cdtn_fr" / "dev_queries_by_topic.jsonl",
        [{"query": "q", "topic": "t", "gold_refs": ["nowhere"]}],
    )
    done = portevoix("train", "ranker", "--data", tmp_path, "--out", tmp_path / "w.json")
    assert done.returncode == 2
    assert "'nowhere'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_shipped_weights_carry_their_record() -> None:
    record = shipped_model().record
    assert record.command.startswith("portevoix train ranker")
    assert {"cdtn_fr", "stackfaq_en", "service_public_fr"} <= {one.name for one in record.data}


def test_auroc_counts_ties_as_half() -> None:
    import numpy as np

    right = np.array([1.0, 0.0, 1.0, 0.0])
    assert auroc(np.array([0.9, 0.1, 0.8, 0.2]), right) == 1.0
    assert auroc(np.array([0.5, 0.5, 0.5, 0.5]), right) == 0.5
    assert auroc(np.array([0.1, 0.9, 0.2, 0.8]), right) == 0.0


def test_calibration_error_is_the_gap_between_said_and_true() -> None:
    import numpy as np

    chances = np.full(10, 0.8)
    right = np.array([1.0] * 8 + [0.0] * 2)
    assert calibration_error(chances, right) == pytest.approx(0.0)
    assert calibration_error(chances, 1 - right) == pytest.approx(0.6)
