"""Words that stand beside the telling ones in the names of fields, in lower case and without accents."""

from __future__ import annotations

from collections.abc import Iterable

from shadowtap.redact import entities
from shadowtap.redact.key_spelling import fold, words_of
from shadowtap.redact.vocabulary import asian, english, european


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


VOCABULARIES = (asian.KINDS, european.KINDS, english.KINDS)

LINKERS: frozenset[str] = _set(
    "de del di du des da do dos das d of the la le el l der die das van vom von zum zur am for to y e et und"
)
"""Words that join others and tell nothing."""


def _phrases() -> dict[str, str]:
    found: dict[str, str] = {}
    for kinds in VOCABULARIES:
        for kind, phrases in kinds.items():
            for words in map(words_of, fold(phrases).split()):
                found["".join(words)] = kind
                bare = [word for word in words if word not in LINKERS]
                if len(bare) > 1 and len(bare[0]) > 1:
                    found["".join(bare)] = kind
    return found


def _phrase_words() -> Iterable[str]:
    return (word for kinds in VOCABULARIES for phrases in kinds.values() for word in words_of(fold(phrases)))


FIELD_KINDS: dict[str, str] = _phrases()
"""Field name, its words without separators, to entity."""

LONGEST_PHRASE = 5
"""Words of such a name that are looked up together."""

AMBIGUOUS: frozenset[str] = _set(
    """
    cap cep cp cc pan tan ein sin fin rut nip dic pis nis rib aba mel pec hp ani social born portable plate
    session auth card pass login line cell ort plaats kart spi ine ano posta nota note cookie signature sig
    house building locality voie commune titular patente targa placa matricule matricula polis pin ip conto
    compte konto nick handy mail vin bp run ktn utr dl tel 市 县 성 명
    """
)
"""Words that tell only if nothing but an owner stands before them: a ``market_cap`` is no postal code."""

PERSONS: frozenset[str] = _set(
    """
    user customer client person patient contact employee member subscriber passenger guest traveler traveller
    student teacher doctor nurse driver owner holder buyer seller purchaser shopper sender receiver recipient
    author reviewer beneficiary applicant candidate tenant landlord resident visitor attendee participant
    player donor borrower debtor creditor insured policyholder claimant dependent dependant spouse child
    parent mother father husband wife guardian relative friend profile cardholder accountholder signer
    signatory witness practitioner individual staff agent operator lead prospect caller addressee consignee
    payer payee shipping billing ship bill delivery kunde nutzer benutzer mitarbeiter patientin cliente
    usuario utilisateur persona personne empleado 用户 客户 患者 会员 员工 买家 卖家 学生 司机 乘客 申请人
    配偶 payor drawer assignee requester requestor reporter attendant companion traveller pupil trainee
    intern founder director trustee nominee heir hostess organizer organiser speaker instructor coach nanny
    caretaker volunteer subscriber partner sibling brother sister son daughter grandparent reviewer editor
    commenter rider courier cashier clerk officer deputy manager supervisor colleague coworker besteller
    kaufer kaeufer verkaufer absender fahrer schuler student angehoriger ehepartner vater mutter arzt gast
    mieter vermieter versicherter antragsteller mitglied acheteur vendeur client patiente conducteur eleve
    etudiant locataire assure adherent salarie employe conjoint enfant pere mere proprietaire demandeur
    abonne membre comprador vendedor conductor paciente alumno estudiante inquilino asegurado propietario
    solicitante trabajador conyuge hijo padre madre huesped miembro pasajero utente acquirente venditore
    paziente autista studente dipendente inquilino socio assicurato passeggero richiedente coniuge comprador
    aluno funcionario motorista hospede passageiro responsavel klant gebruiker koper werknemer patient
    huurder klient uzytkownik pracownik pacjent zakaznik uzivatel pacient zamestnanec kund anvandare kunde
    bruger bruker asiakas ugyfel musteri kullanici клиент пользователь пациент покупатель сотрудник студент
    pelanggan pengguna pasien karyawan anggota khach_hang khach nguoi_dung benh_nhan 고객 사용자 회원 환자
    お客様 顧客 利用者 会員 患者 guarantor cosigner cardmember dependents
    """
)
"""Things that have a person's name."""

