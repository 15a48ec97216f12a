"""Compile the multislice example as a user would, and show what became of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = Path("fixtures/valid/multislice/jobset.yaml")
PROGRAM = Path(sys.executable).with_name("jobsetgen")


def run(*arguments: str) -> str:
    """Show a command, run it in the repository's folder, and return what it prints."""
    print(f"$ jobsetgen {' '.join(arguments)}", flush=True)
    done = subprocess.run(
        [PROGRAM, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def main() -> None:
    """Explain the example, build it, and show the Service and the first Job of the output."""
    print(run("explain", "--namespace", "training", str(EXAMPLE)))
    output = run("build", "--namespace", "training", str(EXAMPLE))
    documents = output.split("---\n")
    service = next(document for document in documents if "\nkind: Service\n" in document)
    first = next(document for document in documents if "\nkind: Job\n" in document)
    print("...\n---\n" + service + "---\n" + first, end="")
    size = f"{len(documents)} objects, {len(output.splitlines())} lines"
    print(f"...\n{size}, ready for kubectl apply -f.")


if __name__ == "__main__":
    main()
