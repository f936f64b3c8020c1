"""Which letters may stand for which: same script, same case."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

DIGITS = "0123456789"
LOWER = "abcdefghijklmnopqrstuvwxyz"
UPPER = LOWER.upper()
ACCENTED_LOWER = "áâàäåæãçčćéèêëěíîïłñńóôòöøõřśšúûùüýžź"
ACCENTED_UPPER = ACCENTED_LOWER.upper()
HEX_LOWER = "0123456789abcdef"
HEX_UPPER = "0123456789ABCDEF"

# Frequent characters of names and everyday text, so that what comes out can be displayed anywhere.
HAN = (
    "安宝斌博昌超辰诚春达丹德东恩帆方飞芬峰福刚高光广桂国海涵汉航和鹤恒红宏华怀辉慧吉佳坚建江杰金锦晶静军君凯康可坤兰乐蕾立丽莉良林"
    "玲龙璐洛茂梅美萌敏明娜楠宁培鹏平琪倩强巧芹青清庆秋泉仁荣蓉瑞森珊尚胜诗思松素涛天田婷廷彤薇维伟文武希曦夏贤翔晓欣新鑫兴秀旭雪雅岩艳阳"
)
_SCRIPTS: tuple[tuple[int, int, str], ...] = (
    (0x0386, 0x03AB, "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"),
    (0x03AC, 0x03CE, "αβγδεζηθικλμνξοπρστυφχψω"),
    (0x0400, 0x042F, "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ"),
    (0x0430, 0x045F, "абвгдежзиклмнопрстуфхцчшэюя"),
    (0x0531, 0x0556, "ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈ"),
    (0x0561, 0x0586, "աբգդեզէըթժիլխծկհձղճմյնշո"),
    (0x05D0, 0x05EA, "אבגדהוזחטיכלמנסעפצקרשת"),
    (0x0620, 0x06D3, "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    (0x0904, 0x0939, "अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह"),
    (0x0985, 0x09B9, "অআইউএওকখগঘচছজঝটঠডঢণতথদধনপফবভমযরলশষসহ"),
    (0x0B85, 0x0BB9, "அஆஇஈஉஊஎஏஐஒஓஔகஙசஞடணதநபமயரலவழளறன"),
    (0x0E01, 0x0E2E, "กขคงจฉชซญณดตถทธนบปผพฟมยรลวศสหอ"),
    (0x10D0, 0x10F0, "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"),
    (
        0x3041,
        0x3096,
        "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ",
    ),
    (
        0x30A1,
        0x30FA,
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ",
    ),
    (0x3400, 0x9FFF, HAN),
    (
        0xAC00,
        0xD7A3,
        "강건경광규기나다동라마미민바배백병보사상서선성소수숙순승시신아안애연영예오용우원유은이인자장재정제조종주준지진창채철",
    ),
    (0xF900, 0xFAFF, HAN),
    (0x20000, 0x3134F, HAN),
)


@lru_cache(maxsize=4096)
def alphabet_of(char: str) -> str:
    """Return the letters or digits that may stand for a character; empty when it stays as it is."""
    if char.isascii():
        if char.isdecimal():
            return DIGITS
        if char.isalpha():
            return UPPER if char.isupper() else LOWER
        return ""
    category = unicodedata.category(char)
    if category[0] == "N":
        return DIGITS
    if category[0] != "L":
        return ""
    point = ord(char)
    for first, last, letters in _SCRIPTS:
        if first <= point <= last:
            return letters
    return ACCENTED_UPPER if char.isupper() else ACCENTED_LOWER


def is_cjk(char: str) -> bool:
    """Tell whether a character belongs to a script that is written without spaces between words."""
    point = ord(char)
    return (
        0x3041 <= point <= 0x9FFF
        or 0xAC00 <= point <= 0xD7A3
        or 0xF900 <= point <= 0xFAFF
        or (0x20000 <= point <= 0x3134F)
    )
