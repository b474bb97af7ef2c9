"""A picture as Pillow writes, decodes and resizes it, written to picture.json.

Run: python3 picture.py > picture.json
"""

import io
import json

import numpy
import PIL
from PIL import Image

# Smooth colours and one hard edge, so that both decoding and resizing have something to do.
y, x = numpy.mgrid[0:16, 0:24]
pixels = numpy.stack([x * 10, y * 15, 255 - x * 5 - y * 5], axis=-1).astype(numpy.uint8)
pixels[4:9, 6:13] = [250, 20, 20]
picture = Image.fromarray(pixels)
file = io.BytesIO()
picture.save(file, "JPEG", quality=90)
decoded = Image.open(io.BytesIO(file.getvalue()))

print(
    json.dumps(
        {
            "versions": {"pillow": PIL.__version__, "numpy": numpy.__version__},
            "jpeg": list(file.getvalue()),
            "size": [16, 24],
            "decoded": numpy.asarray(decoded.convert("RGB")).ravel().tolist(),
            "pixels": pixels.ravel().tolist(),
            "gray": numpy.asarray(picture.convert("L")).ravel().tolist(),
            "resized": {
                f"{height}x{width}": numpy.asarray(
                    picture.resize((width, height), Image.Resampling.BILINEAR)
                )
                .ravel()
                .tolist()
                for height, width in [(8, 12), (5, 7), (32, 48), (20, 9)]
            },
        }
    )
)
