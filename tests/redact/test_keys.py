from __future__ import annotations

import pytest

from shadowtap.redact import entities as e
from shadowtap.redact.key_spelling import words_of
from shadowtap.redact.keys import Fields, field_of, fields_in, is_field_word

TOLD = {
    e.EMAIL: """
        email e_mail eMail user_email userEmail UserEMailAddress user-email customeremail email2
        EMAIL mailAddress
    """,
    e.PHONE: """
        phone phone_number mobilePhone contact-phone homeTelephone phone1 billing_phone
        telefono_casa handynummer
    """,
    e.PERSON: """
        first_name firstName FIRSTNAME lastname family-name customerName name_of_customer holderName
        surname shipping_first_name nombre_cliente cardholder nameOnCard
    """,
    e.USERNAME: "username user_name userName loginName login nickname",
    e.STREET: """
        street address address_line_1 addressLine2 line1 shipping_address billingStreet home_address
    """,
    e.CITY: "city billing_city birthplace shippingCity",
    e.POSTAL_CODE: "zip zip_code postalCode billing_postcode plz",
    e.CARD: "card_number cardNumber creditCardNumber pan cc_number",
    e.CVV: "cvv cvc security_code cardCode",
    e.IBAN: "iban customer_iban",
    e.ACCOUNT: "account_number accountNo bank_account_number",
    e.SSN: "ssn social_security_number ssn_last4",
    e.ID: "passport_number passportNo tax_id nationalId driver_license vat_number",
    e.BIRTH: "dob date_of_birth birthDate customer_birthday",
    e.SECRET: """
        password new_password passwordConfirmation pwd access_token refreshToken api_key
        client_secret session_id csrf_token otp pin
    """,
    e.DEVICE: "device_id deviceId imei idfa",
    e.GEO: "lat latitude lng longitude",
    e.TEXT: "comment comments customer_note message delivery_instructions",
}
SILENT = """
    id user_id customer_id order_id created_at updatedAt status type sku quantity price
    email_verified emailVerified email_template_id phone_model phoneType password_policy
    passwordMinLength token_type max_tokens prompt_tokens next_page_token card_brand cardType
    address_id country state currency locale timezone version tracking_number ean keyboard spinner
    compass passenger_count mailing_list_id name_format username_taken ip_version template_name
    productName file_name category_name key cursor
"""


@pytest.mark.parametrize(
    ("kind", "key"), [(kind, key) for kind, keys in TOLD.items() for key in keys.split()]
)
def test_a_name_in_any_style_tells_what_it_holds(kind: str, key: str) -> None:
    assert field_of(key).kind == kind


@pytest.mark.parametrize("key", SILENT.split())
def test_a_technical_name_tells_nothing_personal(key: str) -> None:
    assert field_of(key).kind == ""


@pytest.mark.parametrize(
    ("context", "key", "kind"),
    [
        (("card",), "number", e.CARD),
        (("card",), "code", e.CVV),
        (("phones",), "value", e.PHONE),
        (("emails",), "0", e.EMAIL),
        (("patient", "name"), "family", e.PERSON),
        (("customer",), "name", e.PERSON),
        (("product",), "name", ""),
        (("order",), "number", ""),
        (("device",), "id", e.DEVICE),
        (("user",), "id", ""),
        (("birth",), "date", e.BIRTH),
        (("address",), "type", ""),
        (("address",), "number", e.STREET),
        ((), "buyer", e.BARE_NAME),
        ((), "shipping", ""),
        (("metadata",), "name", e.BARE_NAME),
        ((), "name", e.BARE_NAME),
        (("thing",), "name", e.BARE_NAME),
    ],
)
def test_the_object_around_a_name_tells_with_it(context: tuple[str, ...], key: str, kind: str) -> None:
    assert field_of(key, context).kind == kind


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("收货人", e.PERSON),
        ("手机号", e.PHONE),
        ("地址", e.STREET),
        ("生日", e.BIRTH),
        ("身份证号", e.ID),
        ("邮箱", e.EMAIL),
    ],
)
def test_chinese_names_tell(key: str, kind: str) -> None:
    assert field_of(key).kind == kind


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("userEMailAddress2", ["user", "e", "mail", "address", "2"]),
        ("HTTPServer_name", ["http", "server", "name"]),
        ("größeX", ["größe", "x"]),
        ("__a--b..c", ["a", "b", "c"]),
        ("", []),
    ],
)
def test_a_name_falls_apart_into_its_words(key: str, words: list[str]) -> None:
    assert words_of(key) == words


