"""People of twenty-two places: names, addresses and telephone numbers as they are written there.

In a format ``#`` is a digit and ``@`` a letter. All of it is made up.
"""

from __future__ import annotations

import random
from typing import NamedTuple


class Locale(NamedTuple):
    """How people of one place are called and where they live."""

    code: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    streets: tuple[str, ...]
    """With ``{n}`` for the number of a house."""
    cities: tuple[str, ...]
    postcode: str
    phones: tuple[str, ...]
    order: str = "{first} {last}"


def _locale(line: str) -> Locale:
    code, first, last, streets, cities, postcode, phones, *order = (part.strip() for part in line.split("|"))
    lists = [tuple(item.strip() for item in text.split(",")) for text in (first, last, streets, cities)]
    numbers = tuple(item.strip() for item in phones.split(","))
    return Locale(code, lists[0], lists[1], lists[2], lists[3], postcode, numbers, *order)


_LINES = """
en-US | Wendell, Marisol, Tyrone, Kaylee, Brandi, Desmond | Hathaway, Ruiz, O'Connor, Washburn, Delgado-Fox, Pruitt | {n} Larkspur Lane, {n} Old Mill Rd Apt 4B, {n} W 23rd Street, {n} Cedar Creek Blvd | Tulsa, Baton Rouge, Spokane, Duluth | ##### | (2##) 5##-####, 3##-2##-####, +1 4## 3## ####, +12125#####4
en-GB | Alistair, Imogen, Rhys, Saoirse, Nigel, Philippa | Featherstone, McAllister, Blackwood, Okonkwo, Pemberton, Griffiths | {n} Rosebery Avenue, Flat 2 {n} Castle Terrace, {n} The Crescent | Leeds, Stoke-on-Trent, Inverness, Swansea | @@# #@@ | 020 7### ####, +44 7### ######, 0161 4## ####, 07### ######
en-AU | Lachlan, Matilda, Bronte, Jarrah, Darcy | Nguyen, Whitlam, Kowalczuk, Fraser, Papadakis | {n} Banksia Street, Unit 5/{n} Harbour Rd, {n} Wattle Grove | Geelong, Toowoomba, Fremantle | #### | +61 4## ### ###, (03) 9### ####, 04## ### ###
en-IN | Aarav, Priyanka, Venkatesh, Lakshmi, Harpreet | Iyer, Chatterjee, Reddy, Bhattacharya, Gill | Flat {n} Shanti Niwas, {n} M G Road, {n} Linking Road Bandra | Pune, Coimbatore, Lucknow | ###### | +91 98### #####, +91-9#########, 098########
de-DE | Ulrike, Jörg, Heinz-Peter, Mareike, Gisela | Schönfeld, Brückner, von Stetten, Krämer, Weiß | Lindenstraße {n}, Am Alten Markt {n}, Königsallee {n}a | Göttingen, Halle (Saale), Würzburg | ##### | +49 171 #######, 0711 ######, 030/#######, 0049 89 ######
fr-FR | Élodie, Thibault, Jean-Baptiste, Maëlys, Gwenaëlle | Lefèvre, de la Tour, Bouchard, N'Diaye, Béranger | {n} rue des Lilas, {n} bis avenue Foch, {n} chemin du Moulin | Saint-Étienne, Nîmes, Béziers | ##### | 06 ## ## ## ##, +33 6 ## ## ## ##, 01.4#.##.##.##
es-ES | Íñigo, Montserrat, Begoña, Álvaro, Rocío | Echeverría, Núñez Pardo, del Castillo, Ibáñez, Ortuño | Calle Mayor {n}, Avda. de la Paz {n}, Plaza de España {n} | Logroño, Cádiz, A Coruña | ##### | +34 6## ### ###, 91# ## ## ##, 6## ## ## ##
it-IT | Ginevra, Niccolò, Fiammetta, Gianluca, Rosaria | D'Angelo, Esposito, Lo Presti, Bevilacqua, Cattaneo | Via Garibaldi {n}, Corso Vittorio Emanuele {n}, Piazza Duomo {n} | Forlì, L'Aquila, Bergamo | ##### | +39 3## ### ####, 06 ########, 3## #######
nl-NL | Sjoerd, Marijke, Femke, Joost, Anouk | van den Heuvel, de Vries, 't Hooft, Bakker, Dijkstra | Keizersgracht {n}, Dorpsstraat {n}, Van Goghlaan {n} | Den Bosch, Leeuwarden, Zwolle | #### @@ | +31 6 ########, 020-#######, 06-########
pl-PL | Zbigniew, Małgorzata, Świętosław, Jagoda, Łukasz | Wiśniewska, Brzęczyszczykiewicz, Zając, Dąbrowski, Król | ul. Mickiewicza {n}, al. Jerozolimskie {n}, ul. Długa {n} | Łódź, Rzeszów, Białystok | ##-### | +48 6## ### ###, 5## ### ###, 22 ### ## ##
cs-CZ | Květoslava, Zdeněk, Bohumil, Šárka, Vojtěch | Procházková, Dvořák, Růžička, Šťastný, Říha | Nádražní {n}, Husova {n}, Na Příkopě {n} | Plzeň, České Budějovice, Olomouc | ### ## | +420 7## ### ###, 6## ### ###
pt-BR | Thaís, João Vitor, Conceição, Anderson, Raíssa | Guimarães, da Silva, Albuquerque, Nogueira, Brandão | Rua das Acácias {n}, Av. Paulista {n}, Travessa São José {n} | Belém, São Luís, Florianópolis | #####-### | (11) 9####-####, +55 21 9#### ####
sv-SE | Åsa, Göran, Linnéa, Torbjörn, Malin | Söderström, Ekblad, Åkesson, Lindqvist, Nyström | Storgatan {n}, Kungsvägen {n}, Björkstigen {n} | Umeå, Västerås, Norrköping | ### ## | +46 70 ### ## ##, 070-### ## ##
tr-TR | Gülşen, Çağrı, Şebnem, Oğuzhan, İlknur | Yıldırım, Öztürk, Karadağ, Şimşek, Güneş | Atatürk Cad. No: {n}, Çiçek Sokak {n}, İnönü Bulvarı {n} | İzmir, Eskişehir, Şanlıurfa | ##### | +90 5## ### ## ##, 0 532 ### ## ##
ru-RU | Наталья, Ярослав, Людмила, Геннадий, Ксения | Кузнецова, Бондаренко, Соловьёв, Щербаков, Юдина | ул. Ленина {n}, проспект Мира {n}, Садовая улица {n} | Казань, Нижний Новгород, Тверь | ###### | +7 9## ### ## ##, 8 (495) ###-##-##
el-GR | Χαράλαμπος, Δέσποινα, Ευάγγελος, Ασημίνα | Παπαδόπουλος, Γεωργίου, Οικονόμου, Ξυδάκη | Λεωφόρος Αλεξάνδρας {n}, Οδός Ερμού {n} | Θεσσαλονίκη, Ηράκλειο, Πάτρα | ### ## | +30 69# ### ####, 210 #######
ar-EG | خديجة, عبد الرحمن, ياسمين, مصطفى | الحسيني, بن خالد, المنصوري, شاهين | شارع التحرير {n}, {n} طريق النيل | الإسكندرية, أسوان, المنصورة | ##### | +20 10# ### ####, 010########
hi-IN | सुनीता, राजेश, अनुष्का, विक्रम | शर्मा, पाण्डेय, चौहान, त्रिपाठी | {n} गांधी मार्ग, मकान {n} नेहरू नगर | वाराणसी, जयपुर, भोपाल | ###### | +91 9#### #####, 09#########
zh-CN | 秀英, 建国, 雨欣, 浩然, 晓燕 | 王, 欧阳, 司马, 诸葛, 林 | 人民路{n}号, 中山大道{n}号3栋, 朝阳区建国路{n}号 | 成都, 哈尔滨, 石家庄 | ###### | 139########, +86 137 #### ####, 188-####-#### | {last}{first}
ja-JP | さくら, 健太郎, 美咲, 翔太 | 佐藤, 長谷川, 渡辺, 小林 | 中央区銀座{n}-5, 本町{n}丁目2番 | 札幌市, 横浜市, 那覇市 | ###-#### | 090-####-####, +81 90 #### ####, 03-####-#### | {last} {first}
ko-KR | 민준, 서연, 지후, 하은 | 김, 박, 최, 황보 | 테헤란로 {n}, 세종대로 {n}길 12 | 부산, 대전, 수원시 | ##### | 010-####-####, +82 10 #### #### | {last}{first}
vi-VN | Thị Hồng, Văn Đức, Ngọc Ánh, Quốc Bảo | Nguyễn, Trần, Phạm, Đỗ | {n} Đường Lê Lợi, {n} Phố Huế | Đà Nẵng, Cần Thơ, Huế | ###### | +84 9# ### ## ##, 09## ### ### | {last} {first}
"""

