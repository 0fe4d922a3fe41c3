"""`python -m ui.serving`: the server process behind `portevoix desk`."""

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path

from agent.domain.errors import PortevoixError

PARENT_POLL_SECONDS = 1.0


def main() -> int:
    """Serve the workspace of the environment until told to stop."""
    parser = argparse.ArgumentParser(prog="ui.serving", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8501)
    given = parser.parse_args()
    from agent.bootstrap import keep_journal
    from agent.settings import load_settings
    from ui.desk.workspace import ENVIRONMENT, workspace
    from ui.serving.asgi import build_app
    from ui.serving.exposure import require_safe
    from ui.serving.flags import SCRIPT, desk_flags

    try:
        settings = load_settings(Path(os.environ.get(ENVIRONMENT, "workspace")))
        keep_journal(settings, "desk")
        settings = workspace().settings
        require_safe(given.host, settings)
    except PortevoixError as error:
        print(f"portevoix: {error}", file=sys.stderr)  # noqa: T201 - the console is the interface
        return error.exit_code
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    # The server's default is to believe any local program about where a request came from.
    os.environ["FORWARDED_ALLOW_IPS"] = ",".join(settings.desk.trusted_proxies)
    # Streamlit takes its configuration file and static folder from beside the script it runs.
    sys.argv = [str(SCRIPT)]
    build_app(given.host, given.port).run(config=desk_flags(given.host, given.port, settings))
    return 0


def _leave_with_parent() -> None:
    """Stop when the command that started us is gone, however it went: no desk is left behind."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
