"""Lines that somebody types into the terminal, without a thread that would keep the program from stopping."""

import asyncio
import os
import sys


class Keyboard:
    """Standard input, line by line. Where there is none, or it has ended, a line never comes."""

    def __init__(self) -> None:
        self._lines: asyncio.Queue[None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        try:
            self._loop.add_reader(sys.stdin.fileno(), self._read)
        except (OSError, ValueError):
            return  # no terminal and no pipe, as under a service manager

    async def line(self) -> None:
        """Wait for Enter."""
        await self._lines.get()

    def close(self) -> None:
        try:
            self._loop.remove_reader(sys.stdin.fileno())
        except (OSError, ValueError):
            return

    def _read(self) -> None:
        typed = os.read(sys.stdin.fileno(), 4096)
        for _ in range(typed.count(b"\n")):
            self._lines.put_nowait(None)
        if not typed:
            self.close()
