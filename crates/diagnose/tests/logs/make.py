"""Makes small real logs with the libraries that write them, and what each must read as.

    python make.py [LIBRARY ...]

Logs land beside this file, one folder for each library. `expected/NAME.json` holds the numbers as
the library had them in memory (history objects, callbacks), never as read back from the log.
Libraries: requirements.txt. A library that is not installed is skipped and named.
"""

import importlib
import sys

LIBRARIES = (
    "keras torch lightning transformers fastai ultralytics trees mlflow by_hand wild "
    "textbook_keras textbook_torch textbook_trees burn"
).split()

if __name__ == "__main__":
    for library in sys.argv[1:] or LIBRARIES:
        try:
            maker = importlib.import_module(f"makers.{library}_logs")
        except ImportError as error:
            print(f"SKIPPED {library}: {error}")
            continue
        maker.make()
        print(f"made {library}")
