"""What all property tests of the project share."""

from __future__ import annotations

from hypothesis import settings

# The same examples on every run, and no deadline: the first use of the dictionary loads it.
settings.register_profile("searchkit", deadline=None, derandomize=True)
settings.load_profile("searchkit")
