"""Contents that the recorded project keeps as blobs, and notebooks to write."""

import json

from nbcairn.values import pack

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
KEPT = pack([1, 2, 3]).content


def write_notebook(path, *sources, executed=True):
    cells = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": n if executed else None,
        }
        for n, source in enumerate(sources, 1)
    ]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path
