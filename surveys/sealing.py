"""Closing a wave for good: written again in shuffled order, in one transaction, and who answered forgotten."""

import random
import secrets
from collections import defaultdict

from sqlmodel import Session, col, delete, select

from surveys.invitations import count_and_forget
from surveys.membership import came_and_went
from surveys.records import random_key
from surveys.responses import GivenAnswer, GivenRemark, Response, answers_of, write
from surveys.waves import Wave, WaveState

SEALED_TABLES = (Response.__tablename__, GivenAnswer.__tablename__, GivenRemark.__tablename__)


def seal(session: Session, wave_id: int) -> None:
    """Seal an open wave; a sealed one stays as it is.

    The rows get new keys in a shuffled order, so neither a place on disk nor a transaction number tells who came when.
    What the engine keeps of the old rows is scrubbed after the commit (`bot.storage.database.Database.scrub`).
    """
    # Locked against answers on their way: one that came between reading and rewriting would be lost or stand apart.
    wave = session.get_one(Wave, wave_id, with_for_update=True)
    if wave.state != WaveState.OPEN:
        return
    responses: dict[str, list[tuple[str, str]]] = defaultdict(list)
    strata: dict[str, int] = {}
    for stratum_id, key, item, value in answers_of(session, wave_id):
        responses[key].append((item, value))
        strata[key] = stratum_id
    remarks = [
        (row.stratum_id, row.item, row.text)
        for row in session.exec(select(GivenRemark).where(GivenRemark.wave_id == wave_id))
    ]
    session.expire_all()
    of_this_wave = select(Response.key).where(Response.wave_id == wave_id)
    session.exec(delete(GivenAnswer).where(col(GivenAnswer.response_key).in_(of_this_wave)))
    session.exec(delete(Response).where(col(Response.wave_id) == wave_id))
    session.exec(delete(GivenRemark).where(col(GivenRemark.wave_id) == wave_id))
    shuffled = random.SystemRandom(secrets.randbits(64))
    keys = list(responses)
    shuffled.shuffle(keys)
    shuffled.shuffle(remarks)
    for key in keys:
        write(session, wave_id=wave_id, stratum_id=strata[key], answers=responses[key])
    for stratum_id, item, text in remarks:
        session.add(GivenRemark(key=random_key(), wave_id=wave_id, stratum_id=stratum_id, item=item, text=text))
    session.flush()
    count_and_forget(session, wave_id, flows=came_and_went(session, wave.golive_id))
    wave.state = WaveState.SEALED
    session.add(wave)
