"""How fast is searchkit, beside its peers, in the same run? Run the ``bench_*.py`` files."""
