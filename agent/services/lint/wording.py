"""What lint may say, in English; the desk finds its own words by the code."""

from enum import unique

from knowledge.problems import Wording

_EXAMPLE = "mend the term, the pattern or the example"
_CHOOSE = "choose"
_UNNEST = "no repeat inside a repeat: (a+)+ is a+"
_REWORD = "reword it: a draft that says it would be marked down, or stopped"
_TRANSLATE = "write it: a question in that language goes to a person meanwhile"


@unique
class LintWording(Wording):
    """Every finding of lint."""

    CHARACTERS_OVER = (
        "{network} does not allow {given} characters",
        "remove it: the network's limit applies",
    )
    HASHTAGS_OVER = "{network} does not allow {given} hashtags", "at most {most}"
    STATEMENT_TOO_LONG = (
        "`{statement}` is too long for {network}",
        "shorten it: there, a person would have to write",
    )
    WORDS_DO_NOT_FIT = (
        "{words} words do not fit in {characters} characters",
        "lower max_words, or raise max_characters of a channel",
    )

    PREFERRED_AND_AVOIDED = "« {word} » is both preferred and to be avoided", _CHOOSE
    PREFERRED_AND_BANNED = "« {word} » is both preferred and banned", _CHOOSE
    PRODUCT_BANNED = "« {word} » is a product and banned", _CHOOSE
    PRODUCT_RIGHT_AND_WRONG = "« {word} » is right and wrong at once", _CHOOSE
    NAME_TWICE = "`{name}` is there twice", "keep one"
    FACTS_DIFFER = "`{one}` says {facts}; `{other}` does not", "make both languages say the same"
    DAYS_DIFFER = (
        "`{one}` and `{other}` are not valid on the same days",
        "give both the same dates",
    )
    SAME_QUESTION = (
        "`{one}` and `{other}` answer the same question",
        "see {place}: keep one, or tell the questions apart",
    )
    LINK_NOT_ALLOWED = (
        "the link to {host} is not on the allow-list",
        "add it to lexicon.link_allowlist, or remove it",
    )

    NO_ROUTE = "the category `{category}` has no route", "add `- category: {category}`"
    NO_TEAM = "the route of `{category}` names no team we know", "name one"
    NO_BACKUP = (
        "the route of `{category}` has no backup",
        "give the team `{team}` a backup, or this route its own",
    )
    HOLD_WITHOUT_STATEMENT = (
        "the route of `{category}` holds, but names no approved statement",
        "add `statements: [my-statement]`",
    )
    SETTLED_TOO_SOON = (
        "`{category}` must be settled before it is acknowledged",
        "own_within is the longer of the two",
    )
    NO_STATEMENT = "there is no statement `{statement}`", "write it in statements/"
    NOT_IN_FORCE = (
        "`{statement}`, used for `{use}`, is not in force in {lang}",
        "write it in that language, or extend its dates",
    )
    NO_CHARTER_TEXT = "the charter rule `{rule}` has no text in {lang}", "write it"
    NO_REASONS_TEXT = "the statement of reasons has no text in {lang}", "write it (DSA art. 17)"
    NO_TEXT = "`{path}` has no text in {lang}", "add `{code}: [...]`"
    NO_HELP = "no help text for `{topic}`", "name an approved statement"
    ENTRY_ENDED = "`{entry}` ended on {day}", "remove it, or extend its dates"
    STATEMENT_ENDED = (
        "the statement `{statement}` ended on {day}",
        "have it approved again, or remove it",
    )
    ENTRY_MISSING = "the entry `{name}` does not exist in {lang}", _TRANSLATE
    STATEMENT_MISSING = "the statement `{name}` does not exist in {lang}", _TRANSLATE
    ENTRIES_MISSING = "{n} ids have no entry in {lang}; the first is `{name}`", _TRANSLATE
    STATEMENTS_MISSING = "{n} ids have no statement in {lang}; the first is `{name}`", _TRANSLATE

    BAN_WITHOUT_EXAMPLES = (
        "the ban on « {name} »: no good or no bad example",
        "give one of each",
    )
    BAN_MISSES = "the ban on « {name} »: its bad example is not caught", _EXAMPLE
    BAN_OVERREACHES = "the ban on « {name} »: its good example is caught", _EXAMPLE
    SWAP_WITHOUT_EXAMPLES = (
        "« {use} », not « {avoid} »: no good or no bad example",
        "give one of each",
    )
    SWAP_MISSES = "« {use} », not « {avoid} »: its bad example is not caught", _EXAMPLE
    SWAP_OVERREACHES = "« {use} », not « {avoid} »: its good example is caught", _EXAMPLE
    VOICE_UNSEEN = (
        "« {name} »: no rule sees what is wrong with the bad example",
        "only a judge or a person will notice it",
    )
    VOICE_FAILS = "« {name} »: the good example fails {rule}: {reason}", "mend the example"
    IDENTIFIER_MISSES = "{name}: the pattern does not find its own example", "mend the pattern"
    IDENTIFIER_UNCAUGHT = (
        "{name}: a public reply that quotes the example is not caught",
        "mend the pattern",
    )
    IDENTIFIER_OVERREACHES = (
        "{name}: the pattern finds what it should leave alone",
        "mend the pattern",
    )

    BAN_ENDLESS = "the banned pattern « {pattern} » does not come to an end", _UNNEST
    IDENTIFIER_ENDLESS = "{name}: the pattern does not come to an end", _UNNEST
    RULE_ENDLESS = (
        "the rule `{rule}`: the pattern « {pattern} » does not come to an end",
        _UNNEST,
    )
    RULE_MISSES = (
        "the rule `{rule}`: its bad example is not caught",
        "mend the pattern or the example",
    )
    RULE_OVERREACHES = (
        "the rule `{rule}`: its good example is caught",
        "mend the pattern or the example",
    )

    ACKNOWLEDGEMENT_FAILS = "the acknowledgement fails {rule}: {reason}", _REWORD
    TEXT_FAILS = "the text fails {rule}: {reason}", _REWORD
    STATEMENT_FAILS = "the statement `{name}` fails {rule}: {reason}", _REWORD
    EXEMPLAR_FAILS = "the exemplar `{name}` fails {rule}: {reason}", _REWORD
    ENTRY_FAILS = "the entry `{name}` fails {rule}: {reason}", _REWORD