BEARERS: frozenset[str] = PERSONS - _set(
    "shipping billing ship bill delivery profile lead agent operator driver courier manager editor author"
    " staff socio"
)
"""Under such a name alone stands the person's name, if anything that looks like one does."""

NAME_PARTS: frozenset[str] = _set(
    """
    first last given family middle full sur maiden legal real birth second prefix initial text preferred
    former formatted official nick display christian personal paternal maternal father mother fathers mothers
    spouse paterno materno pila completo completa famille naissance jeune fille usage proprio social depan
    belakang lengkap krestni primer primero segundo ultimo primeiro vor nach ruf geburts vollstandiger
    vollstaendiger volledige kana kanji katakana hiragana romaji phonetic latin local native english
    """
)
"""What stands before ``name``, or inside an object of that name, when it is a person's."""

NAMES: frozenset[str] = _set(
    "name nom nombre nome namen naam namn navn jmeno nimi nama adi nm имя ονομα 名前 名 명"
)
"""The word for a name, whose bearer must be told from its surroundings."""

HEAD_FIRST: frozenset[str] = _set(
    """
    correo telefono apellido apellidos direccion adresse mail email phone mobile iban address nom prenom
    nombre cognome indirizzo endereco telefone senha contrasena cuenta compte tarjeta celular movil
    numero_telephone adres telefon nazwisko imie jmeno prijmeni documento pasaporte passeport codigo_postal
    domicilio calle ciudad ville alamat nomor_telepon hasla haslo heslo адрес телефон номер_телефона фамилия
    имя пароль dia_chi so_dien_thoai ho_ten
    """
)
"""Words that tell when they come first, whatever follows: ``telefono_vivienda``, ``nom_beneficiaire``."""

LOOSE_HEADS: frozenset[str] = frozenset(
    {
        entities.EMAIL,
        entities.PHONE,
        entities.CARD,
        entities.IBAN,
        entities.SSN,
        entities.BIRTH,
        entities.PERSON,
    }
)
"""What is told by its name and then by its form, so that an unknown word may follow: ``surname_kana``."""

BIRTH_WORDS: frozenset[str] = _set(
    """
    birth born dob birthday birthdate geburt geburts geburtstag naissance nacimiento nascita nascimento
    geboorte urodzenia narozeni fodelse fodsels dogum рождения lahir sinh szuletesi γεννησης nasterii
    rodjenja 出生
    """
)
BIRTH_HEADS: dict[str, str] = {
    word: kind
    for kind, words in {
        entities.BIRTH: """
            date day month year dt on at datum tag jahr monat jour mois annee fecha dia mes ano data giorno
            mese anno dato dag ar rok dzien miesiac den mesic tarihi gun gunu yil дата день год месяц tanggal
            tgl bulan tahun ngay thang nam 日期 年月 年 月 日 time
            """,
        entities.CITY: """
            place city town location ort stadt lieu ville commune lugar ciudad luogo comune citta local
            cidade plaats miejsce miasto misto mesto ort sted yeri место город tempat noi hely 地 地点
            """,
        entities.PERSON: "name names surname nom nombre nome namen naam nazwisko prijmeni",
    }.items()
    for word in fold(words).split()
}
"""What stands beside a word for birth, and what the two are together."""

JOINING: frozenset[str] = _set(
    "id date code key line street city place year token secret login zip postal account holder"
)
"""Words that may complete the name of the object around them: ``device: {id}``."""

