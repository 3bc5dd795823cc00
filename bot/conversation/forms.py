"""A form that is a mere reply: the next reply takes its place, so it comes again where something is to be mended."""

from dataclasses import replace

from adapters.chat import Card, Field, Reply
from bot.conversation.masking import Kept, as_kept
from bot.conversation.turn import Turn
from surveys.errors import SurveyError


def filled(turn: Turn, form: Card, **written: str) -> Card:
    """A form with what was picked, and of what was written only what is given here.

    A platform may keep a card that stands in its chat, so that nothing goes back there as it was typed.
    """

    def value(field: Field) -> str:
        if field.name in written:
            return written[field.name]
        picked = turn.values.get(field.name)
        return "\n".join(picked) if picked and (field.choices or field.kind != "text") else field.value

    return replace(form, fields=tuple(replace(field, value=value(field)) for field in form.fields))


def again(turn: Turn, kept: Kept, form: Card, *, name: str) -> Reply | None:
    """The form with a text as it would be kept, if something was taken out that this person has not seen taken out yet.

    Sending it agrees; so does sending what was written before.
    """
    if not kept.changed or turn.limits.seen(turn.incoming.sender, f"preview {kept.text}", now=turn.now):
        return None
    return Reply(filled(turn, replace(form, text=as_kept(turn, kept)), **{name: kept.text}))


def to_mend(turn: Turn, form: Card, error: SurveyError, **written: str) -> Reply:
    """What is wrong, and the form to mend it in."""
    return Reply(filled(turn, replace(form, text=turn.texts(error.key, **error.facts)), **written))
