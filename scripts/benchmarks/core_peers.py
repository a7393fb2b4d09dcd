"""The peers' side of `scripts/bench core`: microseconds of a step, the least of five rounds, for the workloads named.
`core_peers.py torch|jax|numpy NAME…` prints a line for each: its name and the time."""
import sys
import time

which, wanted = sys.argv[1], sys.argv[2:]


def bench(name, fn, n):
    for _ in range(max(3, n // 10)):
        fn()
    best = None
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(n):
            fn()
        took = (time.perf_counter() - started) / n
        best = took if best is None else min(best, took)
    print(name, best * 1e6, flush=True)


def wants(name):
    return name in wanted


if which == "torch":
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
    torch.set_num_threads(2)
    torch.manual_seed(0)

    def training(model, x, y, loss, optimizer="adam", lr=1e-3):
        o = (torch.optim.Adam if optimizer == "adam" else torch.optim.SGD)(model.parameters(), lr=lr)

        def step():
            o.zero_grad(set_to_none=True)
            found = loss(model(x), y)
            found.backward()
            o.step()
            return found
        return step

    def mlp(sizes):
        layers = []
        for i, (a, c) in enumerate(zip(sizes, sizes[1:])):
            layers.append(nn.Linear(a, c))
            if i < len(sizes) - 2:
                layers.append(nn.ReLU())
        return nn.Sequential(*layers)

    def rows(batch, inputs, classes):
        return torch.randn(batch, inputs), torch.randint(0, classes, (batch,))

    if wants("mlp-iris-sgd"):
        bench("mlp-iris-sgd", training(mlp([4, 16, 3]), *rows(32, 4, 3), F.cross_entropy, "sgd"), 1000)
    if wants("mlp-iris-adam"):
        bench("mlp-iris-adam", training(mlp([4, 16, 3]), *rows(32, 4, 3), F.cross_entropy), 1000)
    if wants("mlp-mnist"):
        bench("mlp-mnist", training(mlp([784, 512, 256, 10]), *rows(128, 784, 10), F.cross_entropy), 100)
    if wants("mlp-big"):
        bench("mlp-big", training(mlp([1024, 4096, 4096, 10]), *rows(256, 1024, 10), F.cross_entropy, "sgd"), 3)
    with torch.inference_mode():
        if wants("predict"):
            model, x = mlp([784, 512, 256, 10]).eval(), torch.randn(1, 784)
            bench("predict", lambda: model(x), 1000)
        square = torch.randn(1000, 1000)
        if wants("chain"):
            bench("chain", lambda: torch.tanh(square * 2 + 1) * torch.sigmoid(square) - square.exp().log1p(), 20)
        if wants("rows"):
            bench("rows", lambda: (square * square).sum(1), 50)
elif which == "jax":
    import functools
    import jax
    import jax.numpy as jnp
    from jax import random
    key = random.PRNGKey(0)

    def start(sizes):
        return [(random.normal(key, (a, c)) * (2 / a) ** .5, jnp.zeros(c)) for a, c in zip(sizes, sizes[1:])]

    def forward(p, x):
        for w, b in p[:-1]:
            x = jax.nn.relu(x @ w + b)
        return x @ p[-1][0] + p[-1][1]

    def loss(p, x, y):
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(forward(p, x)), y[:, None], 1))

    @functools.partial(jax.jit, donate_argnums=(0, 1))
    def adam(p, s, x, y):
        found, g = jax.value_and_grad(loss)(p, x, y)
        m, v, t = s
        t = t + 1
        m = jax.tree.map(lambda m, g: .9 * m + .1 * g, m, g)
        v = jax.tree.map(lambda v, g: .999 * v + .001 * g * g, v, g)
        p = jax.tree.map(lambda p, m, v: p - 1e-3 * (m / (1 - .9 ** t)) / (jnp.sqrt(v / (1 - .999 ** t)) + 1e-8), p, m, v)
        return p, (m, v, t), found

    @functools.partial(jax.jit, donate_argnums=(0, 1))
    def sgd(p, s, x, y):
        found, g = jax.value_and_grad(loss)(p, x, y)
        return jax.tree.map(lambda p, g: p - 1e-3 * g, p, g), s, found

    def training(name, sizes, batch, update, n):
        p = start(sizes)
        zero = jax.tree.map(jnp.zeros_like, p)
        x, y = random.normal(key, (batch, sizes[0])), random.randint(key, (batch,), 0, sizes[-1])
        state = [p, (zero, jax.tree.map(jnp.copy, zero), jnp.float32(0))]

        def step():
            state[0], state[1], found = update(state[0], state[1], x, y)
            found.block_until_ready()
        bench(name, step, n)

    if wants("mlp-iris-sgd"):
        training("mlp-iris-sgd", [4, 16, 3], 32, sgd, 1000)
    if wants("mlp-iris-adam"):
        training("mlp-iris-adam", [4, 16, 3], 32, adam, 1000)
    if wants("mlp-mnist"):
        training("mlp-mnist", [784, 512, 256, 10], 128, adam, 100)
    if wants("mlp-big"):
        training("mlp-big", [1024, 4096, 4096, 10], 256, sgd, 3)
    if wants("predict"):
        p, x, f = start([784, 512, 256, 10]), random.normal(key, (1, 784)), jax.jit(forward)
        bench("predict", lambda: f(p, x).block_until_ready(), 1000)
    square = random.normal(key, (1000, 1000))
    if wants("chain"):
        f = jax.jit(lambda x: jnp.tanh(x * 2 + 1) * jax.nn.sigmoid(x) - jnp.log1p(jnp.exp(x)))
        bench("chain", lambda: f(square).block_until_ready(), 20)
    if wants("rows"):
        f = jax.jit(lambda x: (x * x).sum(1))
        bench("rows", lambda: f(square).block_until_ready(), 50)