@pytest.mark.parametrize("key", ["bob@x.io", "4111111111111111", "x" * 65])
def test_what_is_no_name_is_not_remembered(key: str) -> None:
    known = Fields(())
    assert known[key].plain is False
    assert key not in known


def test_what_is_within_no_name_is_not_remembered() -> None:
    assert fields_in(("bob@x.io",)) is not fields_in(("bob@x.io",))
    assert fields_in(("card",)) is fields_in(("card",))


def test_words_of_field_names_are_known() -> None:
    assert all(map(is_field_word, ["password", "Customers", "addresses", "id_card".replace("_", "")]))
    assert not any(map(is_field_word, ["patricia", "k4n4r13", ""]))


TOLD_ELSEWHERE = {
    e.EMAIL: "correo_electronico adresse_mail indirizzoEmail メールアドレス 联系邮箱 epost",
    e.PHONE: """
        Telefonnummer numéroDeTéléphone telefono_vivienda cellulare
        携帯電話 휴대폰번호 numer_telefonu rückrufnummer
    """,
    e.PERSON: """
        Nachname prénom apellidoPaterno cognome achternaam nazwisko příjmení soyad\u0131 姓氏 客户姓名 фамилия
    """,
    e.STREET: """
        Lieferadresse adresse_de_livraison dirección_de_envío indirizzo endereço adresDostawy 家庭住址
    """,
    e.CITY: "Geburtsort lieuDeNaissance lugar_nacimiento miejsce_urodzenia placeOfBirth",
    e.BIRTH: """
        Geburtsdatum dateNaissance fecha_de_nacimiento data_nascita datumNarození doğum_tarihi 生年月日
        birth_yr_date
    """,
    e.ID: """
        krankenversicherungsnummer numeroDePasaporte reisepassnummer codice_fiscale 护照号码 rodné_číslo
    """,
    e.SECRET: "neues_passwort mot_de_passe contraseña wachtwoord hasło şifre 新密码 비밀번호 пароль",
    e.ACCOUNT: "kontonummer numéro_de_compte cuenta_bancaria rekeningnummer 银行账号",
}


@pytest.mark.parametrize(
    ("kind", "key"), [(kind, key) for kind, keys in TOLD_ELSEWHERE.items() for key in keys.split()]
)
def test_names_in_other_languages_tell(kind: str, key: str) -> None:
    assert field_of(key).kind == kind


@pytest.mark.parametrize(
    "key", ["numerodetelefono", "kontoinhaber", "emailadresse", "customeremail", "namabelakang"]
)
def test_words_that_run_together_are_taken_apart(key: str) -> None:
    assert field_of(key).kind


ABOUT = """
    tipo_documento hasPhone 商品名称 文件名 market_cap last_login birthCountry phone_id address_uuid
    is_email_valid estado_telefono 手机类型 名称 password_length card_count emailTemplate
"""


@pytest.mark.parametrize("key", ABOUT.split())
def test_names_about_the_thing_do_not_hold_it(key: str) -> None:
    assert field_of(key).kind in ("", e.BARE_NAME)


@pytest.mark.parametrize("key", ["surname_kana", "lastNameEnglish", "phone_vivienda", "birthday_gregorian"])
def test_an_unknown_word_may_follow_what_the_value_tells_as_well(key: str) -> None:
    assert field_of(key).kind


@pytest.mark.parametrize(
    ("context", "key"), [(("product",), "title"), (("items",), "label"), ((), "product_title")]
)
def test_what_a_thing_is_called_is_a_label(context: tuple[str, ...], key: str) -> None:
    assert field_of(key, context).kept_text