THINGS: frozenset[str] = _set(
    """
    product file category template item sku brand app application service host server domain event class
    table column field index queue topic bucket repo repository branch tag package module function method key
    project team organization organisation org company merchant store shop vendor supplier bank school
    department plan tier feature flag role group permission scope policy rule campaign segment list variant
    option attribute property metric dashboard report page route path view layout theme color colour size
    style font image icon country state region province county currency language locale timezone unit type
    kind status action step stage task job workflow pipeline build release version environment env cluster
    node device model make source target channel medium browser os platform carrier course lesson book song
    album artist movie game team league collection catalog catalogue warehouse location venue hotel room
    restaurant dish recipe ingredient drug medication display schema database folder directory bundle coupon
    promotion discount offer produkt artikel datei kategorie producto archivo produit fichier 商品 产品 分类
    operation query mutation procedure command line entry lineitem goods merchandise part component asset
    attachment document article post blog news section chapter lesson plugin extension function param
    parameter setting cookie rule test suite case sensor machine vehicle car ship room table menu button link
    tab screen widget chart series dataset model layer instance container image pod namespace volume job cron
    script program software hardware collection gallery photo video track playlist show episode season genre
    skill badge award survey question form template webhook integration api urun dosya productname marke
    firma unternehmen verein abteilung projekt ware bestellung entreprise societe projet categorie empresa
    tienda proyecto categoria marca tarea negozio azienda prodotto progetto categoria produto empresa loja
    arquivo bedrijf bestand produkt firma plik projekt soubor товар продукт файл компания категория проект
    produk perusahaan toko barang san_pham cong_ty 公司 企业 店铺 商户 类目 文件 项目 活动 课程 店 门店 品牌
    部门 会社 商品 製品 企業 店舗 部署 회사 상품 제품 파일 매장
    """
)
"""Things whose name is nobody's. What people do (orders, payments, bookings) often bears theirs: not here."""

VETOES: frozenset[str] = _set(
    """
    verified confirmed validated template type kind count enabled disabled valid required allowed optional
    format policy model status state length size min max limit ttl expires expiry expiration expire brand
    scheme network provider vendor version level category visible visibility private public hidden default
    opt optin optout subscribed subscription consent notifications notification preference preferences
    settings setting config at on count total index order sort position attempts retries strength changed
    updated created timestamp url uri href link path flag only same matches match label placeholder prefix
    suffix pattern regex mask carrier score rank rate ratio percent area currency balance amount limit issuer
    bin method mode algorithm alg endpoint domain page cursor usage budget verification friendly responsive
    duration start end started ended starts ends begin time date datetime day interval period length strength
    age lifetime validity valid validation failed failure success result error errors exists present missing
    available availability accepted declined approved pending blocked locked unlocked masked tokenized taken
    unique reset change changes request requests response rules rule requirement requirements hint help
    policy service services server gateway backend library plugin app application feature features language
    locale timezone tz country region state charset encoding size width height color icon image logo book
    list group groups role roles permission permissions tracking campaign template body header footer
    frequency channel queue topic event events action actions reason quality source origin target rank
    priority weight rating confidence threshold quota report search filter query column index table schema
    class tag tags title description visibility sharing lookup check required supported unsupported provided
    submitted sent delivered opened clicked bounced attempt model plan os typ art anzahl laenge lange gultig
    gueltig status datum zeit uhrzeit version statut actif valide verifie tipo estado cantidad fecha hora
    valido verificado activo formato stato quantita tempo verificato attivo ativo quantidade validade soort
    aantal geldig rodzaj ilosc czas stav pocet platnost tip durum sayisi тип статус дата количество jenis
    jumlah waktu loai trang_thai 类型 类别 状态 时间 日期 数量 金额 名称 次数 等级 模板 标题 编码 方式 地区
    种类 種類 件数 日時 区分 유형 상태 시간 일시 개수
    """
)
"""A name that ends in one of these is about the thing and does not hold it."""

