"""
How does a file of one format become documents?

One module a format; each ends in ``READER``, and :mod:`searchkit.corpus.registry`
lists them. What all formats share lies beside this package: the bytes of a chunk
(:mod:`..blocks`), metadata and where it comes from (:mod:`..facts`), what a text
says of itself (:mod:`..letterhead`).
"""
