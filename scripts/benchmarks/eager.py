"""Tensor programs run eagerly, in Tern and in its peers. Each takes a count; a row's time is the difference of two whole
processes, one of `few` and one of `many`, over the difference of the counts: starting and loading cancel out."""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

from timing import best_of, pin_to

FOLDER = pathlib.Path(__file__).parent / "eager"
PEERS = pathlib.Path(".build/peers/bin/python")

# `bar`: what the ratio to the best peer must not exceed; `limit`: microseconds nobody can go below, where we know them.
Workload = collections.namedtuple("Workload", "name count few many peers threads bar limit")
WORKLOADS = [
    Workload("add", "--n", 100_000, 2_100_000, ["numpy"], threads=1, bar=0.4, limit=None),
    Workload("epoch", "--epochs", 1, 3, ["torch"], threads=2, bar=1.0, limit=None),
]


def options():
    parser = argparse.ArgumentParser(prog="scripts/bench eager", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a workload")
    parser.add_argument("--runs", type=int, default=5, help="runs of each process, the least counts (5)")
    parser.add_argument("--only", help="these workloads, separated by commas")
    parser.add_argument("--tern", default=".build/release/tern", help="the binary")
    return parser.parse_args()


def present(peers):
    """The peers that can be imported; the others are named."""
    def importable(peer):
        return PEERS.exists() and subprocess.run([PEERS, "-c", f"import {peer}"], capture_output=True).returncode == 0
    there = [peer for peer in peers if importable(peer)]
    for peer in set(peers) - set(there):
        print(f"{peer} is absent: scripts/bench peers", file=sys.stderr)
    return there


def measure(workload, chosen):
    """{name: microseconds a repetition} of Tern and of the peers that are there."""
    programs = {"tern": [chosen.tern, str(FOLDER / f"{workload.name}.mlx")]}
    programs |= {peer: [str(PEERS), str(FOLDER / f"{workload.name}.{peer}.py")] for peer in present(workload.peers)}
    commands = {(name, count): program + [workload.count, str(count)]
                for name, program in programs.items() for count in (workload.few, workload.many)}
    best = best_of(chosen.runs, commands)
    return {name: (best[name, workload.many][0] - best[name, workload.few][0]) / (workload.many - workload.few) * 1e6
            for name in programs}


def main():
    chosen = options()
    only = chosen.only.split(",") if chosen.only else [workload.name for workload in WORKLOADS]
    for workload in WORKLOADS:
        if workload.name not in only:
            continue
        pin_to(workload.threads)
        peers = measure(workload, chosen)
        tern = peers.pop("tern")
        ratio = tern / min(peers.values()) if peers else None
        if chosen.json:
            print(json.dumps({"name": workload.name, "tern_us": round(tern, 4),
                              "peers": {name: round(time, 4) for name, time in peers.items()},
                              "ratio_to_best": ratio and round(ratio, 4), "bar": workload.bar, "limit": workload.limit}), flush=True)
        else:
            beside = "".join(f"   {name} {time:.4g} µs" for name, time in peers.items())
            verdict = f"   {ratio:.2f} of the best (bar {workload.bar})" if ratio else ""
            print(f"{workload.name:8}tern {tern:.4g} µs{beside}{verdict}", flush=True)


main()
