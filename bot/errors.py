"""What whoever runs the bot can mend, said as a sentence; the command line leaves with code 2.

Unusable
|- PortTaken          something else listens there
|- KeysUnreadable     the key file is damaged
|- DatabaseTooNew     a newer version wrote it
|- MovedAway          its rows are in another database now
'- NoExample          the example go-live is not installed
"""


class Unusable(Exception):
    """What was asked for cannot be done as it is; the text says what to mend."""


class PortTaken(Unusable):
    """Something else listens there already."""


class KeysUnreadable(Unusable):
    """The key file cannot be read."""


class DatabaseTooNew(Unusable):
    """The database was written by a newer version."""


class MovedAway(Unusable):
    """The rows of this database were carried over to another one."""


class NoExample(Unusable):
    """The example go-live is not installed."""
