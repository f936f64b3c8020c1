"""The vocabulary of field names, in lower case and without separators, and what such a field holds."""

from __future__ import annotations

from shadowtap.redact import entities


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_KINDS: dict[str, str] = {
    entities.SECRET: (
        """
        password passwd passwort pwd pass passphrase passcode pin otp totp mfacode smscode
        verificationcode activationcode recoverycode backupcode resetcode logincode authcode
        authorizationcode onetimecode secret token accesstoken refreshtoken idtoken authtoken apitoken
        apikey apisecret clientsecret appsecret privatekey secretkey accesskey accesskeyid encryptionkey
        signingkey authkey licensekey webhooksecret webhookkey bearer jwt authorization auth
        authentication credential session sessionid sessionkey sessid phpsessid jsessionid sid csrf
        csrftoken xsrf xsrftoken csrfmiddlewaretoken authenticitytoken requestverificationtoken cookie
        securityanswer secretanswer signature sig hmac contrasena contraseña clave motdepasse kennwort
        senha mima 密码 口令 验证码 令牌 密钥
        """
    ),
    entities.EMAIL: (
        """
        email mail emailaddress emailaddr mailaddress emailid mailto replyto correo correoelectronico
        courriel adressemail emailadresse mailadresse eadresse posta youxiang 邮箱 电子邮箱 邮件
        电子邮件 邮箱地址
        """
    ),
    entities.PHONE: (
        """
        phone telephone tel mobile cell cellphone cellular handy fax msisdn whatsapp phonenumber phoneno
        phonenum mobilenumber mobileno mobilephone telephonenumber telno contactnumber contactno
        contactphone callerid callbacknumber faxnumber landline homephone workphone smsnumber telefon
        telefonnummer rufnummer handynummer mobilnummer telefono teléfono movil móvil celular telefax
        portable numerotelephone téléphone shouji shoujihao dianhua 手机 手机号 手机号码 电话 电话号码
        联系电话 联系方式 传真
        """
    ),
    entities.PERSON: (
        """
        firstname lastname surname fullname givenname familyname middlename maidenname forename
        secondname fname lname mname realname legalname birthname personname customername clientname
        cardholder cardholdername cardname nameoncard accountholder holdername accountname ownername
        recipient recipientname addressee consignee consignor beneficiary beneficiaryname payee
        payeename payer payername signatory signername contactname contactperson attention attn
        nextofkin mothersname fathersname spouse guardian initials salutationname nachname vorname
        familienname zuname empfänger empfaenger ansprechpartner kontoinhaber karteninhaber prenom
        prénom nomfamille nomcomplet destinataire titulaire apellido apellidos nombrecompleto
        primernombre segundonombre nombres titular destinatario cognome sobrenome nomecompleto xingming
        姓名 名字 姓 名 收货人 收件人 联系人 真实姓名 持卡人 寄件人 户名
        """
    ),
    entities.USERNAME: (
        """
        username login loginname loginid screenname nickname handle userlogin samaccountname twitter
        twitterhandle instagram skype skypeid telegram wechat wechatid weixin qq benutzername nutzername
        usuario nombreusuario nomutilisateur identifiant pseudo 用户名 昵称 微信 微信号
        """
    ),
    entities.STREET: (
        """
        street streetaddress streetname streetnumber streetline streetline1 address addressline
        addressline1 addressline2 addr line1 line2 line3 address1 address2 address3 addr1 addr2 street1
        street2 fulladdress homeaddress postaladdress mailingaddress shippingaddress billingaddress
        deliveryaddress house housenumber houseno housename building buildingname apartment apt
        aptnumber flatnumber unitnumber pobox strasse straße hausnummer strassenname adresse anschrift
        lieferadresse rechnungsadresse wohnadresse rue adressepostale calle direccion dirección
        domicilio indirizzo via endereco endereço logradouro dizhi 地址 详细地址 收货地址 住址 街道
        家庭住址 通讯地址
        """
    ),
    entities.CITY: (
        """
        city cityname town district locality suburb neighborhood neighbourhood village hometown birthplace
        placeofbirth birthcity stadt ort wohnort ortschaft geburtsort ville commune lieunaissance ciudad
        localidad poblacion población citta città cidade municipality chengshi 城市 市 区县
        """
    ),
    entities.POSTAL_CODE: (
        """
        zip zipcode zip4 zipplus4 postcode postalcode postal postnumber plz postleitzahl codepostal
        codigopostal códigopostal cap cep pincode youbian 邮编 邮政编码
        """
    ),
    entities.CARD: (
        """
        card cardnumber cardno cardnum pan primaryaccountnumber creditcard creditcardnumber creditcardno
        ccnumber ccnum ccno cc debitcard debitcardnumber paymentcard bankcard bankcardnumber cardlast4
        last4 kreditkarte kreditkartennummer kartennummer tarjeta numerotarjeta numerodetarjeta carteban
        cartebancaire numerocarte kahao yinhangka 卡号 银行卡 银行卡号 信用卡 信用卡号
        """
    ),
    entities.CVV: """
        cvv cvc cvv2 cvc2 csc cvn cardcode securitycode cardsecuritycode cardverificationvalue cvvcode
        安全码
        """,
    entities.IBAN: "iban ibannumber ibancode",
    entities.ACCOUNT: (
        """
        accountnumber accountno accountnum acctnumber acctno acctnum acct bankaccount bankaccountnumber
        bankaccountno sortcode routingnumber clabe konto kontonummer kontonr numerocompte compte cuenta
        numerocuenta numerodecuenta rib bban wallet walletaddress bitcoinaddress btcaddress ethaddress
        zhanghao 账户 银行账号
        """
    ),
    entities.SSN: "ssn socialsecurity socialsecuritynumber socialsecurityno ssnnumber ssnlast4 socsec",
    entities.ID: (
        """
        nationalid nationalidnumber nationalinsurance nationalinsurancenumber nino sin idnumber idno
        idcard idcardnumber idcardno identitycard identitynumber identitydocument personalid
        personalnumber personnummer personalidentitynumber citizenid residentid residentidnumber taxid
        taxnumber taxno taxpayerid taxidentificationnumber tin itin ein vat vatid vatnumber vatno
        steuernummer steuerid ustid nif nie dni cpf cnpj curp rfc rut pesel bsn aadhaar aadhaarnumber
        aadhar pannumber passport passportnumber passportno passportnum reisepass driverlicense
        driverslicense drivinglicense drivinglicence driverlicence driverlicensenumber
        driverslicensenumber drivinglicencenumber drivinglicensenumber licensenumber licencenumber
        fuehrerschein führerscheinnummer dl dlnumber dlno voterid nhs nhsnumber medicare medicarenumber
        medicaid healthinsurancenumber insurancenumber insuranceid policynumber memberid mrn
        medicalrecordnumber patientid codicefiscale fiscalcode fiscalnumber partitaiva
        numerosecuritesociale nir ausweisnummer personalausweis sozialversicherungsnummer svnummer
        licenseplate licenceplate numberplate plate vin kennzeichen shenfenzheng 身份证 身份证号
        身份证号码 护照 护照号 证件号 证件号码 车牌 车牌号 社保号
        """
    ),
    entities.BIRTH: (
        """
        dob birthdate birthday dateofbirth birth bday born birthdt dateofbirthday geburtsdatum
        geburtstag datenaissance datedenaissance fechanacimiento fechadenacimiento nacimiento
        datanascita datanascimento shengri 生日 出生日期 出生年月
        """
    ),
    entities.IP: """
        ip ipaddress ipaddr clientip remoteip remoteaddr userip sourceip ipv4 ipv6 lastip signupip
        loginip
        """,
    entities.DEVICE: (
        """
        deviceid udid idfa idfv gaid adid advertisingid androidid imei imei2 meid imsi iccid
        deviceserial serialnumber devicefingerprint fingerprint visitorid installationid installid
        hardwareid hwid macaddress pushtoken devicetoken
        """
    ),
    entities.GEO: """
        lat latitude lon lng long longitude latlng latlon latlong geo geolocation coordinate coords
        geopoint gps gpslocation
        """,
    entities.TEXT: (
        """
        comment message note notiz remark memo feedback bio biography aboutme instruction
        deliveryinstruction specialinstruction giftmessage reviewtext testimonial complaint diagnosis
        symptom nachricht kommentar bemerkung anmerkung commentaire remarque comentario mensaje nota
        observacion observaciones messaggio 备注 留言 评论 附言 消息
        """
    ),
}

