"""Epochs of a 784-256-10 network on Fashion-MNIST by hand, in batches of 128 with Adam, without a plan."""
import gzip
import sys
import numpy
import torch
from torch import nn

FOLDER = "/usr/share/datasets/fashion-mnist"


def read(name, header):
    with gzip.open(f"{FOLDER}/{name}") as file:
        return numpy.frombuffer(file.read(), dtype=numpy.uint8, offset=header)


def main(epochs):
    torch.set_num_threads(2)
    torch.manual_seed(1)
    x = torch.tensor(read("train-images-idx3-ubyte.gz", 16).reshape(60_000, 784)).float() / 255
    y = torch.tensor(read("train-labels-idx1-ubyte.gz", 8)).long()
    net = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(epochs):
        for i in range(0, len(x), 128):
            optimizer.zero_grad(set_to_none=True)
            loss = nn.functional.cross_entropy(net(x[i:i + 128]), y[i:i + 128])
            loss.backward()
            optimizer.step()
    print(f"{loss.item():.3f}")


main(int(sys.argv[2]))
