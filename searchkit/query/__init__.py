"""
Which documents answer, and where do they say it?

``language`` reads what was typed, ``evaluate`` finds and scores, ``rank``
orders, ``passages`` shows where, and ``search`` puts them together.
"""
