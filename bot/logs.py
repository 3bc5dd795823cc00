"""Logs: one JSON line an event, fields instead of prose, nothing that a person wrote and nobody's account."""

import logging
import sys
from typing import TextIO

import structlog

#: Loggers that would write paths, statements or payloads.
QUIET = ("uvicorn.access", "sqlalchemy.engine", "sqlalchemy.pool", "apscheduler", "asyncio", "multipart", "httpcore")


def configure(level: str, *, stream: TextIO | None = None) -> None:
    """Send everything, ours and the libraries', through one handler."""
    shared = (
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        # Even at DEBUG: these write statements with their parameters, or addresses that let their reader in.
        logging.getLogger(name).setLevel(logging.WARNING)