NEUTRAL: frozenset[str] = _set(
    """
    casa trabajo privat maison bureau domicile value values val data text string str raw input field new old
    current previous prev next confirm confirmation repeat again retype primary secondary main alt alternate
    alternative other home work office business personal private day night daytime evening emergency billing
    shipping delivery mailing contact last first second third original default full formatted masked hash
    hashed encrypted plain my your his her no num nr nbr number nummer numero numer numara cislo nomor nomer
    hao haoma номер 番号 번호 号 号码 號碼 號 hex b64 base64 md5 sha1 sha256 bcrypt tmp temp form req param
    field fields input arg attr prop local foreign international intl e164 digits short long line part one
    two three backup recovery reserve cleartext clear decrypted lower upper normalized canonical sanitized
    trimmed ascii utf8 latin kana kanji romaji display preferred active latest final real actual legal
    official registered permanent temporary residential postal invoice invoicing payment payout refund pickup
    dropoff drop return destination sender source from to ship bill sold in out x p verify trabalho privado
    particular zuhause geschaftlich geschaeftlich privee perso professionnel facturacion envio entrega
    facturation livraison fatturazione spedizione cobranca lieferung rechnung krank kranken renten haupt neu
    neue neues neuer alt alte altes aktuelle nouveau nouvelle ancien ancienne actuel nueva nuevo actual
    antigua nova novo nuova nuovo vecchia nieuw nieuwe nowe nowy nove novy yeni eski новый старый 新 旧 原
    当前 登录 短信 我的 客户 联系 买家 收货 确认 再次 支付 新しい 現在の 確認 새 현재 값 baru lama moi cu
    """
)
"""Words beside the telling one that do not change what a field holds."""

OPAQUE: frozenset[str] = _set("id ids uuid uid guid ref refs reference pk fk slug key keys")
"""What is stored of something elsewhere, and not the thing itself: ``address_id``."""

ABOUT: frozenset[str] = _set(
    """
    is has can should must may was were are did does show hide allow enable disable require requires use uses
    send skip ignore include exclude max min num count total avg sum last_n tipo typ type estado status
    statut stato tiene es anzahl cantidad fecha date updated created verified valid supported accepted
    available 是否 类型
    """
)
"""Words that, when they come first, make a name one about the thing: ``tipo_documento``, ``has_phone``."""

KEPT_TEXT: frozenset[str] = _set(
    """
    country countrycode countryname state region province county territory currency currencycode language
    lang locale timezone tz status type kind category subcategory brand model color colour size unit plan
    tier role method level priority severity format mode protocol platform os browser channel carrier
    material gender department version build release revision orderby sortby scope scopes grant algorithm
    mimetype contenttype encoding charset useragent
    """
)
"""Fields whose values come from a short list and may be of several words."""

TITLES: frozenset[str] = _set(
    """
    title headline heading caption label subtitle summary titel titre titulo titolo bezeichnung designation
    nazwa nazev название 标题 名称 商品名 品名 件名 상품명
    """
)
"""What a thing is called by: a label, and no free text."""

VERSIONS: frozenset[str] = _set("version build release revision firmware semver ver useragent ua kernel")
"""Where four numbers with dots are no address."""

ITEM_NUMBERS: frozenset[str] = _set("ean ean13 gtin gtin13 upc barcode isbn isbn13 jan")
"""Where thirteen digits with the check digit of a trade item number are one."""

OPAQUE_POSITIONS: frozenset[str] = _set(
    """
    page cursor continuation pagination next prev sync offset max min num total count limit prompt completion
    input output reasoning
    """
)
"""Before ``token``: a place in a list or a number of words, and no credential."""

FIELD_WORDS: frozenset[str] = frozenset(FIELD_KINDS).union(
    PERSONS, NAME_PARTS, NAMES, THINGS, VETOES, NEUTRAL, KEPT_TEXT, VERSIONS, ITEM_NUMBERS, TITLES, OPAQUE
)


KNOWN_WORDS: frozenset[str] = FIELD_WORDS.union(
    LINKERS, BIRTH_WORDS, BIRTH_HEADS, ABOUT, (word for word in _phrase_words() if len(word) > 3)
)
"""What words that are run together may consist of."""
