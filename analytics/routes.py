"""The closed list of ways round a system, as people may pick them."""

NO_ROUTE = "none"
ROUTES = (
    "paper",
    "own_spreadsheet",
    "old_system",
    "copy_paste",
    "word_of_mouth",
    "someone_elses_login",
    "later_entry",
    "skipped_step",
    "other",
)
PLAIN = {
    "paper": "paper lists",
    "own_spreadsheet": "a spreadsheet of their own",
    "old_system": "the old system",
    "copy_paste": "copying by hand",
    "word_of_mouth": "asking and telling instead of the screen",
    "someone_elses_login": "somebody else's login",
    "later_entry": "entering it later",
    "skipped_step": "leaving out a step",
    "other": "something that is not on the list",
}  #: each route in words that fit "... named it as a new way round"