FIELD_KINDS: dict[str, str] = {word: kind for kind, words in _KINDS.items() for word in words.split()}
"""Field name to entity."""

PERSONS: frozenset[str] = _set(
    """
    user customer client person patient contact employee member subscriber passenger guest traveler
    traveller student teacher doctor nurse driver owner holder buyer seller purchaser shopper sender
    receiver recipient author reviewer beneficiary applicant candidate tenant landlord resident visitor
    attendee participant player donor borrower debtor creditor insured policyholder claimant dependent
    dependant spouse child parent mother father husband wife guardian relative friend profile cardholder
    accountholder signer signatory witness practitioner individual staff agent operator lead prospect
    caller addressee consignee payer payee shipping billing ship bill delivery kunde nutzer benutzer
    mitarbeiter patientin cliente usuario utilisateur persona personne empleado 用户 客户 患者 会员 员工
    """
)
"""Things that have a person's name."""

BEARERS: frozenset[str] = PERSONS - _set(
    "shipping billing ship bill delivery profile lead agent operator driver"
)
"""Under such a name alone stands the person's name, if anything that looks like one does."""

NAME_PARTS: frozenset[str] = _set(
    """
    first last given family middle full sur maiden legal real birth second prefix initial text preferred
    former formatted official nick display
    """
)
"""What stands before ``name``, or inside an object of that name, when it is a person's."""

