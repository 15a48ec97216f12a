"""Run as `python3 -u -m watcher`: reads its arguments, and goes on until the set is over."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from typing import Any

from . import __doc__ as about
from .api import Api
from .https import Https
from .log import LEVELS, log_from
from .run import Watcher, run

_CREDENTIALS = "/var/run/secrets/kubernetes.io/serviceaccount"


def main() -> int:
    """Watch the set that the command line names; return the exit status."""
    options = _options()
    log_from(options.log_level)
    stopping = threading.Event()
    wake = threading.Event()

    def stop(*_: Any) -> None:
        """End at SIGTERM, whatever call it is in."""
        stopping.set()
        wake.set()
        threading.Timer(1.5, os._exit, (1,)).start()

    signal.signal(signal.SIGTERM, stop)
    transport = Https(options.credentials)
    api = Api(transport, transport.read("namespace"), stopping)
    return run(Watcher(api, vars(options), os.environ["JOB_UID"]), stopping, wake)


def _options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="watcher", description=(about or "").splitlines()[0])
    for name in ("plan", "state", "job"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--credentials", default=_CREDENTIALS)
    parser.add_argument("--log-level", choices=LEVELS[:-1], default="info")
    return parser.parse_args()


if __name__ == "__main__":
    os._exit(main())  # without waiting for the watches
