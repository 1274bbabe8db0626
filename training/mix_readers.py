"""Makes a reader whose weights lie between those of two: one, and the one trained on from it.

    python -m training.mix_readers FROM TO FOLDER [--share 0.5]

FROM, TO: folders of readers as `train_reader` writes them. share: of TO.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from safetensors.torch import load_file, save_file

from training.export_encoder import mixed

_WEIGHTS = "model.safetensors"


def mix(begun: Path, trained: Path, folder: Path, share: float) -> None:
    """Writes the reader into a folder: float16, share in [0, 1] of the trained one."""
    weights = mixed(load_file(trained / _WEIGHTS), load_file(begun / _WEIGHTS), share)
    kept = {name: value.half().contiguous() for name, value in weights.items()}
    folder.mkdir(parents=True, exist_ok=True)
    save_file(kept, folder / _WEIGHTS, metadata={"format": "pt"})
    (folder / "config.json").write_bytes((trained / "config.json").read_bytes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    for name in ("begun", "trained", "folder"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--share", type=float, default=0.5)
    options = parser.parse_args()
    mix(options.begun, options.trained, options.folder, options.share)
