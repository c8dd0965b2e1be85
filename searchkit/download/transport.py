"""
By what way does a request go, and what is said when it fails on the way?

The one place that knows urllib3's connections and exceptions. It is loaded
with the first request, not with the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

if TYPE_CHECKING:
    from urllib3 import PoolManager
    from urllib3.exceptions import HTTPError


def http_error() -> type[HTTPError]:
    """Return the class of all that urllib3 raises."""
    from urllib3.exceptions import HTTPError

    return HTTPError


def pool_for(scheme: str, host: str, *, connect_s: float, read_s: float) -> PoolManager:
    """Return connections to *host*, or to the proxy that the environment names for it."""
    from urllib3 import PoolManager, ProxyManager, Timeout
    from urllib3.util import make_headers

    timeout = Timeout(connect=connect_s, read=read_s)
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or proxy_bypass(host):
        return PoolManager(num_pools=4, timeout=timeout)
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    user = urlsplit(proxy)
    login = None
    if user.username:
        login = make_headers(
            proxy_basic_auth=f"{unquote(user.username)}:{unquote(user.password or '')}"
        )
    return ProxyManager(proxy, num_pools=4, timeout=timeout, proxy_headers=login)


def is_disconnected(reason: Exception) -> bool:
    """Tell whether there was no connection at all."""
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError

    return isinstance(reason, ConnectTimeoutError | NewConnectionError | ProxyError)


def told(reason: Exception) -> str:
    """Say what went wrong with a connection in words, not in names of objects."""
    from urllib3 import exceptions as http

    cause = reason.__cause__ or reason.__context__
    match reason:
        case http.NameResolutionError():
            return "its name cannot be resolved"
        case http.ProxyError():
            return f"the proxy refuses ({told(reason.original_error)})"
        case http.NewConnectionError():
            return _system_reason(cause) or "no connection"
        case http.ConnectTimeoutError():
            return "no connection in time"
        case http.ReadTimeoutError():
            return "no answer in time"
        case http.SSLError():
            return f"no trusted connection ({_system_reason(reason.args[0]) or reason})"
        case http.DecodeError():
            return "the answer cannot be decompressed"
        case http.ProtocolError():
            return "the connection broke"
    return str(reason)


def _system_reason(error: object) -> str:
    return (getattr(error, "strerror", None) or "") if isinstance(error, OSError) else ""
