"""Names of files: somebody's words before the dot, the kind of the file after it."""

from __future__ import annotations

import re

from shadowtap.redact.keys import TEXT_FIELD
from shadowtap.redact.walk import Walk

# A list, because what stands after the last dot may be a surname too.
_ENDING = re.compile(
    r"(?:\.tar)?\.(?:7z|aac|apk|avi|avif|bak|bin|bmp|br|bz2|cfg|conf|css|csv|dat|db|dcm|doc|docm|docx|dwg|eml|epub|flac|gif|gz"
    r"|heic|heif|htm|html|ico|ics|ini|jfif|jpe?g|js|json|jsonl|kml|log|m4a|m4v|md|mkv|mov|mp3|mp4|mpe?g|msg|ndjson|odp|ods"
    r"|odt|ogg|opus|parquet|pdf|pem|png|ppt|pptx|psd|py|rar|rtf|sql|sqlite|svg|tar|tgz|tiff?|toml|tsv|ttf|txt|vcf|wav|webm|webp"
    r"|wmv|woff2?|xls|xlsm|xlsx|xml|xz|ya?ml|zip|zst)",
    re.IGNORECASE,
)
_LONGEST_ENDING = 12


def redact(name: str, walk: Walk) -> str:
    """Return the name of a file with its words replaced and its ending kept."""
    stem, ending = name, ""
    for dot in (name.rfind(".", 0, max(name.rfind("."), 0)), name.rfind(".")):
        if dot > 0 and len(name) - dot <= _LONGEST_ENDING and _ENDING.fullmatch(name, dot):
            stem, ending = name[:dot], name[dot:]
            break
    return walk.text(stem, TEXT_FIELD) + ending
