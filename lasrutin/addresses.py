"""Addresses that a form or a link names to go on to."""

from django.utils.http import url_has_allowed_host_and_scheme

_LONGEST = 500


def own_address(address: str) -> str:
    """Return an address within the product as it is, a path that begins at the root; of any other nothing."""
    if not address.startswith("/") or len(address) > _LONGEST or "\0" in address:
        return ""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""
