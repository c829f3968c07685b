"""Begins the app's log, and has Streamlit's loggers write through it."""

from __future__ import annotations

import logging

from streamlit import logger as streamlits

from data.logs import start


def begin() -> None:
    """Write the app's log as lines from now on. Call it when the server has made its loggers. HearbackError when a
    setting of the log cannot be followed."""
    streamlits.setup_formatter = _adopt  # it gives a handler of its own to each logger, also to those made later
    start.start(start.ITSELF)


def _adopt(logger: logging.Logger) -> None:
    """Let the records of a logger of Streamlit's reach our handler."""
    logger.handlers.clear()
    logger.propagate = True
