"""Run the command line: `python -m creditgate`."""

from creditgate.cli.main import main

if __name__ == "__main__":
    main()
