"""What PyTorch makes of small inputs, written as Tern scripts into Tests/LanguageTests/nn/lib/.

    .build/peers/bin/python scripts/golden/nn.py

Layouts are Tern's: features last, weights [inputs, outputs]. What PyTorch does not have (lion, plain metrics) is written
out in numpy beside it.
"""
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/LanguageTests/nn/lib"
chance = np.random.default_rng(7)


def draw(*shape, scale=1.0):
    return torch.tensor(np.round(scale * chance.standard_normal(shape), 2), dtype=torch.float32)


def text(value):
    """A value as Tern writes it: tensors of floats and ints, numbers, lists, records."""
    if isinstance(value, torch.Tensor):
        value = value.detach()
        kind = "" if value.is_floating_point() else ", dtype: i64"
        return f"tensor({numbers(value.tolist())}{kind})"
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {text(item)}' for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(text, value)) + "]"
    return numbers(value)


def numbers(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(numbers, value)) + "]"
    return str(value) if isinstance(value, int) else f"{value:.7g}"


def write(name, **values):
    lines = ["# Written by scripts/golden/nn.py."] + [f"let {key} = {text(value)}" for key, value in values.items()]
    (FOLDER / f"{name}.mlx").write_text("\n".join(lines) + "\n")


def activations():
    functions = {
        "relu": F.relu, "leaky_relu": F.leaky_relu, "elu": F.elu, "selu": F.selu, "sigmoid": torch.sigmoid, "softplus": F.softplus,
        "silu": F.silu, "gelu": lambda x: F.gelu(x, approximate="tanh"), "gelu_exact": F.gelu, "mish": F.mish,
        "hard_sigmoid": F.hardsigmoid, "hard_swish": F.hardswish, "softsign": F.softsign, "tanh": torch.tanh,
        "log_softmax": lambda x: F.log_softmax(x, -1),
    }
    x = torch.tensor([-30.0, -3.5, -1.25, -0.5, 0.25, 1.0, 2.75, 30.0])
    weights = draw(8)
    values, slopes = {}, {}
    for name, function in functions.items():
        leaf = x.clone().requires_grad_()
        values[name] = function(leaf)
        (slopes[name],) = torch.autograd.grad((values[name] * weights).sum(), leaf)
    write("activations", x=x, weights=weights, values=values, slopes=slopes)


def losses():
    scores, one = draw(4, 3), draw(4)
    labels, bits = torch.tensor([0, 2, 1, 1]), torch.tensor([1.0, 0.0, 1.0, 0.0])
    shares, other = F.softmax(draw(4, 3), -1), draw(4, 3)
    probability = torch.sigmoid(one) * bits + (1 - torch.sigmoid(one)) * (1 - bits)
    cost = F.cross_entropy(scores, labels, reduction="none")
    values = {
        "cross_entropy": cost,
        "soft_cross_entropy": F.cross_entropy(scores, shares, reduction="none"),
        "smoothed": F.cross_entropy(scores, labels, reduction="none", label_smoothing=0.2),
        "soft_smoothed": F.cross_entropy(scores, shares, reduction="none", label_smoothing=0.2),
        "binary_cross_entropy": F.binary_cross_entropy_with_logits(one, bits, reduction="none"),
        "mse": F.mse_loss(scores, other, reduction="none").mean(1),
        "mae": F.l1_loss(scores, other, reduction="none").mean(1),
        "huber": F.huber_loss(scores, other, reduction="none", delta=0.7).mean(1),
        "hinge": F.relu(1 - (2 * bits - 1) * one),
        "kl": F.kl_div(F.log_softmax(scores, -1), shares, reduction="none").sum(1),
        "focal": (1 - torch.exp(-cost)) ** 2 * cost,
        "binary_focal": (1 - probability) ** 1.5 * -torch.log(probability),
        "contrastive": F.cross_entropy(F.normalize(scores) @ F.normalize(other).T / 0.5, torch.arange(4), reduction="none"),
    }
    write("losses", scores=scores, one=one, labels=labels, bits=bits, shares=shares, other=other, values=values)


