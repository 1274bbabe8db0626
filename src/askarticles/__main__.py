"""`python -m askarticles`."""

import sys

from askarticles.cli import main

if __name__ == "__main__":
    sys.exit(main())