LOCALES: tuple[Locale, ...] = tuple(map(_locale, _LINES.strip().splitlines()))

_ASCII = str.maketrans("äöüßéèëçñáíóúãõåøłśžřěčšýůğışāï", "aousseeecnaiouaoaolszrecsyugisai"[:31])


def filled(chance: random.Random, form: str) -> str:
    """Put digits and letters into a format."""
    out = []
    for char in form:
        if char == "#":
            out.append(chance.choice("0123456789"))
        elif char == "@":
            out.append(chance.choice("ABDEFGHJLNPRSTUWXYZ"))
        else:
            out.append(char)
    return "".join(out)


def full_name(chance: random.Random, locale: Locale) -> str:
    """Return the name of somebody."""
    return locale.order.format(first=chance.choice(locale.first), last=chance.choice(locale.last))


def street(chance: random.Random, locale: Locale) -> str:
    """Return a street with the number of a house."""
    return chance.choice(locale.streets).format(n=chance.randrange(1, 240))


def phone(chance: random.Random, locale: Locale) -> str:
    """Return a telephone number."""
    return filled(chance, chance.choice(locale.phones))


def handle(chance: random.Random, locale: Locale) -> str:
    """Return what somebody logs in as."""
    word = chance.choice(locale.first).lower().translate(_ASCII)
    word = "".join(char for char in word if char.isascii() and char.isalpha()) or "nomad"
    return f"{word}{chance.choice(['', '_', '.'])}{chance.randrange(10, 9999)}"


def email(chance: random.Random, locale: Locale) -> str:
    """Return an address at a public or internal host."""
    host = chance.choice(("posteo.de", "corp.internal", "uni-mail.ac.uk", "mail.ru", "qq.com", "web.de"))
    return f"{handle(chance, locale)}@{host}"
