"""Search photographs of people by what they look like: opens a bundle and serves the page."""

import os
import signal
import sys

if __name__ == "__main__":  # Ctrl-C ends quietly, through the imports as well
    signal.signal(signal.SIGINT, signal.SIG_DFL)

# Before NumPy loads: searches of many people run side by side, so one that takes every core only
# waits for the others (with 20 clients on 2 cores, benchmarks/page.py).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from facesearch.__main__ import run
from facesearch.commands import serve

if __name__ == "__main__":
    sys.exit(run(serve, "app.py", sys.argv[1:]))
