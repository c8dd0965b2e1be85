"""``python -m searchkit`` is the ``searchkit`` command."""

from searchkit.cli.app import main

if __name__ == "__main__":
    main()
