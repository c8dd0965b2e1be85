"""
What does a person type?

One file a command: options become one library call, and its answer is
rendered. Nothing can be done here that the library cannot do.

Invariants:

- Data goes to stdout, everything about it (counts, notes, progress, errors)
  to stderr.
- The form of the output is decided by whether stdout is a terminal, its
  colour by ``--color``, ``NO_COLOR`` and ``TERM``: `terminal`.
- Text from documents passes through `terminal.pieces` or
  `terminal.visible` before it can reach a terminal.
- Every failure becomes a message and an exit code in one place: `failures`.
- Starting is quick: a command's module is imported when that command runs,
  rich only when there is a terminal to draw on.
"""
