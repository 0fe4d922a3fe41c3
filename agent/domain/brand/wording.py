"""Values that the schema of `brand.yaml` refuses for a reason of its own."""

from enum import unique

from knowledge.problems import Wording

_CORRECT = "correct the value"


@unique
class ValueWording(Wording):
    """Every refusal of a value; `{name}` is its path, known to who reads the file."""

    NOT_DURATION = "`{name}`: not a duration: {given}; write '15 min', '4 h' or '2 d'", _CORRECT
    OWN_RULE_TWICE = "`{name}`: the rule `{rule}` is there twice: give one another id", _CORRECT
    OWN_RULE_PATTERN = (
        "`{name}`: the rule `{rule}`: the pattern « {pattern} » is not valid: {problem}",
        _CORRECT,
    )
    OWN_RULE_FOREIGN = "`{name}`: the rule `{rule}` ({kind}) has no use for `{field}`", _CORRECT
    OWN_RULE_NEEDS = "`{name}`: the rule `{rule}` ({kind}) needs `{field}`", _CORRECT
    OWN_RULE_BOUND = "`{name}`: the rule `{rule}` ({kind}) needs `max` or `min`", _CORRECT
