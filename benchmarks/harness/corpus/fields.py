"""Personal fields: what they are called in ten languages, and what stands in them.

A name is written here word by word; styles and the words around it come from
``styles``. A part of the names is held out: nothing was tuned on them.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from typing import NamedTuple

from . import identifiers
from .persons import Locale, email, filled, full_name, handle, phone, street

Maker = Callable[[random.Random, Locale], str]


class Kind(NamedTuple):
    """A kind of personal data."""

    name: str
    make: Maker
    names: tuple[str, ...]
    """Of fields."""
    everywhere: bool
    """Its form or check digits tell it under any name."""


def _birth(chance: random.Random, locale: Locale) -> str:
    y, m, d = chance.randrange(1940, 2008), chance.randrange(1, 13), chance.randrange(1, 29)
    forms = {"en-US": f"{m}/{d}/{y}", "de-DE": f"{d}.{m}.{y}", "zh-CN": f"{y}年{m}月{d}日"}
    return forms.get(locale.code) or chance.choice((f"{y}-{m:02d}-{d:02d}", f"{d:02d}/{m:02d}/{y}"))


def _text(chance: random.Random, length: int, letters: str) -> str:
    return "".join(chance.choices(letters, k=length))


_ALNUM = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"


def _form(*forms: str) -> Maker:
    return lambda chance, _: filled(chance, chance.choice(forms))


def _of(make: Callable[[random.Random], str]) -> Maker:
    return lambda chance, _: make(chance)


def _ip(chance: random.Random, _: Locale) -> str:
    if chance.random() < 0.3:
        return f"2a02:{chance.randrange(4096, 65535):x}:{chance.randrange(4096, 65535):x}::{chance.randrange(1, 999):x}"
    return f"{chance.randrange(11, 126)}.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"


def _mac(chance: random.Random, _: Locale) -> str:
    return ":".join(f"{chance.randrange(256):02x}" for _ in range(6))


_MAKERS: dict[str, Maker] = {
    "email": email,
    "phone": phone,
    "full name": full_name,
    "first name": lambda chance, locale: chance.choice(locale.first),
    "last name": lambda chance, locale: chance.choice(locale.last),
    "user name": handle,
    "street": street,
    "city": lambda chance, locale: chance.choice(locale.cities),
    "postcode": lambda chance, locale: filled(chance, locale.postcode),
    "date of birth": _birth,
    "card": _of(identifiers.card),
    "card code": _form("###"),
    "IBAN": _of(identifiers.iban),
    "bank account": _form("########", "#########"),
    "US SSN": _of(identifiers.ssn),
    "CN id": _of(identifiers.cn_id),
    "BR CPF": _of(identifiers.cpf),
    "ES NIF": _of(identifiers.nif),
    "IT codice fiscale": _of(identifiers.codice_fiscale),
    "UK NINO": _of(identifiers.nino),
    "UK NHS": _of(identifiers.nhs),
    "PL PESEL": _of(identifiers.pesel),
    "FR INSEE": _of(identifiers.insee),
    "NL BSN": _of(identifiers.bsn),
    "KR RRN": _of(identifiers.rrn),
    "passport": _form("@@#######", "#########", "@########"),
    "driving licence": _form("@#######", "@###-####-####", "########"),
    "tax number": _form("##/###/#####", "###########", "##-#######"),
    "other id": _form("##########", "@@########", "#### #### ####"),
    "health": _form("MRN-#######", "########", "@@@#########"),
    "number plate": _form("@@@ ####", "@-@@ ####", "@@##@@####"),
    "IP address": _ip,
    "MAC address": _mac,
    "device": _of(identifiers.imei),
    "latitude": lambda chance, _: f"{chance.uniform(-60, 60):.6f}",
    "password": lambda chance, _: _text(chance, 11, _ALNUM + "!%$") + "7x",
    "token": lambda chance, _: _text(chance, 32, _ALNUM),
    "one-time code": _form("######"),
    "security answer": lambda chance, locale: chance.choice((*locale.last, *locale.cities)),
    "note": lambda chance, locale: f"{chance.choice(locale.first)}: {street(chance, locale)}",
}

# Kinds that the check digits or the form tell, whatever the field is called.
_EVERYWHERE = frozenset(
    {
        "email",
        "card",
        "IBAN",
        "US SSN",
        "CN id",
        "BR CPF",
        "ES NIF",
        "IT codice fiscale",
        "UK NINO",
        "MAC address",
    }
    | {"IP address"}
)

_NAMES = """
email: email, e_mail, email_address, mail, mail_address, contact_email, reply_to_email, recovery_email, backup_email, work_email, email_addr, billing_email, notify_email, invoice_email, e_mail_adresse, email_adresse, adresse_email, adresse_mail, courriel, correo, correo_electronico, dirección_correo, indirizzo_email, endereco_email, 邮箱, 电子邮件, 邮箱地址, 联系邮箱, youxiang, メールアドレス, 이메일, почта, posta_elektroniczna, e_posta, payer_email_address, subscriber_mail, login_email
phone: phone, phone_number, mobile, mobile_number, mobile_phone, cell_phone, tel, telephone, telephone_no, phone_no, contact_phone, contact_number, home_phone, work_phone, daytime_phone, evening_telephone, phone_e164, whatsapp_number, msisdn, emergency_phone, fax_number, sms_number, callback_number, telefon, telefonnummer, handy, handynummer, mobilnummer, rufnummer, festnetz, festnetznummer, téléphone, telephone_portable, numéro_de_téléphone, tel_fixe, telefono, número_de_teléfono, telefono_movil, celular, cellulare, numero_di_telefono, telefone, 手机, 手机号, 手机号码, 电话, 联系电话, 座机, 固定电话, shouji_hao, lianxi_dianhua, 電話番号, 携帯電話, 전화번호, 휴대폰, телефон, telefoon_nummer, numer_telefonu, telefonní_číslo, nomor_telepon, cep_telefonu, sdt
full name: full_name, customer_name, contact_name, recipient_name, cardholder_name, name_on_card, account_holder, account_holder_name, patient_name, passenger_name, guest_name, employee_name, payee_name, beneficiary_name, sender_name, receiver_name, owner_name, insured_name, tenant_name, student_name, attendee_name, emergency_contact_name, ship_to_name, bill_to_name, sold_to_name, invoice_recipient, legal_name, vollständiger_name, kundenname, ansprechpartner, kontoinhaber, name_des_karteninhabers, empfänger, nom_complet, nom_du_client, nom_prenom, titulaire_de_la_carte, destinataire, nombre_completo, nombre_del_cliente, nombre_y_apellidos, titular, titular_de_la_tarjeta, nome_completo, nome_do_cliente, intestatario, 姓名, 真实姓名, 收货人, 收件人姓名, 联系人, 客户姓名, 持卡人, xingming, 氏名, お名前, 이름, фио, imie_i_nazwisko, jméno_a_příjmení, ad_soyad, nama_lengkap, ho_ten, volledige_naam, guardian_name, next_of_kin, reviewer_name, author_name
first name: first_name, given_name, forename, fname, firstname, middle_name, preferred_name, name_first, legal_first_name, vorname, rufname, prénom, prenom_client, primer_nombre, nombre_de_pila, nome_proprio, voornaam, imię, jméno, förnamn, fornavn, 名, 名字, ad, имя, first_nm, nama_depan, given_names
last name: last_name, surname, family_name, lname, lastname, maiden_name, mothers_maiden_name, second_surname, name_last, birth_name, nachname, familienname, geburtsname, zuname, nom_de_famille, nom_de_naissance, apellido, apellidos, primer_apellido, segundo_apellido, apellido_paterno, cognome, sobrenome, achternaam, nazwisko, příjmení, efternamn, etternavn, soyadı, 姓, 姓氏, фамилия, last_nm, nama_belakang, отчество
user name: username, user_name, login, login_name, nickname, nick, screen_name, user_login, benutzername, anmeldename, nutzername, spitzname, nom_utilisateur, nom_d_utilisateur, identifiant, pseudo, nombre_de_usuario, usuario, nome_utente, 用户名, 昵称, 登录名, yonghuming, gebruikersnaam, twitter_handle, instagram_handle, telegram_username, skype_name, wechat_id, gamertag
street: street, street_address, address_line_1, address_line_2, address1, addr1, street_line_1, street_name, home_address, mailing_address, shipping_address, billing_street, delivery_address, residential_address, postal_address, permanent_address, address_1, thoroughfare, address_line, current_address, straße, strasse_hausnummer, anschrift, lieferadresse, rechnungsadresse, wohnanschrift, adresszeile_1, adresse, adresse_postale, rue, adresse_de_livraison, adresse_de_facturation, complement_adresse, dirección, calle, domicilio, dirección_de_envío, direccion_facturacion, indirizzo, indirizzo_di_spedizione, endereço, logradouro, 地址, 详细地址, 收货地址, 家庭住址, 街道地址, dizhi, 住所, 주소, адрес, улица, adres, ulica, straat, ulice, alamat, dia_chi
city: city, town, city_name, home_city, birth_place, place_of_birth, locality, city_of_residence, hometown, stadt, ort, wohnort, geburtsort, ville, commune, lieu_de_naissance, ciudad, población, lugar_de_nacimiento, città, cidade, 城市, 所在城市, 出生地, stad, woonplaats, miasto, miejscowość, město, şehir, город
postcode: zip, zip_code, postcode, postal_code, zipcode, post_code, postal, zip_postal_code, plz, postleitzahl, code_postal, código_postal, codice_postale, cap, cep, 邮编, 邮政编码, youbian, kod_pocztowy, psč, postnummer, 郵便番号, 우편번호, posta_kodu, индекс_почтовый
date of birth: dob, date_of_birth, birth_date, birthday, birthdate, born_on, date_birth, birth_dt, d_o_b, geburtsdatum, geburtstag, geb_datum, geboren_am, date_de_naissance, date_naissance, né_le, fecha_de_nacimiento, fecha_nacimiento, fec_nac, data_di_nascita, data_de_nascimento, nascita, 生日, 出生日期, 出生年月, shengri, geboortedatum, data_urodzenia, datum_narození, födelsedatum, doğum_tarihi, 生年月日, 생년월일, дата_рождения, tanggal_lahir, ngay_sinh, member_dob
card: card_number, card_no, cc_number, credit_card_number, credit_card, pan, primary_account_number, card_num, debit_card_no, payment_card_number, kreditkartennummer, kartennummer, numéro_de_carte, numero_carte, número_de_tarjeta, tarjeta_de_credito, numero_di_carta, 卡号, 银行卡号, 信用卡号, yinhangka_hao, numer_karty, kaart_nummer
card code: cvv, cvc, cvv2, security_code, card_security_code, card_verification_code, cvn, csc, prüfziffer_karte, kartenprüfnummer, cryptogramme, codigo_de_seguridad, código_cvv, 安全码, card_cvc
IBAN: iban, iban_number, iban_no, bank_iban, payout_iban, sepa_iban, iban_nummer, numero_iban, iban_code, 国际银行账号
bank account: account_number, account_no, bank_account, bank_account_number, acct_no, acct_num, routing_number, sort_code, kontonummer, konto_nr, bankverbindung_konto, numéro_de_compte, compte_bancaire, número_de_cuenta, cuenta_bancaria, clabe, numero_conto, 银行账号, 账号, 账户号码, rekeningnummer, numer_konta, beneficiary_account_number, conta_bancaria, payee_account_no
US SSN: ssn, social_security_number, social_security_no, ss_number, soc_sec_no, ssn_number, taxpayer_ssn
CN id: id_card, id_number, id_card_no, identity_card_number, 身份证, 身份证号, 身份证号码, 证件号码, shenfenzheng, sfz_hao, zjhm, identity_no
BR CPF: cpf, cpf_number, numero_cpf, cpf_cnpj, documento_cpf, cpf_do_titular
ES NIF: nif, dni, nie, nif_titular, numero_dni, dni_nie, documento_de_identidad, num_documento, documento_identidad
IT codice fiscale: codice_fiscale, cod_fiscale, fiscal_code, cf_cliente, codice_fiscale_intestatario
UK NINO: nino, national_insurance_number, ni_number, national_insurance_no, nat_ins_no
UK NHS: nhs_number, nhs_no, patient_nhs_number, nhs
PL PESEL: pesel, numer_pesel, pesel_number
FR INSEE: numero_securite_sociale, numéro_de_sécurité_sociale, nir, num_secu, insee_number, n_securite_sociale
NL BSN: bsn, burgerservicenummer, bsn_nummer, citizen_service_number
KR RRN: rrn, resident_registration_number, 주민등록번호, jumin_number
passport: passport, passport_number, passport_no, passport_num, travel_document_number, reisepassnummer, pass_nr, passnummer, numéro_de_passeport, passeport, pasaporte, número_de_pasaporte, passaporto, 护照号, 护照号码, huzhao_hao, paspoortnummer, паспорт, document_number
driving licence: driver_license, drivers_license_number, driving_licence_no, dl_number, driver_licence, license_number, führerschein, führerscheinnummer, permis_de_conduire, numéro_de_permis, permiso_de_conducir, licencia_de_conducir, patente_di_guida, 驾驶证号, 驾照, rijbewijsnummer, prawo_jazdy, cnh
tax number: tax_id, tax_number, taxpayer_id, tin, vat_number, vat_id, steuernummer, steuer_id, steueridentifikationsnummer, umsatzsteuer_id, numéro_fiscal, numero_tva, identifiant_fiscal, rfc, número_fiscal, identificacion_fiscal, partita_iva, 税号, 纳税人识别号, nip, btw_nummer, contribuinte, инн
other id: national_id, national_identity_number, identity_number, aadhaar, aadhaar_number, personal_id_number, citizen_id, government_id, id_document_number, ausweisnummer, personalausweisnummer, sozialversicherungsnummer, carte_identite, numéro_carte_identité, cédula, cédula_de_identidad, curp, carta_identita, 证件号, 社保号, personnummer, rodné_číslo, tc_kimlik_no, nik, cccd, voter_id, residence_permit_number, employee_number, immigration_number, ktp
health: medical_record_number, mrn, patient_id, health_insurance_number, insurance_number, insurance_policy_number, member_id, subscriber_id, policy_number, medicare_number, versichertennummer, krankenversicherungsnummer, numéro_de_mutuelle, numero_assurance, tarjeta_sanitaria, numero_de_poliza, 医保卡号, 病历号, health_card_number, krankenkassennummer
number plate: license_plate, licence_plate_number, plate_number, vehicle_registration, registration_plate, number_plate, kennzeichen, kfz_kennzeichen, plaque_immatriculation, immatriculation, matrícula, placa, targa, 车牌号, 车牌号码, kenteken, car_plate
IP address: ip, ip_address, client_ip, remote_addr, source_ip, last_login_ip, ip_addr, user_ip, ip_adresse, adresse_ip, dirección_ip
MAC address: mac, mac_address, wifi_mac, hw_addr, bluetooth_mac, mac_adresse, device_mac
device: imei, device_id, imei_number, device_serial, serial_number, device_identifier, seriennummer, numéro_de_série, 设备号
latitude: lat, latitude, geo_lat, home_latitude, location_lat, breitengrad, lng, longitude, gps_lat, latitud, 纬度, 经度, längengrad
password: password, passwd, new_password, password_confirmation, current_password, pwd, user_password, passphrase, passwort, kennwort, neues_passwort, mot_de_passe, nouveau_mot_de_passe, contraseña, nueva_contraseña, clave, password_1, senha, wachtwoord, hasło, heslo, şifre, 密码, 新密码, 登录密码, mima, пароль, パスワード, 비밀번호, lösenord, client_pass
token: token, access_token, refresh_token, api_key, api_secret, client_secret, session_id, session_token, auth_token, csrf_token, id_token, secret_key, private_key, bearer_token, x_api_key, device_token, push_token, fcm_token, reset_token, remember_token, webhook_secret, signing_secret, zugriffstoken, jeton, jeton_acces, clé_api, clave_api, 令牌, 访问令牌, 密钥, invite_token, magic_link_token, app_key
one-time code: otp, otp_code, verification_code, sms_code, totp, mfa_code, two_factor_code, one_time_password, auth_code, security_pin, pin, pin_code, bestätigungscode, tan, code_de_vérification, código_de_verificación, 验证码, 短信验证码, yanzhengma, confirmation_pin, passcode
security answer: security_answer, secret_answer, answer_to_security_question, sicherheitsantwort, réponse_secrète, respuesta_secreta, security_question_answer, 密保答案
note: note, comment, message, remarks, delivery_instructions, order_notes, gift_message, special_requests, feedback, customer_comment, bemerkung, kommentar, nachricht, lieferhinweis, anmerkungen, commentaire, remarque, instructions_de_livraison, comentario, observaciones, notas, mensaje, instrucciones_de_entrega, 备注, 留言, 买家留言, beizhu, opmerking, uwagi, poznámka, biography, about_me
"""


def _kind(line: str) -> Kind:
    name, _, names = line.partition(":")
    return Kind(name, _MAKERS[name], tuple(item.strip() for item in names.split(",")), name in _EVERYWHERE)


KINDS: tuple[Kind, ...] = tuple(map(_kind, _NAMES.strip().splitlines()))

HELD_OUT = 3
"""One name in so many is held out."""


def is_held_out(name: str) -> bool:
    """Tell whether a field's name was kept away from whoever wrote the rules."""
    return hashlib.blake2b(name.encode(), digest_size=4).digest()[0] % HELD_OUT == 0
