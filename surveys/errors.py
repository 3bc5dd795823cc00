"""What a person can mend, said as a sentence that reaches them.

SurveyError
|- NotInvited         this prompt was made for somebody else
|- WaveClosed         too late
|- AlreadyAnswered    twice
|- NothingAnswered    an empty return
|- AnswerRefused      something in it cannot be taken
|- NoSuchQuestion     the receipt, or the question, is not known
|- QuestionRefused    empty, too long, or it names a patient
|- NoLongerKept       it was there once; its key has been destroyed
'- Locked             the group minimum does not change while a go-live runs

Every class carries the key of its sentence in the catalogues (`bot/texts`), and the English sentence as its docstring.
"""

from typing import ClassVar


class SurveyError(Exception):
    """Something went wrong. Please try again."""

    key: ClassVar[str] = "error-survey"

    def __init__(self, **facts: str | int) -> None:
        super().__init__(type(self).__doc__)
        self.facts = facts  #: what the sentence may mention; never a text that a person wrote


class NotInvited(SurveyError):
    """This pulse was made for somebody else. Yours will reach you in your own chat."""  # noqa: D404  # the sentence that people read

    key = "error-not-invited"


class WaveClosed(SurveyError):
    """This pulse has closed. The next one will reach you soon."""  # noqa: D404  # as above

    key = "error-wave-closed"


class AlreadyAnswered(SurveyError):
    """You have answered this one already. Thank you."""

    key = "error-already-answered"


class NothingAnswered(SurveyError):
    """Nothing was picked yet. One answer is enough."""

    key = "error-nothing-answered"


class AnswerRefused(SurveyError):
    """One of these answers could not be taken. Please look at it once more."""

    key = "error-answer-refused"


class NoSuchQuestion(SurveyError):
    """These four words open nothing. Please check them once more."""

    key = "error-no-such-question"


class QuestionRefused(SurveyError):
    """This question could not be taken."""  # noqa: D404  # as above

    key = "error-question-refused"


class NoLongerKept(SurveyError):
    """This is no longer kept: texts go for good after some months."""  # noqa: D404  # as above

    key = "error-no-longer-kept"


class Locked(SurveyError):
    """The group minimum stays as it is while the go-live runs: people have answered under it."""

    key = "error-locked"
