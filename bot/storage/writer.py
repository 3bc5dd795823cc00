"""One thread that writes, so that many answers share one commit.

On SQLite every commit costs an fsync and only one writer may be at work. Here each caller's verb runs in a savepoint of
its own, one commit serves all that came meanwhile, and nobody is told "done" before that commit. The verbs of one
commit run in a shuffled order: their order on disk is not the order in which people pressed.
"""

import queue
import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

Verb = Callable[[Session], Any]
GROUP = 64  # verbs that share a commit at the most


class WriterClosed(Exception):
    """Something was to be written after the database was closed."""


class Writer:
    def __init__(self, engine: Engine, *, session: Callable[..., Session]) -> None:
        self._engine = engine
        self._session = session
        self._jobs: queue.SimpleQueue[tuple[Verb, Future[Any]] | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, verb: Verb) -> "Future[Any]":
        """The verb's result, once it is on disk; or its exception, when nothing of it was kept.

        Raises
        ------
        WriterClosed
        """
        future: Future[Any] = Future()
        with self._closing:
            if self._closed:
                raise WriterClosed
            self._jobs.put((verb, future))
        return future

    def close(self) -> None:
        """Finish what was handed in, then stop."""
        with self._closing:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            group = [self._jobs.get()]
            while len(group) < GROUP and group[-1] is not None:
                try:
                    group.append(self._jobs.get_nowait())
                except queue.Empty:
                    break
            going = group[-1] is not None
            # Whoever has gone meanwhile gets nothing done; whoever has not can no longer be taken back.
            wanted = [job for job in group if job is not None and job[1].set_running_or_notify_cancel()]
            if wanted:
                self._write(wanted)

    def _write(self, group: list[tuple[Verb, Future[Any]]]) -> None:
        random.SystemRandom().shuffle(group)
        done: list[tuple[Future[Any], Any]] = []
        try:
            # Begun here, so that every session joins it with a savepoint; else each verb would commit on its own.
            with self._engine.begin() as connection:
                for verb, future in group:
                    try:
                        with self._session(connection) as session, session.begin():
                            result = verb(session)
                    except Exception as error:  # noqa: BLE001  # the caller gets it; the others must not suffer
                        future.set_exception(error)
                    else:
                        done.append((future, result))
        except Exception as error:  # noqa: BLE001  # the commit itself failed: nobody's verb was kept
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
        else:
            for future, result in done:
                future.set_result(result)
