"""Matters on which a wrong word can harm somebody: there a doubt is a failure.

DESIGN principle 3 blocks what is unsupported; allergens, pregnancy, medicine, toxicity, age and
law are where a person who believes an uncertain sentence may come to harm.
"""

import re

_HARM = re.compile(
    r"\b(?:gluten|allerg|hypoallerg|lactose|arachide|cacahuete|peanut|noix|noisette|nuts?\b"
    r"|sesame|soja|soya?\b|dairy|(?:sans|no|without) (?:lait|oeuf|milk|egg)|(?:milk|egg)-free"
    r"|coeliaque|coeliac|celiac|vegan|vegetalien|halal|kosher|casher|alcool|alcohol|cafeine|caffeine|latex"
    r"|nickel|sucre|sugar|diabet|medic|medecin|doctor|pharma|traitement|ordonnance|prescri"
    r"|enceinte|grossesse|pregnan|allait|breastfe|nourrisson|infant|bebe|bab(?:y|ies)\b"
    r"|toxi|poison|nocif|harmful|inflamm|flammab|danger|phtalate|phthalate|parabene?|bisphenol|bpa\b"
    r"|mineur|minors?\b|majeur|under-?age|legal|illegal|loi\b|laws?\b|certifi|homologu|conform"
    r"|complian|normes?\b)"
)


def may_harm(folded: str) -> bool:
    """Return whether a folded sentence speaks of allergens, health, toxicity, age or law."""
    return _HARM.search(folded) is not None
