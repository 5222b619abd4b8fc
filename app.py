"""Search photographs of people by what they look like: opens a bundle and serves the page."""

if __name__ == "__main__":  # Ctrl-C ends quietly, through the imports as well
    import _signal  # built in, where `signal` itself is an import that can be interrupted

    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import os
import sys

# Before NumPy loads: searches of many people run side by side, so one that takes every core only
# waits for the others (with 20 clients on 2 cores, benchmarks/page.py).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from facesearch.__main__ import run
from facesearch.commands import serve

if __name__ == "__main__":
    sys.exit(run(serve, "app.py", sys.argv[1:]))