def optimizers():
    """Four steps on one matrix and one vector, with gradients that do not depend on them."""
    w, b = draw(3, 2), draw(3)
    gradients = [{"w": draw(3, 2), "b": draw(3)} for _ in range(4)]
    made = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "sgd_decay": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.3),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.3),
        "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        "adam": lambda p: torch.optim.Adam(p, lr=0.1),
        "adam_decay": lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.3),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.3),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.1),
        "rmsprop_momentum": lambda p: torch.optim.RMSprop(p, lr=0.1, momentum=0.9, weight_decay=0.3),
        "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, weight_decay=0.3),
        "adafactor": lambda p: torch.optim.Adafactor(p, lr=0.1, weight_decay=0.3),
        "groups": lambda p: torch.optim.AdamW([{"params": p[:1], "weight_decay": 0.3}, {"params": p[1:], "lr": 0.01, "weight_decay": 0}], lr=0.1),
    }
    after = {}
    for name, make in made.items():
        after[name] = stepped(w, b, gradients, make)
    after["clip_norm"] = stepped(w, b, gradients, made["sgd"], lambda p: torch.nn.utils.clip_grad_norm_(p, 0.5))
    after["clip_value"] = stepped(w, b, gradients, made["sgd"], lambda p: torch.nn.utils.clip_grad_value_(p, 0.5))
    after["lion"] = lion(w, b, gradients, lr=0.1, decay=0.3)
    write("optimizers", w=w, b=b, gradients=gradients, after=after)


def stepped(w, b, gradients, make, clip=lambda p: None):
    params = [torch.nn.Parameter(w.clone()), torch.nn.Parameter(b.clone())]
    optimizer = make(params)
    for gradient in gradients:
        params[0].grad, params[1].grad = gradient["w"].clone(), gradient["b"].clone()
        clip(params)
        optimizer.step()
    return {"w": params[0], "b": params[1]}


def lion(w, b, gradients, lr, decay, beta1=0.9, beta2=0.99):
    after = {}
    for name, p in {"w": w, "b": b}.items():
        m = torch.zeros_like(p)
        for gradient in gradients:
            g = gradient[name]
            p = p - lr * (torch.sign(beta1 * m + (1 - beta1) * g) + decay * p)
            m = beta2 * m + (1 - beta2) * g
        after[name] = p
    return after


def schedules():
    """The rate at each of 12 steps."""
    S = torch.optim.lr_scheduler
    made = {
        "step_decay": lambda o: S.StepLR(o, 4, gamma=0.5),
        "exponential_decay": lambda o: S.ExponentialLR(o, gamma=0.8),
        "cosine_decay": lambda o: S.CosineAnnealingLR(o, 12, eta_min=0.01),
        "one_cycle": lambda o: S.OneCycleLR(o, 0.1, total_steps=13, cycle_momentum=False, pct_start=4 / 13),
    }
    rates = {}
    for name, make in made.items():
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
        schedule, rates[name] = make(optimizer), []
        for _ in range(12):
            rates[name].append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule, plateau, losses = S.ReduceLROnPlateau(optimizer, factor=0.5, patience=2), [], [3, 2, 2, 2.1, 2, 1.9, 1.9, 1.9, 1.9, 1.9, 1.9, 1.9]
    for loss in losses:
        schedule.step(loss)
        plateau.append(optimizer.param_groups[0]["lr"])
    write("schedules", rates=rates, losses=losses, plateau=plateau)


def layers():
    x = draw(2, 3, 4)
    scale, shift = draw(4), draw(4)
    channels = lambda function: function(x.transpose(1, 2)).transpose(1, 2)
    batch = torch.nn.BatchNorm1d(4, momentum=0.3)
    batch.weight.data, batch.bias.data = scale, shift
    trained = channels(batch)
    batch.eval()
    table, positions = draw(5, 3), torch.tensor([[0, 4, 1], [2, 2, 3]])
    write(
        "layers", x=x, scale=scale, shift=shift, layer_norm=F.layer_norm(x, (4,), scale, shift), rms_norm=F.rms_norm(x, (4,), scale, 1e-6),
        group_norm=channels(lambda y: F.group_norm(y, 2, scale, shift)), trained=trained, served=channels(batch), center=batch.running_mean,
        spread=batch.running_var, table=table, positions=positions, embedded=F.embedding(positions, table),
    )


