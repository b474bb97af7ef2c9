"""A picture in all eight EXIF orientations, as Pillow writes and turns it, written to orientation.json.

Run: python3 orientation.py > orientation.json
"""

import io
import json
import sys

import numpy
import PIL
from PIL import Image, ImageOps

ORIENTATION = 0x0112

# 8 rows of 12 pixels, whose four corners differ.
y, x = numpy.mgrid[0:8, 0:12]
pixels = numpy.stack([x * 20, y * 30, 255 - x * 10 - y * 10], axis=-1).astype(numpy.uint8)
pixels[:4, :4] = [250, 20, 20]
picture = Image.fromarray(pixels)


def turned(orientation, kind):
    """The file, and what a viewer shows."""
    exif = Image.Exif()
    # Cameras write both orders of bytes.
    exif.endian = "<" if orientation % 2 else ">"
    exif[ORIENTATION] = orientation
    exif[0x010F] = "a maker's name, so that the tag is not the first"
    file = io.BytesIO()
    picture.save(file, kind, exif=exif.tobytes(), **({"quality": 95} if kind == "JPEG" else {}))
    shown = numpy.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(file.getvalue()))))
    return {"orientation": orientation, "file": file.getvalue().hex(),
            "size": shown.shape[:2], "shown": shown.ravel().tolist()}


json.dump(
    {
        "versions": {"pillow": PIL.__version__, "numpy": numpy.__version__,
                     "python": sys.version.split()[0]},
        "jpeg": [turned(orientation, "JPEG") for orientation in range(1, 9)],
        "png": [turned(orientation, "PNG") for orientation in [3, 6]],
    },
    sys.stdout,
)
print()
