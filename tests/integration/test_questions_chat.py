"""A question asked anonymously, from the first word to "that solved it"."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from adapters.chat import Card
from bot.conversation.limits import ASK, FIND
from surveys.questions import Question
from surveys.secrecy import reveal
from tests.integration.conftest import Clinic, at, card_of, words_in

ANA, BEN, CLEO, GUS = "Ana Ruiz", "Ben Okafor", "Cleo Marsh", "Gus Hale"
WHERE = "Where is the refill queue?"


def kept(clinic: Clinic) -> list[str]:
    with clinic.database.session() as session:
        return [reveal(session, row.text) for row in session.exec(select(Question))]


def texts_of(cards: list[Card]) -> str:
    return "\n".join(card.text for card in cards)


async def released(clinic: Clinic) -> list[Card]:
    """What the lead has in front of them."""
    return clinic.offering("lead", "reply")


async def answered(clinic: Clinic, text: str = WHERE) -> str:
    """A question that the lead has replied to; its words."""
    words = await clinic.asks(ANA, text)
    await clinic.at("2027-03-01 07:30")
    await clinic.submits("lead", "reply", ref=clinic.offering("lead", "reply")[0].ref, reply="On the left.")
    return words


async def test_ask_offers_a_form_that_sends_nothing_yet(loaded: Clinic) -> None:
    form = await loaded.says(ANA, "ask")
    assert "Nobody will know that it was you, we included." in form.text
    assert [action.name for action in form.actions] == ["ask-preview"]


async def test_the_preview_shows_the_text_masked_and_keeps_nothing(loaded: Clinic) -> None:
    preview = await loaded.submits(ANA, "ask-preview", question="Why does Ben never answer?")
    assert preview.fields[0].value == "Why does [name] never answer?"
    assert preview.text.startswith("We took out what could name somebody.")
    assert kept(loaded) == []


async def test_a_text_without_names_is_previewed_as_it_stands(loaded: Clinic) -> None:
    preview = await loaded.submits(ANA, "ask-preview", question=WHERE)
    assert preview.text == "This is how your question will read. You can still change it."
    assert preview.fields[0].value == WHERE


async def test_confirming_keeps_the_question_and_gives_four_words(loaded: Clinic) -> None:
    words = await loaded.asks(ANA, WHERE)
    assert re.fullmatch(r"[a-z]+ · [a-z]+ · [a-z]+ · [a-z]+", words)
    assert kept(loaded) == [WHERE]


async def test_a_name_that_was_written_after_the_preview_is_previewed_again(loaded: Clinic) -> None:
    preview = await loaded.submits(ANA, "ask-confirm", question="Why does Ben never answer?")
    assert preview.fields[0].value == "Why does [name] never answer?"
    assert kept(loaded) == []


async def test_nothing_follows_a_question_into_the_chat(loaded: Clinic) -> None:
    await loaded.asks(ANA, WHERE)
    assert loaded.cards(ANA) == ()


@pytest.mark.parametrize("action", ["ask-preview", "ask-confirm"])
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  ", "Please write your question first."),
        ("\u200b\u202e", "Please write your question first."),
        (
            "x" * 1001,
            "That is 1,001 characters long, and 1,000 is as much as I can take. Please shorten it; nothing was lost.",
        ),
        (
            "x" * 100_000,
            "That is 100,000 characters long, and 1,000 is as much as I can take. Please shorten it; nothing was lost.",
        ),
        (
            "Why was Mrs. Alvarez, born 03/12/1961, sent home?",
            "That looks like it names a patient. Please say it without, then send again. Nothing was stored.",
        ),
    ],
    ids=["blank", "unseen", "1001", "100 kB", "patient"],
)
async def test_what_cannot_be_taken_gets_a_sentence(loaded: Clinic, action: str, text: str, sentence: str) -> None:
    assert (await loaded.submits(ANA, action, question=text)).text == sentence
    assert kept(loaded) == []


async def test_names_that_grow_when_masked_still_count(loaded: Clinic) -> None:
    text = "x" * 990 + " Ben Cleo"
    refused = await loaded.submits(ANA, "ask-preview", question=text)
    assert "Please shorten it" in refused.text or len(refused.fields[0].value) <= 1000


async def test_a_question_is_held_until_there_are_three(loaded: Clinic) -> None:
    await loaded.at("2027-03-01 09:00")
    for name in (ANA, BEN):
        await loaded.asks(name, WHERE)
    await loaded.at("2027-03-01 12:00")
    assert await released(loaded) == []


@pytest.mark.parametrize("hour", ["12:00", "16:00"])
async def test_three_leave_together_at_noon_or_at_four(loaded: Clinic, hour: str) -> None:
    await loaded.at("2027-03-01 09:00")
    for name in (ANA, BEN, GUS):
        await loaded.asks(name, WHERE)
    await loaded.at(f"2027-03-01 {hour}")
    assert len(await released(loaded)) == 3


async def test_no_question_leaves_at_the_moment_it_comes_in(loaded: Clinic) -> None:
    await loaded.at("2027-03-01 09:00")
    for name in (ANA, BEN, GUS):
        await loaded.asks(name, WHERE)
    await loaded.at("2027-03-01 11:59")
    assert await released(loaded) == []


async def test_one_alone_leaves_the_next_morning(loaded: Clinic) -> None:
    await loaded.at("2027-03-01 09:00")
    await loaded.asks(ANA, WHERE)
    await loaded.at("2027-03-02 07:29")
    assert await released(loaded) == []
    await loaded.at("2027-03-02 07:30")
    assert [card.text for card in await released(loaded)] == [f"Somebody asked:\n\n{WHERE}"]


async def test_every_lead_gets_the_question_and_one_reply_is_enough(clinic: Clinic) -> None:
    clinic.files.leads = ("lead", "second")
    clinic.load()
    await clinic.asks(ANA, WHERE)
    await clinic.at("2027-03-01 07:30")
    for name in ("lead", "second"):
        assert WHERE in texts_of(clinic.offering(name, "reply"))
    reply = await clinic.submits("lead", "reply", ref=clinic.offering("lead", "reply")[0].ref, reply="On the left.")
    assert reply.text == f"Answered, for everybody:\n\n{WHERE}\n\nYour reply: On the left."


async def test_a_question_that_was_answered_before_its_message_left_is_not_sent(loaded: Clinic) -> None:
    for name in (ANA, BEN, GUS):
        await loaded.asks(name, WHERE)
    await loaded.at("2027-03-01 03:00")  # nothing leaves in the quiet hours
    with loaded.database.begin() as session:
        for question in session.exec(select(Question)):
            question.state = "replied"
            session.add(question)
    await loaded.at("2027-03-01 07:30")
    assert await released(loaded) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda words: words,
        lambda words: words.upper(),
        lambda words: words.replace(" · ", ", "),
        lambda words: f"  {words.replace(' · ', '-')} ",
        lambda words: words.title().replace(" · ", "\n"),
    ],
    ids=["as shown", "capitals", "commas", "hyphens", "lines"],
)
async def test_the_words_find_the_reply_however_they_are_typed(loaded: Clinic, change) -> None:  # noqa: ANN001  # str to str
    words = await answered(loaded)
    found = await loaded.submits(ANA, "find-words", words=change(words))
    assert f"You asked: {WHERE}" in found.text
    assert "The reply: On the left." in found.text
    assert "Did that solve it?" in found.text


async def test_the_words_open_the_question_from_any_account(loaded: Clinic) -> None:
    words = await answered(loaded)
    assert "On the left." in (await loaded.submits(BEN, "find-words", words=words)).text


async def test_find_asks_for_the_words(loaded: Clinic) -> None:
    form = await loaded.says(ANA, "find")
    assert [action.name for action in form.actions] == ["find-words"]


async def test_a_held_question_says_that_it_is_on_its_way(loaded: Clinic) -> None:
    words = await loaded.asks(ANA, WHERE)
    found = await loaded.submits(ANA, "find-words", words=words)
    assert found.text.endswith("It is on its way to your lead, together with others.")


async def test_a_released_question_says_that_the_lead_has_it(loaded: Clinic) -> None:
    words = await loaded.asks(ANA, WHERE)
    await loaded.at("2027-03-01 07:30")
    found = await loaded.submits(ANA, "find-words", words=words)
    assert found.text.endswith("Your lead has it. There is no reply yet.")


@pytest.mark.parametrize("words", ["one two three four", "only three words", "", "ünïcödé", "🍁 · drift · seven"])
async def test_wrong_words_open_nothing(loaded: Clinic, words: str) -> None:
    await answered(loaded)
    found = await loaded.submits(ANA, "find-words", words=words)
    assert found.text == "These words open nothing. Please check them once more: four words, in the order you got them."


async def test_everybody_reads_the_answer(loaded: Clinic) -> None:
    await answered(loaded, "Where is the\n\nrefill queue?")
    answers = await loaded.says(GUS, "answers")
    assert answers.text.endswith("**Where is the refill queue?**\n\nOn the left.")


async def test_before_the_first_answer_there_is_a_sentence(loaded: Clinic) -> None:
    assert (await loaded.says(GUS, "answers")).text.startswith("No question has been answered yet.")


async def test_a_question_that_was_solved_is_not_asked_back_again(loaded: Clinic) -> None:
    words = await answered(loaded)
    found = await loaded.submits(ANA, "find-words", words=words)
    assert (await loaded.presses(ANA, "solved", ref=found.ref)).text == "Good. Thank you for telling us."
    again = await loaded.submits(ANA, "find-words", words=words)
    assert "Did that solve it?" not in again.text
    assert [action.name for action in again.actions] == ["question-delete"]


async def test_a_question_that_was_not_solved_waits_for_the_lead_again(loaded: Clinic) -> None:
    words = await answered(loaded)
    found = await loaded.submits(ANA, "find-words", words=words)
    assert "waits for another reply" in (await loaded.presses(ANA, "not-solved", ref=found.ref)).text
    assert WHERE in (await loaded.says("lead", "questions")).text
    again = await loaded.submits(ANA, "find-words", words=words)
    assert again.text.endswith("Your lead knows that this did not solve it. Another reply will stand here.")


async def test_a_second_reply_is_asked_back_as_well(loaded: Clinic) -> None:
    words = await answered(loaded)
    found = await loaded.submits(ANA, "find-words", words=words)
    await loaded.presses(ANA, "not-solved", ref=found.ref)
    waiting = await loaded.says("lead", "questions")
    await loaded.submits("lead", "reply", ref=waiting.ref, reply="Above the inbox.")
    again = await loaded.submits(ANA, "find-words", words=words)
    assert "The reply: Above the inbox.\n\nDid that solve it?" in again.text


async def test_the_words_delete_a_question_and_its_reply(loaded: Clinic) -> None:
    words = await answered(loaded)
    found = await loaded.submits(BEN, "find-words", words=words)
    deleted = await loaded.presses(BEN, "question-delete", ref=found.ref)
    assert deleted.text == "Your question is deleted, and so is its reply."
    assert kept(loaded) == []
    assert "No question has been answered yet." in (await loaded.says(GUS, "answers")).text


async def test_deleting_twice_is_told(loaded: Clinic) -> None:
    assert "These words open nothing." in (await loaded.presses(BEN, "question-delete", ref="nothing")).text


async def test_a_lead_who_replies_to_a_question_that_was_taken_back_is_told(loaded: Clinic) -> None:
    words = await loaded.asks(ANA, WHERE)
    await loaded.at("2027-03-01 07:30")
    card = loaded.offering("lead", "reply")[0]
    found = await loaded.submits(ANA, "find-words", words=words)
    await loaded.presses(ANA, "question-delete", ref=found.ref)
    told = await loaded.submits("lead", "reply", ref=card.ref, reply="On the left.")
    assert told.text == "The question is no longer here. Whoever asked it may have taken it back."


async def test_nobody_replies_to_a_question_that_is_still_held(loaded: Clinic) -> None:
    await loaded.asks(ANA, WHERE)
    with loaded.database.session() as session:
        key = session.exec(select(Question.key)).one()
    told = await loaded.submits("lead", "reply", ref=f"question:{key}", reply="On the left.")
    assert told.text == "The question is no longer here. Whoever asked it may have taken it back."


async def test_a_reply_takes_the_place_of_the_question(loaded: Clinic) -> None:
    await answered(loaded)
    assert [card.text for card in loaded.cards("lead") if WHERE in card.text] == [
        f"Answered, for everybody:\n\n{WHERE}\n\nYour reply: On the left."
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" ", "Please write your reply first."),
        ("x" * 1001, "That is 1,001 characters long"),
        ("Ask Mrs. Alvarez, born 03/12/1961.", "That looks like it names a patient."),
    ],
    ids=["blank", "long", "patient"],
)
async def test_a_reply_that_cannot_be_taken_gets_a_sentence(loaded: Clinic, text: str, sentence: str) -> None:
    await loaded.asks(ANA, WHERE)
    await loaded.at("2027-03-01 07:30")
    told = await loaded.submits("lead", "reply", ref=loaded.offering("lead", "reply")[0].ref, reply=text)
    assert told.text.startswith(sentence)
    assert len(await released(loaded)) == 1


async def test_a_reply_is_masked_before_it_is_published(loaded: Clinic) -> None:
    await loaded.asks(ANA, WHERE)
    await loaded.at("2027-03-01 07:30")
    ref = loaded.offering("lead", "reply")[0].ref
    preview = await loaded.submits("lead", "reply", ref=ref, reply="Ask Ben, he knows.")
    assert "Ask [name], he knows." in preview.text
    assert "No question has been answered" in (await loaded.says(GUS, "answers")).text
    await loaded.submits("lead", "reply", ref=ref, reply="Ask Ben, he knows.")
    assert "Ask [name], he knows." in (await loaded.says(GUS, "answers")).text


async def test_questions_waiting_are_counted_and_the_oldest_is_ready(loaded: Clinic) -> None:
    assert (await loaded.says("lead", "questions")).text == "No question waits for a reply."
    for name in (ANA, BEN, GUS):
        await loaded.asks(name, WHERE)
    await loaded.at("2027-03-01 07:30")
    card = await loaded.says("lead", "questions")
    assert card.text == f"3 questions wait for a reply.\n\nSomebody asked:\n\n{WHERE}"
    assert [action.name for action in card.actions] == ["reply", "reply-alone", "set-aside"]


async def test_one_person_asks_so_often_a_day_and_again_tomorrow(loaded: Clinic) -> None:
    await loaded.at("2027-03-01 09:00")
    for _ in range(ASK):
        await loaded.asks(ANA, WHERE)
    too_many = await loaded.submits(ANA, "ask-confirm", question=WHERE)
    assert too_many.text == "That is a lot for one day. Please try again tomorrow."
    await loaded.asks(BEN, WHERE)
    loaded.clock.advance(timedelta(days=1))
    assert words_in(await loaded.submits(ANA, "ask-confirm", question=WHERE))
    assert len(kept(loaded)) == ASK + 2


async def test_one_person_guesses_so_often_a_day(loaded: Clinic) -> None:
    for _ in range(FIND):
        await loaded.submits(ANA, "find-words", words="three words only")
    told = await loaded.submits(ANA, "find-words", words="three words only")
    assert told.text == "That is a lot for one day. Please try again tomorrow."


@pytest.mark.parametrize("line", ["Where is the refill queue", "処方箋の更新待ち行列はどこにありますか教えてください"])
async def test_a_typed_question_is_not_taken_and_says_how(loaded: Clinic, line: str) -> None:
    told = await loaded.says(ANA, line)
    assert "Write “ask” instead" in told.text
    assert [action.name for action in told.actions] == ["ask"]
    assert kept(loaded) == []


@pytest.mark.parametrize("line", ["", "?", "hm", "digest", "alerts", "questions"])
async def test_a_single_word_that_is_no_command_gets_help(loaded: Clinic, line: str) -> None:
    assert (await loaded.says(ANA, line)).text == "I did not understand that. Write “help” for what I can do."


@pytest.mark.parametrize("line", ["Ask", " /ask ", "ASK!", "ask."])
async def test_a_command_is_known_however_it_is_written(loaded: Clinic, line: str) -> None:
    assert (await loaded.says(ANA, line)).actions[0].name == "ask-preview"


@pytest.mark.parametrize(
    "action", ["reply", "acknowledge", "sanction", "dismiss", "note", "digest", "alerts", "questions"]
)
async def test_what_is_for_the_lead_tells_staff_so(loaded: Clinic, action: str) -> None:
    sentence = "That one is for whoever leads the go-live."
    assert (await loaded.presses(ANA, action, ref="alert:1")).text == sentence
    assert (await loaded.submits(ANA, action, ref="alert:1", note="done", reply="done")).text == sentence


async def test_a_press_that_is_known_no_more_is_out_of_date(loaded: Clinic) -> None:
    assert (await loaded.presses(ANA, "of-old")).text.startswith("This message is out of date.")


async def test_the_lead_of_another_golive_cannot_reply(clinic: Clinic) -> None:
    clinic.load()
    other = type(clinic.files)(
        clinic.files.folder.with_name("other"), system="Beta", leads=("beta",), teams={"Desk": ("Zoe Lang",) * 1}
    )
    clinic.load(other)
    await clinic.asks(ANA, WHERE)
    await clinic.at("2027-03-01 07:30")
    card = clinic.offering("lead", "reply")[0]
    told = await clinic.submits("beta", "reply", ref=card.ref, reply="Mine.")
    assert told.text == "The question is no longer here. Whoever asked it may have taken it back."
    assert clinic.offering("beta", "reply") == []
    assert "No question has been answered" in (await clinic.says("Zoe", "answers")).text


async def test_a_lead_of_two_golives_replies_in_both(clinic: Clinic) -> None:
    clinic.load()
    other = type(clinic.files)(
        clinic.files.folder.with_name("other"), system="Beta", date="2027-03-02", teams={"Desk": ("Zoe Lang",)}
    )
    clinic.load(other)
    await clinic.asks(CLEO, WHERE)
    await clinic.asks("Zoe", "What is Beta?")
    await clinic.at("2027-03-01 07:30")
    for card in clinic.offering("lead", "reply"):
        assert "Answered" in (await clinic.submits("lead", "reply", ref=card.ref, reply="Look left.")).text


async def asked_and_released(clinic: Clinic, *texts: str) -> Card:
    """The oldest of the questions that the lead has in front of them, and the others on its list."""
    for name, text in zip((ANA, BEN, GUS), texts, strict=False):
        await clinic.asks(name, text)
    await clinic.at("2027-03-01 07:30")
    return await clinic.says("lead", "questions")


async def test_one_reply_answers_all_that_ask_the_same(loaded: Clinic) -> None:
    card = await asked_and_released(loaded, WHERE, "Where did the refills go?", "How do I sign?")
    others = {choice.label: choice.value for choice in card.fields[1].choices}
    first = next(text for text in (WHERE, "Where did the refills go?", "How do I sign?") if text not in others)
    also = next(text for text in ("Where did the refills go?", WHERE) if text != first)
    values = {"reply": ("On the left.",), "also": (others[also], "of nobody")}
    reply = card_of(await loaded.chat.submit(at("lead"), "reply", ref=card.ref, values=values))
    assert reply.text == f"Answered, for everybody:\n\n{first}\n\n{also}\n\nYour reply: On the left."
    assert reply.actions == ()
    assert (await loaded.says(GUS, "answers")).text.count("On the left.") == 2
    assert len((await loaded.says("lead", "questions")).fields) == 1  # the third waits, and nothing beside it


async def test_a_reply_to_many_that_is_masked_asks_again_with_all_of_them(loaded: Clinic) -> None:
    card = await asked_and_released(loaded, WHERE, "Where did the refills go?")
    other = card.fields[1].choices[0].value
    values = {"reply": ("Ask Ben.",), "also": (other,)}
    shown = card_of(await loaded.chat.submit(at("lead"), "reply", ref=card.ref, values=values))
    assert [field.value for field in shown.fields] == ["Ask [name].", other]
    assert [action.name for action in shown.actions] == ["reply", "reply-alone"]


async def test_a_long_question_is_shortened_on_the_list(loaded: Clinic) -> None:
    card = await asked_and_released(loaded, "Where is it? " * 20, "Where is it? " * 21)
    assert card.fields[1].choices[0].label.endswith("…")
    assert len(card.fields[1].choices[0].label) <= 70


async def test_a_reply_to_the_asker_alone_is_read_by_nobody_else(loaded: Clinic) -> None:
    words = await loaded.asks(ANA, WHERE)
    await loaded.at("2027-03-01 07:30")
    ref = loaded.offering("lead", "reply")[0].ref
    told = await loaded.submits("lead", "reply-alone", ref=ref, reply="Come and see me.")
    assert told.text == f"Answered, for the asker alone:\n\n{WHERE}\n\nYour reply: Come and see me."
    assert (await loaded.says(GUS, "answers")).text.startswith("No question has been answered yet.")
    found = await loaded.submits(ANA, "find-words", words=words)
    assert "The reply: Come and see me." in found.text


async def test_a_reply_can_be_corrected(loaded: Clinic) -> None:
    words = await answered(loaded)
    ref = loaded.offering("lead", "reply-change")[0].ref
    form = await loaded.presses("lead", "reply-change", ref=ref)
    assert form.text.startswith(f"The question was:\n\n{WHERE}")
    assert form.fields[0].value == "On the left."
    await loaded.submits("lead", "reply", ref=form.ref, reply="On the right.")
    assert (await loaded.says(GUS, "answers")).text.endswith("On the right.")
    assert "The reply: On the right." in (await loaded.submits(ANA, "find-words", words=words)).text


async def test_a_reply_for_the_asker_alone_is_written_anew_because_nobody_here_can_read_it(loaded: Clinic) -> None:
    await loaded.asks(ANA, WHERE)
    await loaded.at("2027-03-01 07:30")
    ref = loaded.offering("lead", "reply")[0].ref
    await loaded.submits("lead", "reply-alone", ref=ref, reply="Come and see me.")
    form = await loaded.presses("lead", "reply-change", ref=ref)
    assert form.fields[0].value == ""
    await loaded.submits("lead", "reply", ref=ref, reply="On the left.")
    assert (await loaded.says(GUS, "answers")).text.endswith("On the left.")


async def test_a_reply_can_be_taken_back_and_the_question_waits_again(loaded: Clinic) -> None:
    words = await answered(loaded)
    ref = loaded.offering("lead", "reply-withdraw")[0].ref
    told = await loaded.presses("lead", "reply-withdraw", ref=ref)
    assert told.text.startswith("Your reply is taken back, and nobody reads it any more.")
    assert told in loaded.cards("lead")
    assert (await loaded.says(GUS, "answers")).text.startswith("No question has been answered yet.")
    found = await loaded.submits(ANA, "find-words", words=words)
    assert found.text.endswith("Your lead has it. There is no reply yet.")
    assert len(await released(loaded)) == 1


async def test_what_was_never_replied_to_cannot_be_taken_back(loaded: Clinic) -> None:
    card = await asked_and_released(loaded, WHERE)
    told = await loaded.presses("lead", "reply-withdraw", ref=card.ref)
    assert told.text == "The question is no longer here. Whoever asked it may have taken it back."
