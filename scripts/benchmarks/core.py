"""Plans beside torch and jax: what a script's loop over a compiled step takes. A row is the least of five processes a side,
which take turns; each process reports the least of five rounds."""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

from timing import pin_to

HERE = pathlib.Path(__file__).parent
PEERS = pathlib.Path(".build/peers/bin/python")
WIDE = "avx512f" in pathlib.Path("/proc/cpuinfo").read_text()

# What the ratio to further peers must not exceed.
OTHERS = {"compiled": 0.75, "onnxruntime": 0.5}

# `bar`: what the ratio to the best peer must not exceed, with AVX-512 and with AVX2 alone; `limit`: microseconds that the
# machine's arithmetic or memory takes at least.
Workload = collections.namedtuple("Workload", "name bars limits")
WORKLOADS = [
    Workload("mlp-iris-sgd", (0.11, 0.11), (1, 3)),
    Workload("mlp-iris-adam", (0.11, 0.11), (1, 3)),
    Workload("mlp-mnist", (0.78, 0.80), (1430, 1750)),
    Workload("mlp-big", (0.84, 0.84), (131_000, 160_000)),
    Workload("cnn", (0.47, 0.60), (7000, 9000)),
    Workload("chargpt", (0.64, 0.60), (19_000, 26_000)),
    Workload("lstm", (0.80, 0.60), (3200, 4000)),
    Workload("predict", (0.21, 0.21), (10.7, 16)),
    Workload("chain", (0.40, 0.65), (500, 1000)),
    Workload("rows", (0.70, 0.70), (20, 20)),
]


def options():
    parser = argparse.ArgumentParser(prog="scripts/bench core", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a workload")
    parser.add_argument("--runs", type=int, default=5, help="processes a side, the least counts (5)")
    parser.add_argument("--only", help="these workloads, separated by commas")
    parser.add_argument("--tern", default=".build/release/tern", help="the binary")
    parser.add_argument("--others", action="store_true", help="beside torch.compile and, for predict, onnxruntime too")
    return parser.parse_args()


def present(peer):
    there = PEERS.exists() and subprocess.run([PEERS, "-c", f"import {peer}"], capture_output=True).returncode == 0
    if not there:
        print(f"{peer} is absent: scripts/bench peers", file=sys.stderr)
    return there


def said(command):
    """The last number a process prints."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr.strip()}")
    return float(done.stdout.split()[-1])


def main():
    chosen = options()
    only = chosen.only.split(",") if chosen.only else [workload.name for workload in WORKLOADS]
    peers = [peer for peer in ("torch", "jax") if present(peer)]
    pin_to(2)
    for workload in WORKLOADS:
        if workload.name not in only:
            continue
        sides = {"tern": [chosen.tern, HERE / "core.mlx", workload.name]}
        others = ["compiled"] + ["onnxruntime"] * (workload.name == "predict") if chosen.others else []
        sides |= {peer: [PEERS, HERE / "core_peers.py", peer, workload.name] for peer in peers + others}
        best = {}
        for _ in range(chosen.runs):
            for side, command in sides.items():
                took = said(command)
                best[side] = min(took, best.get(side, took))
        tern, bar, limit = best.pop("tern"), workload.bars[not WIDE], workload.limits[not WIDE]
        beyond = {peer: best.pop(peer) for peer in others}
        ratio = tern / min(best.values()) if best else None
        if chosen.json:
            print(json.dumps({"name": workload.name, "tern_us": round(tern, 3), "peers": {p: round(t, 3) for p, t in best.items()},
                              "ratio_to_best": ratio and round(ratio, 4), "bar": bar, "limit": limit,
                              "others": {p: {"us": round(t, 3), "ratio": round(tern / t, 4), "bar": OTHERS[p]} for p, t in beyond.items()}}), flush=True)
        else:
            beside = "".join(f"   {peer} {time:.4g} µs" for peer, time in best.items())
            verdict = f"   {ratio:.2f} of the best (bar {bar})" if ratio else ""
            verdict += "".join(f"   {tern / time:.2f} of {peer}'s {time:.4g} µs (bar {OTHERS[peer]})" for peer, time in beyond.items())
            print(f"{workload.name:14}tern {tern:.4g} µs{beside}{verdict}", flush=True)


main()
