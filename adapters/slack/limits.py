"""How long things may be in Slack, which refuses what is longer: so it is cut or laid out otherwise here.

Figures of https://docs.slack.dev/reference/block-kit and of the methods' pages, read in November 2026.
"""

from typing import Final

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
MESSAGE_TEXT: Final = 40_000  #: what is longer is cut by Slack
CARD_TEXT: Final = 12_000  #: ours: Slack names no number, and refuses a message whose blocks are too long together
BLOCK_TEXT: Final = 3_000  #: of a section; kept for rich text as well, for which no number is named
LABEL: Final = 2_000  #: of an input, and of the hint under it
CONTEXT: Final = 3_000
BUTTON: Final = 75
BUTTONS: Final = 25
URL: Final = 3_000
OPTION: Final = 75  #: of its text, and once more of its description
OPTION_VALUE: Final = 150
LISTED_OPTIONS: Final = 10  #: radio buttons and checkboxes; more than these go into a menu
MENU_OPTIONS: Final = 100
INPUT_TEXT: Final = 3_000
ID: Final = 255  #: block_id and action_id
METADATA: Final = 3_000
VIEW_WORD: Final = 24  #: the title of a modal and the words on its two buttons
CHARTS: Final = 2  #: in a message
CHART_TITLE: Final = 50
CHART_SERIES: Final = 6
CHART_LABELS: Final = 20
CHART_LABEL: Final = 20
ALT_TEXT: Final = 2_000


def clip(text: str, longest: int) -> str:
    """The text, cut after a word where it has to be, with a sign that something is missing."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    whole_words = kept.rpartition(" ")[0]
    return f"{(whole_words if len(whole_words) > longest // 2 else kept).rstrip()}…"
