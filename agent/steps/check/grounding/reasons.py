"""Whether a reply tells a cause that neither the passages nor the customer know of.

« La ligne est interrompue à cause d'une panne électrique », where the passage only says that it
is: an invented cause is the commonest way to fill a gap kindly.
"""

import re

from agent.steps.check.families import held
from agent.steps.check.words import stems

_CAUSE = re.compile(
    r"\b(?:(?:a cause|en raison|du fait) d(?:e |u |es |')|suite a |parce qu(?:e |')|car "
    r"|d[ue]e?s? a (?:une?|des|la|le|l') ?|(?:vien(?:t|nent)|provien(?:t|nent)) d(?:e |u |es |')"
    r"|(?:cause|provoque)\w* par |because (?:of )?|due to (?!arrive|start|leave|open|end|be\b)"
    r"|owing to |as a result of |caused by |(?:is|was|are|were) down to |on account of )"
    r"([^.,;:!?()]+)"
)


def tells_unknown_cause(folded: str, known: frozenset[str]) -> bool:
    """Return whether a folded sentence tells a cause of which no word is among `known` stems."""
    causes = (frozenset(stems(found[1])) for found in _CAUSE.finditer(folded))
    return any(cause and not held(cause, known) for cause in causes)
