"""What PyTorch and numpy make of small matrices, written as Tern scripts into Tests/LanguageTests/linalg/lib/.

    .build/peers/bin/python scripts/golden/linalg.py

Everything is f64. A gradient is that of the sum of the result times fixed weights, so that its signs are the factors' own.
"""
import pathlib

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/LanguageTests/linalg/lib"
chance = np.random.default_rng(11)


def draw(*shape):
    return torch.tensor(np.round(chance.standard_normal(shape), 2), dtype=torch.float64)


def numbers(value):
    return "[" + ", ".join(map(numbers, value)) + "]" if isinstance(value, list) else f"{value:.15g}"


def text(value):
    if isinstance(value, torch.Tensor):
        return f"tensor({numbers(value.detach().tolist())}, dtype: f64)"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {text(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(text, value)) + "]"


def weigh(result):
    """The sum of the parts of a result, each element times its own weight."""
    parts = result if isinstance(result, (list, tuple)) else [result]
    return sum((part * (0.3 + 0.17 * (torch.arange(part.numel(), dtype=torch.float64) % 7)).reshape(part.shape)).sum() for part in parts)


def case(function, *inputs):
    leaves = [x.clone().requires_grad_() for x in inputs]
    result = function(*leaves)
    gradients = torch.autograd.grad(weigh(result), leaves)
    parts = list(result) if isinstance(result, (list, tuple)) else [result]
    return {"inputs": list(inputs), "parts": parts, "gradients": list(gradients)}


square, batch, tall, wide = draw(4, 4) + 3 * torch.eye(4), draw(2, 3, 3) + 3 * torch.eye(3), draw(5, 3), draw(2, 4)
definite = square @ square.T / 4 + torch.eye(4)
symmetric = (batch + batch.mT) / 2 + torch.diag(torch.tensor([0.0, 2.0, 5.0]))
right, vector = draw(4, 2), draw(4)
lower = torch.linalg.cholesky(definite).round(decimals=2)
einsum_cases = [
    ("ij,jk->ik", (3, 4), (4, 2)), ("ij,kj->ik", (3, 4), (2, 4)), ("ji,jk->ki", (4, 3), (4, 2)), ("bij,bjk->bik", (2, 3, 4), (2, 4, 2)),
    ("bij,jk->bik", (2, 3, 4), (4, 2)), ("i,j->ij", (3,), (4,)), ("i,i->i", (3,), (3,)), ("i,i", (3,), (3,)), ("ij->ji", (3, 4)),
    ("ij->j", (3, 4)), ("ij->", (3, 4)), ("ii", (3, 3)), ("ii->i", (3, 3)), ("iij->ij", (3, 3, 2)), ("bhqd,bhkd->bhqk", (2, 3, 4, 5), (2, 3, 2, 5)),
    ("...ij,...jk->...ik", (2, 3, 4), (4, 2)), ("...i,...i->...", (2, 3), (1, 3)), ("i...,ij->j...", (3, 2, 2), (3, 4)),
    ("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)), ("ab,bc,cd,de->ea", (2, 3), (3, 2), (2, 4), (4, 3)), ("ijk,jil->kl", (2, 3, 4), (3, 2, 5)),
    ("ij,ij->i", (3, 4), (3, 4)), ("ij,j->ij", (3, 4), (4,)), ("ij,k->i", (3, 4), (2,)), ("ba,cb", (3, 4), (2, 3)),
]


def einsum_case(form, *shapes):
    if form == "...i,...i->...":                             # torch does not broadcast labels' own sizes of 1 here
        return case(lambda a, b: (a * b).sum(-1), *(draw(*shape) for shape in shapes))
    return case(lambda *x: torch.einsum(form, *x), *(draw(*shape) for shape in shapes))


cases = {
    "solve": case(torch.linalg.solve, square, right),
    "solve_vector": case(torch.linalg.solve, square, vector),
    "solve_batch": case(torch.linalg.solve, batch, draw(3, 2)),
    "solve_lower": case(lambda a, b: torch.linalg.solve_triangular(a, b, upper=False), lower, right),
    "solve_upper": case(lambda a, b: torch.linalg.solve_triangular(a, b, upper=True), lower.T.contiguous(), right),
    "inv": case(torch.linalg.inv, batch),
    "pinv": case(torch.linalg.pinv, tall),
    "det": case(torch.linalg.det, batch),
    "slogdet": case(lambda a: torch.linalg.slogdet(a)[1], -square),
    "cholesky": case(torch.linalg.cholesky, definite),
    "qr": case(torch.linalg.qr, tall),
    "qr_wide": case(torch.linalg.qr, wide),
    "svd": case(lambda a: torch.linalg.svd(a, full_matrices=False)[1], tall),
    "eigh": case(lambda a: torch.linalg.eigvalsh((a + a.mT) / 2), symmetric),
    "lstsq": case(lambda a, b: torch.linalg.pinv(a) @ b, tall, draw(5, 2)),
    "lstsq_wide": case(lambda a, b: torch.linalg.pinv(a) @ b, wide, draw(2)),
}
FOLDER.mkdir(parents=True, exist_ok=True)
lines = ["# Written by scripts/golden/linalg.py."]
lines += [f"let {name} = {text(value)}" for name, value in cases.items()]
(FOLDER / "factors.mlx").write_text("\n".join(lines) + "\n")
lines = ["# Written by scripts/golden/linalg.py.", "let forms = ["]
lines += [f'  {{form: "{form}", case: {text(einsum_case(form, *shapes))}}},' for form, *shapes in einsum_cases]
(FOLDER / "einsum.mlx").write_text("\n".join(lines + ["]"]) + "\n")
