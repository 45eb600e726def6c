"""Run the stand-in as a process of its own: `python -m tests.fakestripe --port 12111 --state FILE`."""

import argparse
import signal
import sys

from tests.fakestripe.fake import API_KEY, FakeStripe
from tests.fakestripe.server import Server


def main() -> None:
    """Serve until told to stop; the state outlives even a killed process."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakestripe", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--state", help="SQLite file; without one everything is forgotten at the end")
    parser.add_argument("--api-key", default=API_KEY)
    parser.add_argument("--hosts", action="store_true", help="host the pages on which shops register cards")
    options = parser.parse_args()
    fake = FakeStripe(state=options.state, api_key=options.api_key)
    if options.hosts:
        fake.host(f"http://{options.host}:{options.port}")
    server = Server((options.host, options.port), fake)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)
    finally:
        server.stopping.set()
        server.server_close()


if __name__ == "__main__":
    main()