def attention():
    x, context = draw(2, 3, 4), draw(2, 5, 4)
    q, k, v, out = (draw(4, 4, scale=0.5) for _ in range(4))
    layer = torch.nn.MultiheadAttention(4, 2, bias=False, batch_first=True)
    layer.in_proj_weight.data, layer.out_proj.weight.data = torch.cat([q.T, k.T, v.T]), out.T.contiguous()
    later = torch.ones(3, 3, dtype=torch.bool).triu(1)
    queries, keys, values = draw(2, 4, 3, 2), draw(2, 2, 3, 2), draw(2, 2, 3, 2)
    mask = torch.tensor([[1, 0, 1], [0, 1, 1], [1, 1, 1]])
    block = torch.nn.TransformerEncoderLayer(
        4, 2, 8, dropout=0, activation=lambda x: F.gelu(x, approximate="tanh"), batch_first=True, norm_first=True)
    block.self_attn.in_proj_weight.data, block.self_attn.out_proj.weight.data = layer.in_proj_weight.data, layer.out_proj.weight.data
    w, b, back, c = draw(4, 8, scale=0.5), draw(8), draw(8, 4, scale=0.5), draw(4)
    block.linear1.weight.data, block.linear1.bias.data, block.linear2.weight.data, block.linear2.bias.data = w.T, b, back.T, c
    write(
        "attention", x=x, context=context, q=q, k=k, v=v, out=out, plain=layer(x, x, x)[0], causal=layer(x, x, x, attn_mask=later)[0],
        crossed=layer(x, context, context)[0], queries=queries, keys=keys, values=values, mask=mask,
        grouped=F.scaled_dot_product_attention(queries, keys, values, enable_gqa=True),
        masked=F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask.bool(), enable_gqa=True),
        w=w, b=b, back=back, c=c, block=block.train()(x), sinusoidal=waves(3, 4),
    )


def waves(time, size):
    table = torch.zeros(time, size)
    for t in range(time):
        for i in range(0, size, 2):
            angle = t / 10_000 ** (i / size)
            table[t, i], table[t, i + 1] = math.sin(angle), math.cos(angle)
    return table


def recurrent():
    x = draw(2, 4, 3)
    values = {}
    for name, make, gates in [("rnn", torch.nn.RNN, 1), ("lstm", torch.nn.LSTM, 4), ("gru", torch.nn.GRU, 3)]:
        layer = make(3, 2, num_layers=2, bidirectional=True, batch_first=True)
        passes = []
        for depth in range(2):
            pair = []
            for end in ["", "_reverse"]:
                w, u, b, c = draw(3 if depth == 0 else 4, 2 * gates), draw(2, 2 * gates), draw(2 * gates), draw(2 * gates)
                if name != "gru":
                    c = torch.zeros_like(c)
                for part, value in [("weight_ih", w.T), ("weight_hh", u.T), ("bias_ih", b), ("bias_hh", c)]:
                    getattr(layer, f"{part}_l{depth}{end}").data = value.contiguous()
                pair.append({"w": w, "u": u, "b": b} | ({"c": c} if name == "gru" else {}))
            passes.append(pair)
        leaf = x.clone().requires_grad_()
        out, last = layer(leaf)
        last = last[0] if name == "lstm" else last
        (slope,) = torch.autograd.grad((out ** 2).sum(), leaf)
        values[name] = {"passes": passes, "out": out, "last": torch.cat([last[2], last[3]], -1), "slope": slope}
    write("recurrent", x=x, **values)


