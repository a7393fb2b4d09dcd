"""Eight small programs in Tern, Python and Lua. A row's time is the whole process less that of an empty program: the
least of several runs, the three languages in turn, all on one processor."""
import argparse
import json
import pathlib
import shutil
import sys

from timing import agree, best_of, geomean, pin_to

FOLDER = pathlib.Path(__file__).parent / "language"
PROGRAMS = ["fib", "loop", "mandel", "sieve", "strs", "nbody", "hof", "native"]
ENDINGS = {"tern": "mlx", "python": "py", "lua": "lua"}


def options():
    parser = argparse.ArgumentParser(prog="scripts/bench language", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a program")
    parser.add_argument("--runs", type=int, default=7, help="runs of each program, the least counts (7)")
    parser.add_argument("--only", help="these programs, separated by commas")
    parser.add_argument("--tern", default=".build/release/tern", help="the binary")
    return parser.parse_args()


def main():
    chosen = options()
    programs = chosen.only.split(",") if chosen.only else PROGRAMS
    unknown = set(programs) - set(PROGRAMS)
    if unknown:
        sys.exit(f"There is no program {', '.join(sorted(unknown))}; there are {', '.join(PROGRAMS)}.")
    commands = {"tern": chosen.tern, "python": sys.executable, "lua": shutil.which("lua5.4")}
    missing = [name for name, command in commands.items() if not command or not shutil.which(command)]
    if missing:
        sys.exit(f"Missing: {', '.join(missing)}")
    pin_to(1)

    def measure(program):
        return best_of(chosen.runs, {name: [command, str(FOLDER / f"{program}.{ENDINGS[name]}")]
                                     for name, command in commands.items()})

    empty = {name: seconds for name, (seconds, _) in measure("empty").items()}
    if not chosen.json:
        print(f"{'':8}{'tern':>10}{'python':>10}{'lua':>10}{'× python':>12}{'× lua':>9}")
    rows = []
    for program in programs:
        measured = measure(program)
        for name, (_, output) in measured.items():
            if not agree(output, measured["python"][1]):
                sys.exit(f"{program}: {name} prints {output.strip()!r}, python {measured['python'][1].strip()!r}")
        row = {"name": program}
        row |= {f"{name}_s": round(max(seconds - empty[name], 1e-6), 6) for name, (seconds, _) in measured.items()}
        rows.append(row)
        if chosen.json:
            print(json.dumps(row), flush=True)
        else:
            print(f"{program:8}{row['tern_s']:9.3f}s{row['python_s']:9.3f}s{row['lua_s']:9.3f}s"
                  f"{row['python_s'] / row['tern_s']:11.2f}×{row['lua_s'] / row['tern_s']:8.2f}×", flush=True)

    for peer in ["python", "lua"]:
        ratios = {row["name"]: row[f"{peer}_s"] / row["tern_s"] for row in rows}
        worst = min(ratios, key=ratios.get)
        print(f"{peer}: geomean {geomean(ratios.values()):.2f}×, worst {worst} {ratios[worst]:.2f}×",
              file=sys.stderr if chosen.json else sys.stdout)


main()
