"""Many clients and pages that search for minutes: errors, times, and what memory does."""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from serving import Server, add_bundle_arguments, app_command, choose_bundle, crowd

SETTLED = 60  # seconds after which memory is to stay as it is


def main() -> None:
    """Print a line each few seconds, then the sum (and JSON)."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_bundle_arguments(parser)
    parser.add_argument("--clients", type=int, default=50, help="that search at once")
    parser.add_argument("--pages", type=int, default=5, help="that are looked at besides")
    parser.add_argument("--seconds", type=int, default=300, help="how long (%(default)s)")
    parser.add_argument("--every", type=int, default=10, help="seconds between looks at memory")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bundle, images = choose_bundle(options, Path(scratch))
        server = Server(app_command(bundle, images), Path(scratch))
        figures = soak(server, options)
        server.stop()
    print(
        f"{figures['requests']:,} requests, {figures['failed']} failed, "
        f"{figures['requests_per_second']:.0f} a second; p50 {figures['p50_ms']:.0f} ms, "
        f"p95 {figures['p95_ms']:.0f} ms"
    )
    if figures["growth_mb"] is not None:
        print(f"memory after the first {SETTLED} s: {figures['growth_mb']:+.1f} MB; aim: flat")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def soak(server: Server, options: argparse.Namespace) -> dict[str, Any]:
    """Requests, failures, and resident memory as [second, MB], with its growth once settled."""
    print(f"{'second':>8}{'memory, MB':>12}{'requests/s':>12}{'failed':>8}")
    memory, every = [], options.every
    with crowd(server.url, options.clients, pages=options.pages) as others:
        start, before = time.perf_counter(), others.answered.value
        for second in range(every, options.seconds + 1, every):
            time.sleep(max(0.0, start + second - time.perf_counter()))
            memory.append((second, server.memory_mb()))
            answered = others.answered.value
            rate = (answered - before) / every
            print(f"{second:8}{memory[-1][1]:12.1f}{rate:12.1f}{others.failed.value:8}", flush=True)
            before = answered
        requests, taken = others.answered.value, time.perf_counter() - start
        p50, p95 = others.percentile(50), others.percentile(95)
    settled = [megabytes for second, megabytes in memory if second >= SETTLED]
    return {
        "requests": requests,
        "failed": others.failed.value,
        "requests_per_second": requests / taken,
        "p50_ms": 1000 * p50,
        "p95_ms": 1000 * p95,
        "memory_mb": memory,
        "growth_mb": settled[-1] - settled[0] if settled else None,
    }


if __name__ == "__main__":
    main()
