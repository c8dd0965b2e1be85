"""
What may a file be called that somebody else named?

Names from the network become names on this disk: no separators, no control
characters, nothing that Windows keeps for itself, no leading dot, and not too
long. What had to be changed gets a mark made of the whole name, so that two
names never become one.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\ud800-\udfff]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_NAME_BYTES_MAX = 180


def safe_name(name: str) -> str:
    """
    Return *name* as it can be the name of a file or folder on any system.

    >>> safe_name("sfs-1895-bih. 52 s. 1"), safe_name("2018/19")[:8]
    ('sfs-1895-bih. 52 s. 1', '2018_19-')
    """
    plain = unicodedata.normalize("NFC", name).encode("utf-8", "replace").decode("utf-8")
    safe = _UNSAFE.sub("_", plain).strip(" .~")
    if _RESERVED.match(safe) or not safe:
        safe = f"_{safe}"
    if safe == plain and len(safe.encode()) <= _NAME_BYTES_MAX:
        return safe
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    while len(safe.encode()) + len(mark) >= _NAME_BYTES_MAX:
        safe = safe[:-1]
    return f"{safe}-{mark}"


def split_address(url: object) -> tuple[str, str]:
    """
    Return the path and the query of an address that a server told; empty if it is none.

    >>> split_address("http://data.riksdagen.se/dokumentlista/?p=2"), split_address(None)
    (('/dokumentlista/', 'p=2'), ('', ''))
    """
    if not isinstance(url, str):
        return "", ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.path, parts.query
