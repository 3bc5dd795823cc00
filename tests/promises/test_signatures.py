"""The verbs that write what people say have no parameter through which a person could enter.

To see it fail: add any parameter to `surveys.questions.ask` or to `surveys.responses.submit`.
"""

from inspect import signature

from surveys import questions
from surveys.responses import submit, write


def test_asking_takes_a_text_and_no_person() -> None:
    assert set(signature(questions.ask).parameters) == {"session", "golive_id", "text", "receipt", "today"}


def test_answering_takes_answers_and_no_person() -> None:
    assert set(signature(submit).parameters) == {"session", "wave_id", "stratum_id", "answers", "remarks"}


def test_the_bare_rows_take_no_person_either() -> None:
    assert set(signature(write).parameters) == {"session", "wave_id", "stratum_id", "answers"}


def test_finding_a_reply_takes_what_the_words_open_and_nobody() -> None:
    assert set(signature(questions.find).parameters) == {"session", "mailbox", "key"}
