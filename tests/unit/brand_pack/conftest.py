"""A tiny valid pack, built in a temporary folder, that each test breaks in one way."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from agent.domain.decisions import Category

ROUTES = "".join(
    f"    - {{category: {category.value}, route: escalate, team: care, acknowledge_within: 4 h}}\n"
    for category in Category
)
BRAND = f"""\
schema_version: 1
brand:
  id: petit-pot
  name: Petit Pot
  editorial_owner: {{name: Ada}}
languages:
  fr: {{register: vous}}
  en: {{}}
transparency:
  disclosure_texts: {{fr: [Préparé avec une IA.], en: [Drafted with AI.]}}
  bot_question_answers: {{fr: [Je suis un assistant.], en: [I am an assistant.]}}
  unknown_texts: {{fr: [Nous demandons.], en: [We are asking.]}}
escalation:
  teams:
    - {{id: care, name: Service client, backup: lead}}
    - {{id: lead, name: Direction, hours: {{mon: {{opens: 09:00, closes: 18:30}}}}}}
  routes:
{ROUTES}moderation:
  rules: []
  statement_of_reasons: {{fr: "Masqué : {{rule}}."}}
retention: {{message: 365 d, draft: 90 d, approved_reply: 1095 d, model_trace: 30 d}}
"""
FAQ = """\
---
lang: fr
---
# Livraison

## Quand mon colis arrive-t-il ?

```yaml
id: delivery-time
aliases: [Délai de livraison]
must_include: [en France métropolitaine]
link: https://petit-pot.example/livraison
commitment: true
```

Sous 3 jours ouvrés
en France métropolitaine.

## When will it arrive?
---
id: delivery-time
lang: en
---
Within 3 working days.
"""
STATEMENT = """\
---
approver: Ada
kind: holding
---
## Attente
```yaml
id: hold
lang: fr
valid_until: 2027-01-31
```
Nous vérifions.
"""

WritePack = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def files() -> dict[str, str]:
    """The texts of the tiny pack, by relative path."""
    return {
        "brand.yaml": BRAND,
        "faq/delivery.md": FAQ,
        "statements/holding.md": STATEMENT,
        "guidelines/voice.md": "# Voix\nChaleureuse.\n",
        "exemplars.yaml": "- {id: e1, lang: fr, inbound: Bravo, reply: Merci, why: court}\n",
    }


@pytest.fixture
def write_pack(tmp_path: Path) -> WritePack:
    """Return a function that writes files into the folder of a pack."""

    def write(texts: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "pack"
        for name, text in texts.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return root

    return write
