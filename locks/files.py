"""Files that people sent, given back to those who may have them, under a name that tells nothing."""

from pathlib import PurePath

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404

from lasrutin.ids import new_public_id

_TYPES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg"}


def send_file(stored: FieldFile) -> FileResponse:
    """Answer with a stored file. The browser shows it in a frame of its own and keeps no copy."""
    name = stored.name or ""
    ending = PurePath(name).suffix
    if ending not in _TYPES or not stored.storage.exists(name):
        raise Http404
    answer = FileResponse(stored.open("rb"), content_type=_TYPES[ending], filename=f"{new_public_id()}{ending}")
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
