"""The peers' side of `scripts/bench core`: microseconds of a step, the least of five rounds, for the workloads named.
`core_peers.py torch|compiled|jax|onnxruntime|numpy NAME…` (compiled: torch.compile) prints a line for each: its name and the time."""
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


if which in ("torch", "compiled"):
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
    torch.set_num_threads(2)
    torch.manual_seed(0)
    made = torch.compile if which == "compiled" else lambda f: f

    def training(model, x, y, loss, optimizer="adam", lr=1e-3):
        model = made(model)
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
    if wants("cnn"):
        seen = [layer for a, c in ((1, 32), (32, 64)) for layer in (nn.Conv2d(a, c, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))]
        net = nn.Sequential(*seen, nn.Flatten(), nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, 10))
        bench("cnn", training(net, torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,)), F.cross_entropy), 20)

    class Block(nn.Module):
        def __init__(self, size, heads):
            super().__init__()
            self.before, self.joined, self.out = nn.LayerNorm(size), nn.Linear(size, 3 * size), nn.Linear(size, size)
            self.then, self.wide, self.narrow, self.heads = nn.LayerNorm(size), nn.Linear(size, 4 * size), nn.Linear(4 * size, size), heads

        def forward(self, x):
            b, t, d = x.shape
            q, k, v = self.joined(self.before(x)).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(b, t, d)
            x = x + self.out(mixed)
            return x + self.narrow(F.gelu(self.wide(self.then(x)), approximate="tanh"))

    class GPT(nn.Module):
        def __init__(self, classes=65, size=128, time=64, blocks=4, heads=4):
            super().__init__()
            self.embedding, self.place = nn.Embedding(classes, size), nn.Parameter(torch.randn(time, size) * .02)
            self.blocks = nn.ModuleList([Block(size, heads) for _ in range(blocks)])
            self.last, self.head = nn.LayerNorm(size), nn.Linear(size, classes)

        def forward(self, x):
            x = self.embedding(x) + self.place
            for block in self.blocks:
                x = block(x)
            return self.head(self.last(x))

    class Memory(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.out = nn.LSTM(32, 128, batch_first=True), nn.Linear(128, 1)

        def forward(self, x):
            return self.out(self.lstm(x)[0][:, -1])

    if wants("chargpt"):
        texts = torch.randint(0, 65, (12, 64)), torch.randint(0, 65, (12, 64))
        bench("chargpt", training(GPT(), *texts, lambda out, y: F.cross_entropy(out.view(-1, 65), y.view(-1))), 20)
    if wants("lstm"):
        bench("lstm", training(Memory(), torch.randn(32, 50, 32), torch.randn(32, 1), F.mse_loss), 20)
    with torch.inference_mode():
        if wants("predict"):
            model, x = made(mlp([784, 512, 256, 10]).eval()), torch.randn(1, 784)
            bench("predict", lambda: model(x), 1000)
        square = torch.randn(1000, 1000)
        if wants("chain"):
            chain = made(lambda x: torch.tanh(x * 2 + 1) * torch.sigmoid(x) - x.exp().log1p())
            bench("chain", lambda: chain(square), 20)
        if wants("rows"):
            sums = made(lambda x: (x * x).sum(1))
            bench("rows", lambda: sums(square), 50)
elif which == "onnxruntime":
    import numpy
    import onnx
    import onnxruntime
    from onnx import helper

    sizes, generator = [784, 512, 256, 10], numpy.random.default_rng(0)
    nodes, numbers, last = [], [], "x"
    for i, (a, c) in enumerate(zip(sizes, sizes[1:])):
        numbers += [onnx.numpy_helper.from_array(generator.standard_normal((a, c), "float32"), f"w{i}"),
                    onnx.numpy_helper.from_array(numpy.zeros(c, "float32"), f"b{i}")]
        nodes.append(helper.make_node("Gemm", [last, f"w{i}", f"b{i}"], [f"z{i}"]))
        last = f"z{i}"
        if i < 2:
            nodes.append(helper.make_node("Relu", [last], [f"h{i}"]))
            last = f"h{i}"
    ends = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["batch", size]) for name, size in (("x", 784), (last, 10))]
    net = helper.make_model(helper.make_graph(nodes, "mlp", ends[:1], ends[1:], numbers), opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(net.SerializeToString(), settings)
    x = generator.standard_normal((1, 784), "float32")
    bench("predict", lambda: session.run(None, {"x": x}), 1000)
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

    def cross_entropy(scores, y):
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(scores), y[:, None], 1))

    def loss(p, x, y):
        return cross_entropy(forward(p, x), y)

    def adam(loss):
        @functools.partial(jax.jit, donate_argnums=(0, 1))
        def step(p, s, x, y):
            found, g = jax.value_and_grad(loss)(p, x, y)
            m, v, t = s
            t = t + 1
            m = jax.tree.map(lambda m, g: .9 * m + .1 * g, m, g)
            v = jax.tree.map(lambda v, g: .999 * v + .001 * g * g, v, g)
            p = jax.tree.map(lambda p, m, v: p - 1e-3 * (m / (1 - .9 ** t)) / (jnp.sqrt(v / (1 - .999 ** t)) + 1e-8), p, m, v)
            return p, (m, v, t), found
        return step

    def sgd(loss):
        @functools.partial(jax.jit, donate_argnums=(0, 1))
        def step(p, s, x, y):
            found, g = jax.value_and_grad(loss)(p, x, y)
            return jax.tree.map(lambda p, g: p - 1e-3 * g, p, g), s, found
        return step

    def repeat(name, p, x, y, update, n):
        zero = jax.tree.map(jnp.zeros_like, p)
        state = [p, (zero, jax.tree.map(jnp.copy, zero), jnp.float32(0))]

        def step():
            state[0], state[1], found = update(state[0], state[1], x, y)
            found.block_until_ready()
        bench(name, step, n)

    def training(name, sizes, batch, optimizer, n):
        x, y = random.normal(key, (batch, sizes[0])), random.randint(key, (batch,), 0, sizes[-1])
        repeat(name, start(sizes), x, y, optimizer(loss), n)

    def small(*sizes):
        return random.normal(key, sizes) * .05

    def chargpt(classes=65, size=128, time=64, blocks=4, heads=4):
        def block():
            return dict(g1=jnp.ones(size), h1=jnp.zeros(size), q=small(size, 3 * size), qb=jnp.zeros(3 * size), o=small(size, size),
                        ob=jnp.zeros(size), g2=jnp.ones(size), h2=jnp.zeros(size), f1=small(size, 4 * size), fb=jnp.zeros(4 * size),
                        f2=small(4 * size, size), f2b=jnp.zeros(size))

        def norm(x, g, b):
            return (x - x.mean(-1, keepdims=True)) * jax.lax.rsqrt(x.var(-1, keepdims=True) + 1e-5) * g + b

        def scores(p, x):
            x = p["e"][x] + p["p"]
            b = x.shape[0]
            for l in p["b"]:
                joined = norm(x, l["g1"], l["h1"]) @ l["q"] + l["qb"]
                q, k, v = joined.reshape(b, time, 3, heads, size // heads).transpose(2, 0, 3, 1, 4)
                a = jax.nn.softmax(jnp.where(mask, q @ k.swapaxes(-1, -2) / (size // heads) ** .5, -1e9)) @ v
                x = x + a.transpose(0, 2, 1, 3).reshape(b, time, size) @ l["o"] + l["ob"]
                x = x + jax.nn.gelu(norm(x, l["g2"], l["h2"]) @ l["f1"] + l["fb"]) @ l["f2"] + l["f2b"]
            return norm(x, p["g"], p["h"]) @ p["w"] + p["wb"]

        mask = jnp.tril(jnp.ones((time, time), bool))
        p = dict(e=small(classes, size), p=small(time, size), b=[block() for _ in range(blocks)], g=jnp.ones(size), h=jnp.zeros(size),
                 w=small(size, classes), wb=jnp.zeros(classes))
        x, y = random.randint(key, (12, time), 0, classes), random.randint(key, (12, time), 0, classes)
        repeat("chargpt", p, x, y, adam(lambda p, x, y: cross_entropy(scores(p, x).reshape(-1, classes), y.reshape(-1))), 20)

    def cnn():
        def seen(x, w, b):
            x = jax.nn.relu(jax.lax.conv_general_dilated(x, w, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")) + b)
            return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")

        def scores(p, x):
            x = seen(seen(x, *p["a"]), *p["b"])
            x = jax.nn.relu(x.reshape(x.shape[0], -1) @ p["c"][0] + p["c"][1])
            return x @ p["d"][0] + p["d"][1]

        p = dict(a=(small(3, 3, 1, 32), jnp.zeros(32)), b=(small(3, 3, 32, 64), jnp.zeros(64)), c=(small(64 * 49, 128), jnp.zeros(128)),
                 d=(small(128, 10), jnp.zeros(10)))
        x, y = random.normal(key, (64, 28, 28, 1)), random.randint(key, (64,), 0, 10)
        repeat("cnn", p, x, y, adam(lambda p, x, y: cross_entropy(scores(p, x), y)), 20)

    def lstm():
        def last(p, x):
            def cell(state, z):
                h, c = state
                i, f, g, o = jnp.split(z + h @ p["wh"], 4, -1)
                c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
                return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None
            none = jnp.zeros((x.shape[0], 128))
            (h, _), _ = jax.lax.scan(cell, (none, none), (x @ p["wx"] + p["b"]).swapaxes(0, 1))
            return h @ p["f"] + p["fb"]

        p = dict(wx=small(32, 512), wh=small(128, 512), b=jnp.zeros(512), f=small(128, 1), fb=jnp.zeros(1))
        x, y = random.normal(key, (32, 50, 32)), random.normal(key, (32, 1))
        repeat("lstm", p, x, y, adam(lambda p, x, y: jnp.mean((last(p, x) - y) ** 2)), 20)

    if wants("mlp-iris-sgd"):
        training("mlp-iris-sgd", [4, 16, 3], 32, sgd, 1000)
    if wants("mlp-iris-adam"):
        training("mlp-iris-adam", [4, 16, 3], 32, adam, 1000)
    if wants("mlp-mnist"):
        training("mlp-mnist", [784, 512, 256, 10], 128, adam, 100)
    if wants("mlp-big"):
        training("mlp-big", [1024, 4096, 4096, 10], 256, sgd, 3)
    if wants("cnn"):
        cnn()
    if wants("chargpt"):
        chargpt()
    if wants("lstm"):
        lstm()
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
