"""What is swapped for something else while a command runs."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from threading import Event

from tests.hostile.place import SET, Place, Trick

_INTERVAL = 0.002
_MOST_SETS = 100


def swap(path: Path, target: Path | str, ended: Event) -> None:
    """Exchange what is at a path for a link and back, again and again; at the end it is what it was."""
    aside, link = path.with_name(f"{path.name}.aside"), path.with_name(f"{path.name}.link")
    link.symlink_to(target)
    while not ended.is_set():
        if path.exists():
            os.rename(path, aside)
            os.rename(link, path)
            time.sleep(_INTERVAL)
            os.rename(path, link)
            # What was made meanwhile is left to the checks.
            with suppress(OSError):
                os.rename(aside, path)
        time.sleep(_INTERVAL)
    link.unlink(missing_ok=True)


def _swapped(name: str, target: str) -> Trick:
    def make(place: Place) -> None:
        if name.startswith(("out", "app/rendered")):
            (place.repository / name).mkdir(parents=True, exist_ok=True)
        place.meanwhile.append(lambda ended: swap(place.repository / name, place.top / target, ended))

    return make


def _growing(place: Place) -> None:
    def grow(ended: Event) -> None:
        # Another trick may have made a link of it.
        path = place.write("app/more.yaml", "")
        with path.open("a") as file:
            for number in range(_MOST_SETS):
                if ended.is_set():
                    return
                file.write(f"---\n{SET}".replace("train", f"more-{number}"))
                file.flush()
                time.sleep(_INTERVAL)

    place.meanwhile.append(grow)


def _vanishing(place: Place) -> None:
    path = place.write("app/more.yaml", SET.replace("train", "more"))

    def vanish(ended: Event) -> None:
        while not ended.is_set():
            path.unlink(missing_ok=True)
            time.sleep(_INTERVAL)
            path.write_text(SET.replace("train", "more"))
            time.sleep(_INTERVAL)

    place.meanwhile.append(vanish)


TRICKS: dict[str, Trick] = {
    "a set swapped for a link": _swapped("app/jobset.yaml", "outside/secret.yaml"),
    "a project file swapped for a link": _swapped("app/jobsetgen.yaml", "outside/secret.yaml"),
    "an output swapped for a link": _swapped("out", "outside/precious"),
    "a project's output swapped for a link": _swapped("app/rendered", "outside/precious"),
    "a set's folder swapped for a link": _swapped("out/train", "outside/precious"),
    "a set's folder in a project's output swapped for a link": _swapped("app/rendered/train", "outside/precious"),
    "a manifest that grows": _growing,
    "a manifest that vanishes": _vanishing,
}
