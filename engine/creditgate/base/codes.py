"""The registry of diagnostic codes: one member for each kind of finding.

The first digit of a number is the stage that finds it: 1 load, 2 schema, 3 parse, 4 names and
dates, 5 types and units, 6 compile, 7 admit, 8 lints, 9 facts and decisions. A number is never
given to another meaning.
"""

from __future__ import annotations

from enum import Enum


class Code(Enum):
    """Name each kind of finding with its number and a short title.

    >>> Code.DUPLICATE_KEY.number, Code.DUPLICATE_KEY.slug
    ('CG1003', 'duplicate-key')
    """

    # Load: files and YAML.
    NOT_YAML = ("CG1001", "the file is not well-formed YAML")
    NOT_UTF8 = ("CG1002", "the file is not UTF-8 text")
    DUPLICATE_KEY = ("CG1003", "a key stands twice in one mapping")
    ANCHOR_OR_ALIAS = ("CG1004", "an anchor or an alias is used")
    TAG = ("CG1005", "a YAML tag is used")
    EMPTY_VALUE = ("CG1006", "a key or a list item has no value")
    MERGE_KEY = ("CG1007", "a merge key is used")
    KEY_NOT_TEXT = ("CG1008", "a key is not plain text")
    SEVERAL_DOCUMENTS = ("CG1009", "the file holds more than one document")
    NESTED_TOO_DEEP = ("CG1010", "the file is nested too deep")
    FILE_TOO_LARGE = ("CG1011", "the file is too large")
    CONTROL_CHARACTER = ("CG1012", "the file holds a control or an invisible character")
    TAB = ("CG1013", "the file holds a tab")
    EMPTY_FILE = ("CG1014", "the file is empty")
    UNREADABLE_FILE = ("CG1015", "the file cannot be read")
    DIRECTIVE = ("CG1016", "a YAML directive is used")
    MISSING_FILE = ("CG1017", "a file that is needed does not exist")
    MISPLACED_FILE = ("CG1018", "a file does not stand where its content says")
    COMMENT_CUTS_TEXT = ("CG1019", "a `#` turns the rest of a value into a comment")
    CHECKSUM_DIFFERS = ("CG1020", "the days of a calendar do not fit its checksum")
    MORE_FINDINGS = ("CG1090", "there are more findings than are shown")

    # Schema: the shape of a file.
    UNKNOWN_KEY = ("CG2001", "a key is not known in this place")
    MISSING_KEY = ("CG2002", "a key that is needed is missing")
    WRONG_SHAPE = ("CG2003", "a value has the wrong shape")
    NOT_ONE_OF = ("CG2004", "a value is not one of the words allowed")
    BAD_FORM = ("CG2005", "a value is not written in the form needed")
    NO_ITEMS = ("CG2006", "a list or a mapping has too few entries")
    TOO_MANY_ITEMS = ("CG2007", "a list or a mapping has too many entries")
    KEYS_EXCLUDE = ("CG2008", "keys that exclude each other stand together")
    REPEATED_ITEM = ("CG2009", "a list names an item twice")
    SCHEMA_FAILED = ("CG2010", "a value does not satisfy the schema")

    # Parse: the text of expressions and placeholders.
    SYNTAX_ERROR = ("CG3001", "an expression cannot be read")
    MIXED_AND_OR = ("CG3002", "`and` and `or` are mixed without brackets")
    FULL_WIDTH_PUNCTUATION = ("CG3003", "an expression holds full-width punctuation")
    TOO_DEEP = ("CG3004", "an expression is nested too deep")
    BRACKETS_NEEDED_FOR_ROUNDING = ("CG3005", "what is rounded needs brackets")
    SINGLE_EQUALS = ("CG3006", "`=` is written where `is` is meant")
    SYMBOL_FOR_WORD = ("CG3007", "a symbol is written where a word is meant")
    BAD_PLACEHOLDER = ("CG3008", "a placeholder in a message cannot be read")

    # Names and dates.
    UNKNOWN_NAME = ("CG4001", "a name is not known")
    UNKNOWN_MEMBER = ("CG4002", "a member of an enum or an entity is not known")
    DUPLICATE_NAME = ("CG4003", "a name is defined twice")
    NOT_COVERED = ("CG4004", "a version is missing on a day that needs one")
    DATES_OUT_OF_ORDER = ("CG4005", "dates are out of order")
    UNKNOWN_INSTRUMENT = ("CG4006", "a legal instrument is not listed")
    CYCLE = ("CG4007", "definitions depend on each other in a circle")
    NOT_DEFINED = ("CG4008", "a name is declared but not defined")
    UNKNOWN_RULEBOOK = ("CG4009", "a rulebook is not known")
    NO_ACTION_NAMED = ("CG4010", "a rule on orders names no action")
    TABLE_GAP = ("CG4011", "a table has no row for a key")
    TABLE_OVERLAP = ("CG4012", "a table has two rows for a key")
    UNKNOWN_EVENT = ("CG4013", "an event is not known")
    UNKNOWN_REASON = ("CG4014", "a reason is not known")
    NAME_CLASH = ("CG4015", "a name already means something else")
    CLAIM_MISPLACED = ("CG4016", "a claim stands where it could approve by being left out")
    WRONG_PLACE = ("CG4017", "a word stands where it has no meaning")
    UNKNOWN_CLAIM = ("CG4018", "a claim is not known")
    UNKNOWN_CALENDAR = ("CG4019", "a calendar is not known")
    ABSTRACT_RULEBOOK = ("CG4020", "a rulebook does not load alone")
    BAD_DATE = ("CG4021", "a date does not exist or is not written as a date")
    MEMBER_WITHOUT_RULE = ("CG4022", "nothing looks at some orders")
    DUE_ON_ORDERS = ("CG4023", "a rule on orders has a deadline")
    DUE_WITHOUT_TIME = ("CG4024", "a deadline has a time, but its event is judged by the day")
    EFFECT_BEFORE_PUBLICATION = ("CG4025", "something takes effect before it was published")

    # Types and units.
    TYPE_MISMATCH = ("CG5001", "types do not fit together")
    UNKNOWN_OPERATOR = ("CG5002", "an operator does not exist for these types")
    UNIT_MISMATCH = ("CG5003", "units do not fit together")
    MAYBE_NONE = ("CG5004", "a value that may be none is used unguarded")
    NOT_A_BOOLEAN = ("CG5005", "a condition is not true or false")
    WRONG_ARGUMENT_COUNT = ("CG5006", "a function or a table has the wrong number of arguments")
    POLARITY = ("CG5007", "`stricter` does not agree with how a value is used")
    BARE_NUMBER = ("CG5008", "a number has no unit")
    BAD_LITERAL = ("CG5009", "a value cannot be read as its type")
    NOT_A_LIST = ("CG5010", "a list is needed")
    LIST_FOR_EACH_RECORD = ("CG5011", "one list is walked for each record of another")

    # Compile.
    OPERATOR_NOT_SUPPORTED = ("CG6001", "an evaluator does not support an operator")

    # Admit: overlays.
    OVERLAY_LOOSENS = ("CG7001", "an overlay is looser than its base")
    OVERLAY_NOT_SETTLED = ("CG7002", "an overlay could not be shown to be as strict as its base")
    OVERLAY_NOT_ALLOWED = ("CG7003", "an overlay changes what it may not change")
    OVERTAKEN = ("CG7004", "a house value is overtaken by the regulator")
    NOTHING_TO_REPLACE = ("CG7005", "there is nothing to replace")

    # Lints.
    QUOTED_EXPRESSION = ("CG8001", "an expression stands in quotes without need")
    UNUSED_NAME = ("CG8002", "a name is never used")
    UNCITED_NUMBER = ("CG8003", "a number in a formula has no citation")
    REVIEW_DUE = ("CG8004", "a day of review has passed")
    UNREACHABLE_CASE = ("CG8005", "a case is never reached")
    OVERLAPPING_CASES = ("CG8006", "two cases overlap, and their order decides")
    NEVER_BINDS = ("CG8007", "a comparison comes out alike for all facts")
    DUPLICATE_RULE = ("CG8008", "two rules say the same")
    NOT_A_TERM = ("CG8009", "a name is not in the terms of the field")

    # Facts and decisions.
    UNREADABLE_FACTS = ("CG9001", "the facts cannot be read")
    UNKNOWN_FACT = ("CG9002", "a fact is not in the vocabulary")
    WRONG_TYPE = ("CG9003", "a fact has the wrong type")
    OUT_OF_BOUNDS = ("CG9004", "a fact is out of its bounds")
    TOO_MANY_DECIMALS = ("CG9005", "a fact has too many decimals")
    NOT_A_NUMBER = ("CG9006", "a fact is not a finite number")
    UNKNOWN_ENUM_MEMBER = ("CG9007", "a fact is not a member of its enum")
    DUPLICATE_RECORD = ("CG9008", "a key of a record or of an object is given twice")
    NONE_NOT_ALLOWED = ("CG9009", "a fact may not be none, or has to be")
    TOO_LARGE = ("CG9010", "the facts are too large")
    FACTS_TOO_DEEP = ("CG9011", "the facts are nested too deep")
    UNKNOWN_RECORD = ("CG9012", "a record that is referred to is not given")
    FLOAT_REFUSED = ("CG9013", "a binary floating point number is given")
    NO_DATE = ("CG9014", "the date of the event is not given")
    WRONG_EVENT = ("CG9015", "the event is not known or does not fit")
    UNKNOWN_FIGURE = ("CG9016", "a figure that is asked for is not known")
    CURRENCY_MISMATCH = ("CG9017", "currencies do not fit together")
    RECORD_DIFFERS = ("CG9018", "a decision made again differs from its record")
    BAD_CLAIM = ("CG9019", "a claim is not given as needed")
    NO_FILE = ("CG9020", "a file that is asked for does not exist")
    BAD_LIST = ("CG9021", "a daily list is not stated as needed")
    REPLAY_DIFFERS = ("CG9022", "a replay that was begun had other inputs")
    EXTRA_MISSING = ("CG9023", "an optional part of creditgate is not installed")
    NOT_CHANGEABLE = ("CG9024", "a fact that is to be changed is no number and no date")
    # Comparisons of rulebooks.
    NOTHING_COMPARED = ("CG9030", "there is nothing to compare")
    NO_GIT = ("CG9031", "there is no git, or no repository")
    UNKNOWN_REVISION = ("CG9032", "a revision or a path of it does not exist")
    SIDE_DOES_NOT_LOAD = ("CG9033", "a rulebook on one side of a comparison does not load")
    DAY_OUTSIDE = ("CG9034", "a day lies outside the time of a rulebook")
    NOT_COMPARABLE = ("CG9035", "two rulebooks cannot be compared in what they mean")
    TAPE_NOT_DECIDED = ("CG9036", "orders of a tape are decided under neither rulebook")
    INTERRUPTED = ("CG9037", "a comparison was interrupted")
    NOT_GENERATED = ("CG9040", "a file that was not generated would be written over")
    CASES_NOT_WRITABLE = ("CG9041", "scenarios cannot be written where they are asked for")
    GENERATION_INTERRUPTED = ("CG9042", "the making of scenarios was interrupted")

    @property
    def number(self) -> str:
        """Give the number, such as `CG1003`."""
        return self.value[0]

    @property
    def title(self) -> str:
        """Give the title: what is wrong, in a few words."""
        return self.value[1]

    @property
    def slug(self) -> str:
        """Give the name as it stands in addresses, such as `duplicate-key`."""
        return self.name.lower().replace("_", "-")