NAMES: frozenset[str] = _set("name nom nombre nome namen")
"""The word for a name, whose bearer must be told from its surroundings."""

HEAD_FIRST: frozenset[str] = _set(
    """
    correo telefono teléfono telefon apellido direccion dirección adresse mail email phone mobile iban
    address
    """
)
"""Words that tell when they come first, as in Romance languages: ``telefono_casa``."""

RUN_TOGETHER: tuple[str, ...] = tuple(
    sorted(
        _set(
            """
            email emailaddress phone phonenumber mobile address password passwd firstname lastname fullname
            surname username birthdate birthday zipcode postcode cardnumber iban token secret apikey
            """
        ),
        key=len,
        reverse=True,
    )
)
"""Endings that tell although nothing separates them from what is before: ``customeremail``; longest first."""

JOINING: frozenset[str] = _set(
    "id date code key line street city place year token secret login zip postal account holder"
)
"""Words that may complete the name of the object around them: ``device: {id}``."""

THINGS: frozenset[str] = _set(
    """
    product file category template item sku brand app application service host server domain event class
    table column field index queue topic bucket repo repository branch tag package module function
    method key project team organization organisation org company merchant store shop vendor supplier
    bank school department plan tier feature flag role group permission scope policy rule campaign
    segment list variant option attribute property metric dashboard report page route path view layout
    theme color colour size style font image icon country state region province county currency language
    locale timezone unit type kind status action step stage task job workflow pipeline build release
    version environment env cluster node device model make source target channel medium browser os
    platform carrier course lesson book song album artist movie game team league collection catalog
    catalogue warehouse location venue hotel room restaurant dish recipe ingredient drug medication
    display schema database folder directory bundle coupon
    promotion discount offer
    produkt artikel datei kategorie producto archivo produit fichier 商品 产品 分类
    operation query mutation procedure command line entry lineitem
    """
)
"""Things whose name is nobody's. What people do (orders, payments, bookings) often bears theirs: not here."""

VETOES: frozenset[str] = _set(
    """
    verified confirmed validated template type kind count enabled disabled valid required allowed
    optional format policy model status state length size min max limit ttl expires expiry expiration
    expire brand scheme network provider vendor version level category visible visibility private public
    hidden default opt optin optout subscribed subscription consent notifications notification
    preference preferences settings setting config at on count total index order sort position attempts
    retries strength changed updated created timestamp url uri href link path flag only same matches
    match label placeholder prefix suffix pattern regex mask carrier score rank rate ratio percent area
    currency balance amount limit issuer bin method mode algorithm alg endpoint domain page cursor usage
    budget verification
    """
)
"""A name that ends in one of these is about the thing and does not hold it."""

NEUTRAL: frozenset[str] = _set(
    """
    casa trabajo privat maison bureau domicile
    value values val data text string str raw input field new old current previous prev next confirm
    confirmation repeat again retype primary secondary main alt alternate alternative other home work
    office business personal private day night evening emergency billing shipping delivery mailing
    contact last first original default full formatted masked hash encrypted plain my your his her the
    no num nr number nbr hex b64
    """
)
"""Words beside the telling one that do not change what a field holds."""

KEPT_TEXT: frozenset[str] = _set(
    """
    country countrycode countryname state region province county territory currency currencycode
    language lang locale timezone tz status type kind category subcategory brand model color colour size
    unit plan tier role method level priority severity format mode protocol platform os
    browser channel carrier material gender department version build release
    revision orderby sortby scope scopes grant algorithm mimetype
    contenttype encoding charset useragent
    """
)
"""Fields whose values come from a short list and may be of several words."""

VERSIONS: frozenset[str] = _set("version build release revision firmware semver ver useragent ua kernel")
"""Where four numbers with dots are no address."""

ITEM_NUMBERS: frozenset[str] = _set("ean ean13 gtin gtin13 upc barcode isbn isbn13 jan")
"""Where thirteen digits with the check digit of a trade item number are one."""

OPAQUE_POSITIONS: frozenset[str] = _set(
    """
    page cursor continuation pagination next prev sync offset max min num total count limit prompt
    completion input output reasoning
    """
)
"""Before ``token``: a place in a list or a number of words, and no credential."""

FIELD_WORDS: frozenset[str] = frozenset(FIELD_KINDS).union(
    PERSONS, NAME_PARTS, NAMES, THINGS, VETOES, NEUTRAL, KEPT_TEXT, VERSIONS, ITEM_NUMBERS
)
