"""What the readers of source files find wrong: syntax, keys, values and entries."""

from enum import unique

from knowledge.problems import Wording


@unique
class SourceWording(Wording):
    """Every problem of YAML, of its schema, and of Markdown entries."""

    YAML_DEEP = "nested too deep", "write it in a few levels"
    YAML_LOOP = "a node contains itself", "write the value out"
    YAML_LARGE = "more than {most:,} values", "write fewer aliases (*name)"
    YAML_KEY = "a key is not a word", "write `key: value`"
    YAML_KEY_TWICE = "the key `{name}` is written twice", "keep one of them"
    YAML_TAB = "bad YAML: {problem}", "indent with spaces, not tabs"
    YAML_COLON = (
        "bad YAML: {problem}",
        "align the keys of a block; put a text that holds « : » between quotes",
    )
    YAML_OPEN = "bad YAML: {problem}", "close the quote or bracket opened before"
    YAML_NO_COLON = "bad YAML: {problem}", "write `key: value`, with a space after the colon"
    YAML_ALIGN = "bad YAML: {problem}", "align the keys of one block on the same column"
    YAML_DOCUMENTS = "bad YAML: {problem}", "keep one document: remove the second `---`"
    YAML_TOKEN = (
        "bad YAML: {problem}",
        "put the text between quotes; indent with spaces, not tabs",
    )
    YAML_ALIAS = "bad YAML: {problem}", "put a text that begins with * or & between quotes"
    YAML_INVISIBLE = "bad YAML: {problem}", "remove the invisible character"
    YAML_OTHER = "bad YAML: {problem}", "mend the YAML here"
    YAML_KEPT = (
        "this change cannot be made in the file as it is written",
        "make this change in the text itself",
    )

    KEY_UNKNOWN_CLOSE = "unknown key `{name}`", "did you mean `{close}`?"
    KEY_UNKNOWN = "unknown key `{name}`", "remove it; the keys there are: {known}"
    KEY_UNKNOWN_ALL = "unknown key `{name}`", "remove it; the keys there are: none"
    KEY_MISSING = "`{name}` is missing", "add it; the template shows where"
    NOT_TEXT = "`{name}` is not text", "write it as text, between quotes if it is a number"
    NOT_LIST = "`{name}` is not a list", "write one item a line, each after « - »"
    NOT_BLOCK = "`{name}` is not a block of keys", "write `key: value` lines under it"
    FILE_NOT_BLOCK = "`the file` is not a block of keys", "write `key: value` lines under it"
    NOT_BOOLEAN = "`{name}` is not true or false", "write true or false"
    NOT_WHOLE = "`{name}` is not a whole number", "write a whole number, without quotes"
    NOT_NUMBER = "`{name}` is not a number", "write a number, without quotes"
    NOT_DATE = "`{name}` is not a date", "write it as 2026-12-31"
    NOT_TIME = "`{name}` is not a time of day", "write it as 18:30"
    VALUE_UNKNOWN = "`{name}` is not a value we know", "write {expected}"
    FORM_UNREAD = "`{name}` has a form we do not read", "it must match {pattern}"
    LIST_EMPTY = "`{name}` is empty", "give at least one"
    TEXT_EMPTY = "`{name}`: string should have at least 1 character", "correct the value"
    LEAST = "`{name}`: input should be greater than or equal to {bound}", "correct the value"
    MORE_THAN = "`{name}`: input should be greater than {bound}", "correct the value"
    MOST = "`{name}`: input should be less than or equal to {bound}", "correct the value"
    LESS_THAN = "`{name}`: input should be less than {bound}", "correct the value"

    FRONT_MATTER_OPEN = "the front matter is not closed", "end it with `---`"
    METADATA_OPEN = "the metadata block is not closed", "end the block with `{end}` before the text"
    METADATA_NOT_KEYS = "the metadata is not `key: value` lines", "write id: my-entry"
    ENTRY_EMPTY = (
        "the entry `{entry}` has no answer",
        "write it under the metadata, or remove the heading",
    )
    ENTRY_NO_LANGUAGE = (
        "the entry `{entry}` has no language",
        "write `lang: fr` or `lang: en` in the entry or in the file's front matter",
    )
    ENTRY_NO_ID = "the entry has no id", "write `id: my-entry`"
    ENTRY_ENDS_EARLY = (
        "the entry `{entry}` ends before it begins",
        "check valid_from and valid_until",
    )
    CONDITION_LOST = (
        "must_include is not in the answer of `{entry}`",
        "copy the condition word for word from the answer, or mend the answer",
    )


@unique
class ImportWording(Wording):
    """What is said of the parts of a document that did not become entries."""

    INNER_LINKS = "links inside the page ({links}): their words were kept", ""
    NO_ANSWER = "a question without answer", "write its answer"
    NO_QUESTION = "an answer without question", "write its question"
    NEITHER = "neither question nor answer", "delete it"
    NO_QUESTIONS = "no question in this document", "make each question a heading"
    OTHER_LANGUAGE = (
        "the language is neither French nor English",
        "translate it, or say its language in a `lang` column",
    )
    SAME_ENTRY = "the same entry as `{entry}`", ""
    ID_TAKEN = "the id `{entry}` is already taken in {lang}", "give this entry another id"
    DOCUMENT_NOT_UTF8 = "not UTF-8", "save the file as UTF-8"
    READ_AS_WINDOWS = "not UTF-8: read as Windows-1252", "check the accents"
    NO_HEADING = "text under no heading", ""
    NO_HEADINGS = "{characters} characters under no heading", ""
    BARE_HEADING = "a heading without text of its own", ""
    OTHER_FRONT_MATTER = "front matter of another tool", ""
    PDF_LOCKED = "the PDF is locked by a password", "save it without password"
    PAGE_EMPTY = "page {page} has no text", "a scan: run OCR on it first"
    PAGE_FURNITURE = "{lines} lines repeated on the pages: headers and footers", ""
    KIND_NOT_READ = "this kind of file is not read", "use {kinds}"
    DOCUMENT_LARGE = "larger than {most} MB", "split it"
    DOCUMENT_CLOSED = "cannot be read: {problem}", "check its path and permissions"
    DOCUMENT_DAMAGED = (
        "not a readable {kind} file ({problem})",
        "open it, save it again without password, and retry",
    )
    NO_COLUMN = (
        "no column holds the questions",
        "name the columns in the first row: id, question, answer, lang",
    )
    SHEET_WITHOUT_COLUMN = (
        "sheet {sheet}: no column holds the questions",
        "name the columns in the first row: id, question, answer, lang",
    )
    QUOTE_OPEN = (
        "a quote opened in this row is never closed: nothing after it could be read",
        "close the quote, or double it where it is part of the text",
    )
    NOT_A_ROW = "not a CSV row: {problem}", "mend its quotes"
    CELLS_OVER = (
        "more cells than the header has names",
        "put cells that hold the separator between quotes",
    )
    COLUMNS_NOT_READ = "columns not read: {columns}", ""
    NOT_JSON_LIST = "not a JSON list", "one JSON object a line is easier to mend"
    JSON_DEEP = "nested too deep", "one flat object a line"
    NOT_JSON = "not valid JSON at column {column}", "one JSON object a line"
    NOT_JSON_OBJECT = "not a JSON object", "write {form}"
    NO_JSON_QUESTION = "no `question`", 'add "question": "…"'
    ASKED_AGAIN = "the same question again on the page", ""
    NOT_PART_OF_TEXT = "<{tag}>: not part of the text", ""
    PAGE_DATA_NOT_JSON = "structured data that is not JSON", "mend the page"