def metrics():
    """Of 12 rows; the scores repeat, so that rankings have ties."""
    scores = torch.tensor(np.round(2 * chance.standard_normal((12, 3))) / 2, dtype=torch.float32)
    labels = torch.tensor([0, 1, 2, 0, 1, 2, 0, 0, 1, 2, 2, 1])
    one, bits = scores[:, 0].contiguous(), (labels == 0).long()
    guess, several = scores.argmax(1), range(3)
    count = lambda a, b: float(((guess == a) & (labels == b)).sum())
    precision = [count(c, c) / max(float((guess == c).sum()), 1) for c in several]
    recall = [count(c, c) / float((labels == c).sum()) for c in several]
    f1 = [2 * count(c, c) / float((guess == c).sum() + (labels == c).sum()) for c in several]
    probability, hot = F.softmax(scores, 1), F.one_hot(labels, 3)
    t, g, n = hot.sum(0).double(), F.one_hot(guess, 3).sum(0).double(), 12
    right = sum(count(c, c) for c in several)
    values = {
        "precision": np.mean(precision), "recall": np.mean(recall), "f1": np.mean(f1), "balanced_accuracy": np.mean(recall),
        "matthews": float((n * right - t @ g) / torch.sqrt((n * n - g @ g) * (n * n - t @ t))),
        "auc": np.mean([area(scores[:, c], labels == c) for c in several]),
        "average_precision": np.mean([mean_precision(scores[:, c], labels == c) for c in several]),
        "brier": float(((probability - hot) ** 2).sum(1).mean()), "perplexity": float(torch.exp(F.cross_entropy(scores, labels))),
    }
    p = torch.sigmoid(one)
    tp, fp, fn = (float(((one > 0) == a).logical_and(bits == b).sum()) for a, b in [(True, 1), (True, 0), (False, 1)])
    tn = 12 - tp - fp - fn
    binary = {
        "precision": tp / (tp + fp), "recall": tp / (tp + fn), "f1": 2 * tp / (2 * tp + fp + fn),
        "balanced_accuracy": (tp / (tp + fn) + tn / (tn + fp)) / 2,
        "matthews": (tp * tn - fp * fn) / math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
        "auc": area(one, bits == 1), "average_precision": mean_precision(one, bits == 1), "brier": float(((p - bits) ** 2).mean()),
    }
    write("metrics", scores=scores, labels=labels, one=one, bits=bits, several=values, binary=binary)


def area(score, positive):
    """The share of pairs in the right order, ties counting half."""
    up, down = score[positive][:, None], score[~positive][None]
    return float(((up > down).float() + 0.5 * (up == down)).mean())


def mean_precision(score, positive):
    """By the definition, threshold after threshold."""
    total, before = 0.0, 0.0
    for threshold in sorted(set(score.tolist()), reverse=True):
        taken = score >= threshold
        hits = float((taken & positive).sum())
        recall = hits / float(positive.sum())
        total, before = total + (recall - before) * hits / float(taken.sum()), recall
    return total


def windows():
    """Channels last; filters are [height, width, channels / groups, filters], of transposed ones [.., filters / groups, channels]."""
    first, last = lambda x: x.movedim(-1, 1), lambda y: y.movedim(1, -1)
    image, signal = draw(2, 6, 5, 4), draw(2, 9, 4)
    plain, grouped, line, turned = draw(3, 2, 4, 3), draw(3, 3, 2, 6), draw(3, 4, 2), draw(3, 3, 2, 4)
    as_torch = lambda w: w.permute(-1, -2, *range(w.dim() - 2))
    x, w = image.clone().requires_grad_(), plain.clone().requires_grad_()
    strided = last(F.conv2d(first(x), as_torch(w), stride=(2, 1), padding=(1, 2), dilation=(1, 2)))
    weights = draw(*strided.shape)
    by_x, by_w = torch.autograd.grad((strided * weights).sum(), [x, w])
    largest = last(F.max_pool2d(first(x), 3, stride=2, padding=1))
    mixed = draw(*largest.shape)
    (by_pooled,) = torch.autograd.grad((largest * mixed).sum(), x)
    write(
        "windows", image=image, signal=signal, plain=plain, grouped=grouped, line=line, turned=turned, weights=weights, mixed=mixed,
        strided=strided, by_x=by_x, by_w=by_w, largest=largest, by_pooled=by_pooled,
        same=last(F.conv2d(first(image), as_torch(grouped), padding="same", groups=2)),
        along=last(F.conv1d(first(signal), as_torch(line), stride=2, padding=1)),
        grown=last(F.conv_transpose2d(first(image), as_torch(turned), stride=2, padding=1, output_padding=1)),
        means=last(F.avg_pool2d(first(image), 2, padding=1)), line_peaks=last(F.max_pool1d(first(signal), 3)))


for section in [activations, losses, optimizers, schedules, layers, attention, recurrent, metrics, windows]:
    section()
