"""Seconds until a small CNN knows 91 of 100 unseen clothes, in Tern and in torch: the network of `examples/cnn.mlx`, six
epochs of Adam along half a wave, the data in memory. `images.py torch SEED` is torch's side."""
import argparse
import gzip
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
PEERS = pathlib.Path(".build/peers/bin/python")
FOLDER = pathlib.Path("/usr/share/datasets/fashion-mnist")
EPOCHS, BATCH, ENOUGH, BAR = 6, 128, 0.91, 0.6


def by_torch(seed):
    import torch
    import torch.nn as nn
    import torch.nn.functional as F

    def load(part):
        pixels, labels = (gzip.open(FOLDER / f"{part}-{what}.gz").read() for what in ("images-idx3-ubyte", "labels-idx1-ubyte"))
        x = torch.frombuffer(bytearray(pixels[16:]), dtype=torch.uint8).view(-1, 1, 28, 28).float() / 255
        return x, torch.frombuffer(bytearray(labels[8:]), dtype=torch.uint8).long()

    torch.set_num_threads(2)
    torch.manual_seed(seed)
    (x, y), (unseen, truth) = load("train"), load("t10k")
    seen = [layer for a, c in ((1, 32), (32, 64)) for layer in (nn.Conv2d(a, c, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))]
    net = nn.Sequential(*seen, nn.Flatten(), nn.Dropout(0.3), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS * 469)
    started = time.perf_counter()
    for _ in range(EPOCHS):
        order = torch.randperm(len(x))
        for batch in order.split(BATCH):
            optimizer.zero_grad(set_to_none=True)
            F.cross_entropy(net(x[batch]), y[batch]).backward()
            optimizer.step()
            schedule.step()
    took = time.perf_counter() - started
    net.eval()
    with torch.inference_mode():
        found = torch.cat([net(part).argmax(1) for part in unseen.split(1000)])
    print(f"{took:.2f} {float((found == truth).float().mean())}")


def said(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr.strip()}")
    return [float(word) for word in done.stdout.split()]


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench images", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a seed")
    parser.add_argument("--runs", type=int, default=3, help="seeds (3)")
    parser.add_argument("--tern", default=".build/release/tern", help="the binary")
    chosen = parser.parse_args()
    has_torch = PEERS.exists()
    if not has_torch:
        print("torch is absent: scripts/bench peers", file=sys.stderr)
    for seed in range(1, chosen.runs + 1):
        sides = {"tern": said([chosen.tern, HERE / "images.mlx", "--seed", str(seed), "--epochs", str(EPOCHS)])}
        if has_torch:
            sides["torch"] = said([PEERS, HERE / "images.py", "torch", str(seed)])
        ratio = sides["tern"][0] / sides["torch"][0] if has_torch else None
        if chosen.json:
            print(json.dumps({"name": "images", "seed": seed, "ratio": ratio, "bar": BAR, "enough": ENOUGH,
                              **{side: {"seconds": took, "accuracy": found} for side, (took, found) in sides.items()}}), flush=True)
        else:
            beside = "   ".join(f"{side} {took:.1f} s, accuracy {found:.4f}" for side, (took, found) in sides.items())
            print(f"seed {seed}  {beside}" + (f"   {ratio:.2f} (bar {BAR}, accuracy {ENOUGH})" if ratio else ""), flush=True)


if sys.argv[1:2] == ["torch"]:
    by_torch(int(sys.argv[2]))
else:
    main()
