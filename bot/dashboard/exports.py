"""What a lead takes away as a file: the figures as they are shown, the questions that are answered, the plan."""

from collections.abc import Mapping

from fastapi import Response
from sqlmodel import Session

from bot.api import files, reading
from bot.api.files import NoParquet
from bot.api.routes import CSV, PARQUET, calendar_of, file
from bot.dashboard.forms import Refused
from bot.dashboard.visit import Page, Visit
from surveys.questions import published

MOST = 10_000  # questions in one file


async def figures_csv(visit: Visit) -> Response:
    found = await visit.database.read(reading.published, visit.golive_id)
    return file(files.figures_csv(found).encode(), CSV, "figures.csv")


async def figures_parquet(visit: Visit) -> Response:
    found = await visit.database.read(reading.published, visit.golive_id)
    try:
        return file(files.figures_parquet(found), PARQUET, "figures.parquet")
    except NoParquet as error:
        raise Refused(501, "dash-no-parquet") from error


async def questions_csv(visit: Visit) -> Response:
    """What everybody may read anyway; a question that was answered for its asker alone is not in it."""

    def look(session: Session) -> str:
        rows = published(session, visit.golive_id, limit=MOST)
        return files.as_csv(("date", "question", "reply"), ((one.day, one.text, one.reply) for one in rows))

    return file((await visit.database.read(look)).encode(), CSV, "questions.csv")


async def plan_ics(visit: Visit) -> Response:
    return calendar_of(visit.golive, now=visit.now)


FILES: Mapping[str, Page] = {
    "figures.csv": figures_csv,
    "figures.parquet": figures_parquet,
    "questions.csv": questions_csv,
    "plan.ics": plan_ics,
}


async def export(visit: Visit) -> Response:
    """Hand out one of the files."""
    name = visit.path["name"]
    if name not in FILES:
        raise Refused(404, "dash-nowhere")
    return await FILES[name](visit)
