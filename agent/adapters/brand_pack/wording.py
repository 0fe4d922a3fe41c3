"""What keeps a pack from being read: its files, and names that point at nothing."""

from enum import unique

from knowledge.problems import Wording


@unique
class PackWording(Wording):
    """Every problem of a pack as a whole."""

    NOT_A_FOLDER = (
        "not a folder",
        "give the folder of a brand pack, or make one: portevoix init DIR",
    )
    LINK_OUTSIDE = "a link that leaves the pack", "put a copy of the file in the pack"
    NO_POLICY = "there is no brand.yaml here", "make a pack with: portevoix init DIR"
    POLICY_GONE = "there is no brand.yaml here", "a pack needs one: put it back"
    FILE_PASSED_OVER = (
        "this file is not read",
        "read it in with: portevoix ingest {file} --brand DIR, or move it away",
    )
    FILE_CLOSED = "cannot be read: {problem}", "mend its permissions"
    FILE_LARGE = "{size:,} bytes; the limit is {most:,}", "one topic a file: split it"
    FILE_NOT_UTF8 = "not UTF-8", "save the file as UTF-8"
    FILE_INVISIBLE = "an invisible control character", "delete it"
    FAQ_EMPTY = "the FAQ has no entry: every question goes to a person", "add faq/my-topic.md"
    EXEMPLARS_NOT_LIST = "not a list", "begin each exemplar with « - id: »"
    STATEMENT_EMPTY = "the statement has no text", "write it under the metadata"
    ENTRY_TWICE = (
        "the FAQ entry `{name}` is there twice in {lang}",
        "the first is in {first}: give one of them another id",
    )
    STATEMENT_TWICE = (
        "the statement `{name}` is there twice in {lang}",
        "the first is in {first}: give one of them another id",
    )
    EXEMPLAR_TWICE = (
        "the exemplar `{name}` is there twice in {lang}",
        "the first is in {first}: give one of them another id",
    )

    TEAM_TWICE = "the team `{team}` is there twice", "keep one"
    TEAM_UNKNOWN = "there is no team `{team}`", "the teams are: {known}"
    TEAM_HOURS = "`{team}` closes before it opens", "check opens and closes"
    ROUTE_TWICE = "the category `{category}` has two routes", "keep one"
    ROUTE_NO_TEAM = "the route of `{category}` names no team", "the teams are: {known}"
    ROUTE_MISSING = (
        "the category `{category}` has no route",
        "add `- category: {category}` with its route",
    )
    STATEMENT_UNKNOWN = "there is no statement `{statement}`", "write it in statements/"
    DEFAULT_LANGUAGE = (
        "the default language `{code}` is not in `languages`",
        "add it there or choose another",
    )
    NOT_A_LANGUAGE = "`unknown` is not a language to write in", "remove it"
    CATEGORY_UNKNOWN = "there is no category `{category}`", "the categories are: {known}"
    PATTERN_BROKEN = (
        "the pattern is not a regular expression: {problem}",
        "mend it, or use `term`",
    )
    BAN_OF_NOTHING = "a banned entry needs either `term` or `pattern`", "write one of them"
