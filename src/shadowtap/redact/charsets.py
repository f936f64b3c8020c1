"""Character sets: which are understood, and text out of bytes without loss."""

from __future__ import annotations

from typing import NamedTuple

from shadowtap.exceptions import UnsupportedBody

# A table and not codecs.lookup(), which remembers every name that it was ever asked for.
_CODECS: dict[str, str] = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("utf-16", "utf16"), "utf-16"),
    **dict.fromkeys(("utf-16le", "utf-16-le"), "utf-16-le"),
    **dict.fromkeys(("utf-16be", "utf-16-be"), "utf-16-be"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin-1", "latin1"), "latin-1"),
    **{f"iso-8859-{part}": f"iso8859-{part}" for part in (*range(2, 12), *range(13, 17))},
    **{f"windows-{page}": f"cp{page}" for page in range(1250, 1259)},
    **{f"cp{page}": f"cp{page}" for page in range(1250, 1259)},
    **dict.fromkeys(("gbk", "gb2312", "cp936", "x-gbk"), "gbk"),
    "gb18030": "gb18030",
    "big5": "big5",
    **dict.fromkeys(("shift-jis", "sjis", "x-sjis", "windows-31j", "cp932"), "cp932"),
    "euc-jp": "euc-jp",
    **dict.fromkeys(("euc-kr", "ks-c-5601-1987", "windows-949", "cp949"), "cp949"),
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
}
_MARK = "\ufeff"
_UTF_16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class Text(NamedTuple):
    """A text that was read from bytes."""

    mark: str
    """The byte order mark at its beginning, if there was one."""
    text: str
    codec: str

    def encoded(self, fresh: str) -> bytes:
        """Return another text in the same character set; what that does not have becomes a question mark."""
        return (self.mark + fresh).encode(self.codec, "replace")


def codec_of(charset: str) -> str:
    """Return Python's name of a character set, or raise ``UnsupportedBody``."""
    try:
        return _CODECS[charset.lower().replace("_", "-")]
    except KeyError:
        raise UnsupportedBody("body: character set is not understood") from None


def utf_16_of(content: bytes) -> str:
    """Return the UTF-16 that a byte order mark tells; empty without one."""
    return _UTF_16_MARKS.get(content[:2], "")


def read(content: bytes, codec: str) -> Text:
    """Return the text that bytes say; raise ``UnsupportedBody`` unless the text says those bytes too."""
    if codec == "utf-16":
        codec = utf_16_of(content)
        if not codec:
            raise UnsupportedBody("body: UTF-16 without a byte order mark")
    try:
        text = content.decode(codec)
        lossless = codec == "utf-8" or text.encode(codec) == content
    except UnicodeError:
        lossless, text = False, ""
    if not lossless:
        raise UnsupportedBody("body: not in its character set")
    mark = _MARK if text.startswith(_MARK) else ""
    return Text(mark, text.removeprefix(mark), codec)
