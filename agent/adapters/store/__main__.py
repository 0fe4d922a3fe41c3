"""`python -m agent.adapters.store URL`: migrate a database and create its triggers afresh."""

import sys

from agent.adapters.store.schema import upgrade
from agent.domain.errors import PortevoixError


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m agent.adapters.store sqlite:///FILE\n")
        return 2
    try:
        upgrade(arguments[0])
    except PortevoixError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
