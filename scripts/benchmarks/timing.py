"""What the benchmark runners share: one timed process, fair rounds, and a check that all said the same."""
import math
import os
import subprocess
import sys
import time


def run(command):
    """The wall time of a whole process in seconds, and what it printed."""
    started = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    elapsed = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.strip()}")
    return elapsed, done.stdout


def best_of(rounds, commands):
    """{key: (least seconds, output)} of several commands that take turns, so that a busy moment meets all of them."""
    best = {}
    for _ in range(rounds):
        for key, command in commands.items():
            seconds, output = run(command)
            if key not in best or seconds < best[key][0]:
                best[key] = seconds, output
    return best


def agree(a, b):
    """Do two outputs say the same? Languages write floats with more or fewer digits and join with other blanks."""
    def same(x, y):
        try:
            return x == y or math.isclose(float(x), float(y), rel_tol=1e-9)
        except ValueError:
            return False
    return len(a.split()) == len(b.split()) and all(map(same, a.split(), b.split()))


def geomean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


PROCESSORS = sorted(os.sched_getaffinity(0))


def pin_to(count):
    """Keeps this process and those it starts on the first `count` processors it was given."""
    os.sched_setaffinity(0, PROCESSORS[:count])
