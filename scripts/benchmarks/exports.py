"""Lets other programs read what `export` wrote: ONNX's checker, onnxruntime on the same inputs (another batch size than the model
was initialised with), and PyTorch the tensors. Ends with 1 when one of them refuses or differs."""
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime
import safetensors.numpy
import safetensors.torch
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
TERN = ROOT / ".build/release/tern"
TOLERANCE = 2e-5


def compared(folder, name):
    path = folder / f"{name}.onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    pair = safetensors.numpy.load_file(folder / f"{name}.pair.safetensors")
    session = onnxruntime.InferenceSession(path)
    (out,) = session.run(None, {session.get_inputs()[0].name: pair["x"]})
    numbers = safetensors.torch.load_file(folder / f"{name}.safetensors")
    stored = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    assert all(numpy.array_equal(stored[key], value.numpy()) for key, value in numbers.items() if key in stored), "the numbers differ"
    assert out.shape == pair["y"].shape, f"{out.shape} for {pair['y'].shape}"
    return len(model.graph.node), float(numpy.max(numpy.abs(out - pair["y"]) / numpy.maximum(1, numpy.abs(pair["y"]))))


def back(folder):
    """What PyTorch writes, read by Tern."""
    tensors = {"layers.0.w": torch.randn(6, 8), "layers.0.b": torch.randn(8), "half": torch.randn(3).to(torch.bfloat16), "whole": torch.arange(4)}
    safetensors.torch.save_file(tensors, folder / "torch.safetensors")
    script = folder / "back.mlx"
    script.write_text('let tensors = load(args[0])\nfor [name, t] in items(tensors) { print("{name} {dtype(t)} {sum(cast(t, f64)):.6}") }\n')
    lines = subprocess.run([TERN, script, folder / "torch.safetensors"], capture_output=True, text=True, check=True).stdout.split("\n")
    for line in filter(None, lines):
        name, dtype, total = line.split()
        assert abs(float(total) - float(tensors[name].double().sum())) < 1e-5, line
    return len(tensors)


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([TERN, ROOT / "scripts/benchmarks/exports.mlx", folder], check=True)
        for path in sorted(folder.glob("*.onnx")):
            try:
                nodes, difference = compared(folder, path.stem)
                good = difference <= TOLERANCE
                print(f"{path.stem:<20} {nodes:4} nodes   differs by {difference:.1e}{'' if good else '   TOO MUCH'}")
            except Exception as error:
                good = False
                print(f"{path.stem:<20} REFUSED {str(error).splitlines()[0][:150]}")
            failed += not good
        print(f"{'torch → tern':<20} {back(folder):4} tensors")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
