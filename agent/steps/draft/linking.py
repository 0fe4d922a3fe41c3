"""Words that tie a sentence to the one before it, so that neither is shown without the other."""

import re

_OPENERS = (
    # French: connectives, pronouns and demonstratives that point back.
    r"dans (?:ce|tous les|le) cas|le cas echeant|en cas contraire|sinon|a defaut|autrement",
    r"si (?:oui|non)|en revanche|toutefois|cependant|neanmoins|pourtant|mais|or|donc|ainsi|alors",
    r"ensuite|puis|enfin|de plus|en outre|egalement|aussi|par ailleurs|par contre|et",
    r"c'est|cela|ceci|ca|ce|cet|cette|ces|celui|celle|ceux|leurs?|elles?",
    r"ils?(?! (?:faut|suffit|est|existe|y a|convient|s'agit))",
    r"(?:passe|apres|avant|pendant|pour|a partir de|d'ici|avec|sans) (?:ce|cet|cette|ces|cela)",
    r"au-dela|en dessous|au-dessous|au-dessus|en deca|plus (?:tard|tot)|une fois",
    r"(?:le|la|les) memes?",
    # English
    r"otherwise|in (?:that|this|such|which|either) cases?|if (?:so|not)|however|but|then|also",
    r"it|they|this|these|that|those|so|therefore|both|their|its|the same|instead|and|or",
    r"(?:after|before|below|above|under|over|beyond|past|for|with|without) (?:that|this|it)",
    r"beyond|afterwards|once|finally|next|earlier|later",
)
_LEANING = re.compile(rf"(?:{'|'.join(_OPENERS)})\b(?!-)")

_NARROWERS = (
    # French: what takes back part of the sentence before.
    r"sauf|hors|except(?:e|es|ion|ions)?|uniquement|seulement|sous reserve|a (?:la )?condition",
    r"ne (?:concern|s'appliqu|beneficient|sont pas (?:concern|elig))\w*|exclus?e?s?",
    r"attention|a noter|passe ce delai|au-dela|minimum|maximum",
    # English
    r"only|unless|except|exclud\w+|(?:does|do) not (?:apply|cover|include)",
    r"(?:doesn't|don't) (?:apply|cover|include)|not (?:available|eligible|covered|included)",
    r"please note|note that|provided",
)
_LIMITING = re.compile(rf"\b(?:{'|'.join(_NARROWERS)})\b")


def is_leaning(folded: str) -> bool:
    """Whether a folded sentence means nothing, or something else, without the one before."""
    return bool(_LEANING.match(folded))


def is_limiting(folded: str) -> bool:
    """Whether a folded sentence narrows what the one before it says."""
    return bool(_LIMITING.search(folded))
