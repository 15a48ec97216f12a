"""What each container of the real set runs: it finds its peers by name, and sums a number over all of them, step by step.

Rank 0 writes a checkpoint after each step into the folder that all share; whoever starts, goes on from there. A journal
for each rank says what it saw.
"""

import json
import os
import socket
import threading
import time
from pathlib import Path

FOLDER, PORT = Path("/checkpoints"), 7000
PEERS = os.environ["PEERS"].split()
STEPS, FAILS_AT = int(os.environ["STEPS"]), int(os.environ.get("FAILS_AT", "0"))
RANK = PEERS.index(f"{socket.gethostname()}.{os.environ['SUBDOMAIN']}")
reached = 0  # the step that this rank is at


def note(**what: object) -> None:
    with (FOLDER / f"journal-{RANK}.jsonl").open("a") as journal:
        journal.write(json.dumps({"attempt": os.environ["ATTEMPT"], **what}) + "\n")


def answer(connection: socket.socket) -> None:
    with connection:
        step = int(connection.recv(32))
        while reached < step:
            time.sleep(0.01)
        connection.sendall(b"%d" % ((RANK + 1) * step))


def serve(listener: socket.socket) -> None:
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def ask(peer: str, step: int) -> int:
    """Ask a peer for its number, for as long as it takes: it may not be there yet."""
    while True:
        try:
            with socket.create_connection((peer, PORT), timeout=10) as connection:
                connection.sendall(b"%d" % step)
                number = connection.recv(32)
                if number:
                    return int(number)
        except OSError:
            time.sleep(0.1)


def main() -> None:
    global reached
    checkpoint = FOLDER / "checkpoint.json"
    begun = json.loads(checkpoint.read_text()) if checkpoint.exists() else {"step": 0, "total": 0}
    note(resumed=begun["step"])
    threading.Thread(target=serve, args=(socket.create_server(("", PORT)),), daemon=True).start()
    total = begun["total"]
    for step in range(begun["step"] + 1, STEPS + 1):
        reached = step
        total += sum(ask(peer, step) for peer in PEERS)
        if step == FAILS_AT:  # before the checkpoint, so that the next attempt comes to this step, too
            os._exit(3)  # at once: threads that still answer may crash an interpreter that ends in order
        if RANK == 0:
            checkpoint.with_suffix(".new").write_text(json.dumps({"step": step, "total": total}))
            checkpoint.with_suffix(".new").rename(checkpoint)
        time.sleep(0.2)
    note(total=total)
    time.sleep(1)  # until all have asked for the last number


main()
