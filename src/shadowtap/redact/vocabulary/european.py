"""Names of personal fields in European languages; accents do not matter."""

from __future__ import annotations

from shadowtap.redact import entities

KINDS: dict[str, str] = {
    entities.SECRET: """
        passwort kennwort losungswort losung geheimwort zugangscode zugriffstoken sicherheitsantwort
        geheimantwort bestatigungscode bestaetigungscode freischaltcode aktivierungscode zugangsdaten
        einmalpasswort geheimzahl mot_de_passe motdepasse mdp code_secret jeton jeton_acces cle_api
        cle_secrete cle_privee code_verification code_confirmation code_activation code_acces reponse_secrete
        reponse_securite contrasena contrasenia clave clave_api clave_secreta clave_acceso
        codigo_verificacion codigo_confirmacion codigo_acceso codigo_activacion codigo_sms respuesta_secreta
        respuesta_seguridad palabra_clave llave_privada parola_chiave parola_accesso codice_verifica
        codice_conferma codice_accesso codice_segreto risposta_segreta senha codigo_verificacao chave_acesso
        chave_api chave_privada resposta_secreta palavra_passe palavra_chave wachtwoord toegangscode
        verificatiecode toegangstoken haslo kod_weryfikacyjny kod_dostepu heslo overovaci_kod losenord losen
        engangskod adgangskode passord salasana jelszo parola sifre dogrulama_kodu onay_kodu пароль
        код_подтверждения токен κωδικος_προσβασης κωδικος kodeord lozinka geslo
    """,
    entities.EMAIL: """
        email_adresse emailadresse mail_adresse mailadresse e_adresse epost_adresse elektronische_post
        adresse_email adresse_mail adresse_electronique adresse_courriel courriel mel correo
        correo_electronico direccion_correo direccion_email indirizzo_email indirizzo_mail indirizzo_posta
        posta_elettronica posta pec endereco_email correio correio_eletronico emailadres mailadres
        adres_email adres_mailowy poczta poczta_elektroniczna posta_elektroniczna e_posta eposta epost e_post
        epostadress sahkoposti sahkopostiosoite почта эл_почта электронная_почта мейл имейл
        ηλεκτρονικο_ταχυδρομειο
    """,
    entities.PHONE: """
        telefon telefonnummer telefon_nr rufnummer ruf_nr handy handynummer handy_nr mobilnummer mobiltelefon
        mobilfunknummer mobilfunk festnetz festnetznummer telefonnr telefax durchwahl rueckrufnummer
        ruckrufnummer numero_telephone telephone_portable telephone_fixe telephone_mobile tel_portable
        tel_fixe tel_mobile portable telecopie gsm telefono telefono_movil telefono_fijo telefono_celular
        numero_telefono numero_celular movil celular telefono_contacto cellulare numero_cellulare
        recapito_telefonico recapito telefone numero_telefone telemovel contato_telefonico telefoonnummer
        telefoon_nummer telefoon mobiel mobiele_nummer mobiel_nummer telefonu telefonu_numarasi
        numer_telefonu nr_telefonu komorka telefonni_cislo mobilni_telefon mobil telefonszam puhelin
        puhelinnumero matkapuhelin mobilnr telefonnr mobiltelefonnummer cep cep_telefonu телефон
        номер_телефона мобильный тел сотовый τηλεφωνο κινητο broj_telefona
    """,
    entities.PERSON: """
        nachname vorname zuname familienname geburtsname maedchenname madchenname rufname kundenname
        vor_und_nachname vollstandiger_name vollstaendiger_name empfanger empfaenger ansprechpartner
        ansprechpartnerin kontoinhaber karteninhaber kontaktperson absender versicherungsnehmer
        zahlungsempfanger begunstigter mitarbeitername unterzeichner name_karteninhaber prenom prenoms
        nom_famille nom_naissance nom_jeune_fille nom_complet nom_prenom nom_client nom_usage nom_titulaire
        destinataire titulaire titulaire_carte titulaire_compte expediteur beneficiaire interlocuteur
        personne_contact apellido apellidos primer_apellido segundo_apellido apellido_paterno
        apellido_materno nombre_completo nombre_apellidos nombre_pila primer_nombre segundo_nombre nombres
        titular titular_tarjeta titular_cuenta destinatario remitente beneficiario persona_contacto
        nombre_titular cognome cognome_nome nome_cognome nome_completo intestatario intestatario_conto
        mittente referente sobrenome ultimo_nome primeiro_nome nome_proprio nome_mae nome_pai nome_titular
        remetente apelido nome_social voornaam voornamen achternaam tussenvoegsel roepnaam volledige_naam
        rekeninghouder kaarthouder geadresseerde contactpersoon imie imiona nazwisko imie_nazwisko
        nazwisko_panienskie odbiorca nadawca jmeno_prijmeni krestni_jmeno prijmeni prijemce odesilatel
        fornamn efternamn mellannamn tilltalsnamn fornavn etternavn efternavn mellomnavn mottaker mottagare
        modtager etunimi sukunimi keresztnev vezeteknev csaladnev utonev ad_soyad soyadi soyad isim alici
        kart_sahibi фио имя фамилия отчество получатель отправитель ονομα επωνυμο ονοματεπωνυμο prezime
        prenume nume_familie
    """,
    entities.USERNAME: """
        benutzername nutzername anmeldename spitzname nutzerkennung benutzerkennung loginname kurzname
        mitgliedsname nom_utilisateur identifiant identifiant_connexion pseudo pseudonyme surnom
        nombre_usuario usuario apodo alias_usuario nick nome_utente soprannome nome_usuario utilizador
        nome_utilizador gebruikersnaam bijnaam inlognaam nazwa_uzytkownika pseudonim uzivatelske_jmeno
        prezdivka anvandarnamn brukernavn brugernavn kayttajatunnus kayttajanimi felhasznalonev kullanici_adi
        rumuz takma_ad логин ник никнейм имя_пользователя ονομα_χρηστη korisnicko_ime
    """,
    entities.STREET: """
        strasse hausnummer haus_nr hausnr strassenname strasse_hausnummer strasse_nr adresse anschrift
        lieferadresse lieferanschrift rechnungsadresse rechnungsanschrift wohnadresse wohnanschrift
        postanschrift privatadresse adresszeile adresszusatz adressfeld postfach wohnsitz versandadresse
        heimatadresse meldeadresse absenderadresse rue numero_rue nom_rue voie numero_voie adresse_postale
        adresse_livraison adresse_facturation adresse_domicile adresse_complete complement_adresse
        ligne_adresse adresse_ligne boite_postale bp domicile lieu_dit residence calle numero_calle
        nombre_calle direccion direccion_envio direccion_facturacion direccion_postal direccion_entrega
        direccion_particular domicilio domicilio_fiscal apartado_postal numero_exterior numero_interior
        colonia piso_puerta indirizzo indirizzo_spedizione indirizzo_fatturazione indirizzo_residenza
        residenza numero_civico civico endereco endereco_entrega endereco_cobranca endereco_completo
        logradouro numero_casa complemento_endereco morada bairro straat straatnaam huisnummer huisnr adres
        woonadres factuuradres afleveradres verzendadres bezorgadres postbus toevoeging ulica numer_domu
        nr_domu numer_mieszkania adres_zamieszkania adres_dostawy adres_korespondencyjny ulice cislo_popisne
        dodaci_adresa fakturacni_adresa adresa bydliste gatuadress adress leveransadress fakturaadress
        postadress gateadresse leveringsadresse adressen vej katuosoite osoite lakcim utca hazszam adresi
        teslimat_adresi fatura_adresi sokak cadde mahalle адрес адрес_доставки улица дом квартира διευθυνση
        οδος strada
    """,
    entities.CITY: """
        stadt ort wohnort ortschaft gemeinde geburtsort ortsteil stadtteil geburtsstadt lieferort ville
        commune localite lieu_naissance ville_naissance lieu_residence quartier ciudad localidad poblacion
        municipio lugar_nacimiento ciudad_nacimiento lugar_residencia ciudad_residencia delegacion citta
        comune citta_nascita luogo_nascita comune_nascita citta_residenza frazione cidade municipio
        localidade local_nascimento naturalidade cidade_natal concelho freguesia stad woonplaats plaats
        plaatsnaam geboorteplaats gemeente miasto miejscowosc miejsce_urodzenia gmina miejsce_zamieszkania
        mesto obec misto_narozeni mesto_narozeni postort fodelseort poststed fodested kaupunki paikkakunta
        syntymapaikka telepules varos szuletesi_hely sehir il_ilce dogum_yeri город населенный_пункт
        место_рождения πολη grad
    """,
    entities.POSTAL_CODE: """
        plz postleitzahl postleitzahlen code_postal codepostal cp codigo_postal cod_postal codice_postale cap
        codice_avviamento cep codigo_enderecamento kod_pocztowy postcode_plaats psc smerovaci_cislo
        postnummer postnr postinumero iranyitoszam posta_kodu почтовый_индекс индекс_почтовый почтовый_код
        ταχυδρομικος_κωδικας τκ postanski_broj cod_postal
    """,
    entities.CARD: """
        kreditkarte kreditkartennummer kreditkarten_nr kartennummer karten_nr bankkarte ec_karte tarjeta
        numero_tarjeta tarjeta_credito tarjeta_debito num_tarjeta carte_bancaire numero_carte carte_credit
        carte_bleue num_carte numero_cb carta_credito numero_carta carta_debito cartao_credito numero_cartao
        cartao creditcardnummer kaartnummer kredietkaart numer_karty karta_kredytowa cislo_karty
        platebni_karta kortnummer kreditkort korttinumero kart_numarasi kart_no kredi_karti номер_карты
        карта_номер bankkartyaszam
    """,
    entities.CVV: """
        kartenprufnummer kartenpruefnummer prufnummer prufziffer pruefziffer kartensicherheitscode kpn
        cryptogramme cryptogramme_visuel code_securite codigo_seguridad codigo_cvv codigo_seguranca
        codice_sicurezza codice_cvv beveiligingscode kod_cvv kod_bezpieczenstwa sakerhetskod guvenlik_kodu
    """,
    entities.IBAN: "iban_nummer iban_nr numero_iban codice_iban",
    entities.ACCOUNT: """
        konto kontonummer konto_nr kontonr bankkonto bankverbindung bankverbindung_konto bankleitzahl blz
        depotnummer numero_compte num_compte compte_bancaire compte rib code_guichet code_banque cuenta
        numero_cuenta num_cuenta cuenta_bancaria cuenta_corriente cuenta_clabe conto_corrente numero_conto
        numero_conto_corrente conto_bancario conta_bancaria numero_conta conta_corrente agencia_conta
        chave_pix nib rekeningnummer bankrekening rekening numer_konta konto_bankowe numer_rachunku rachunek
        rachunek_bankowy cislo_uctu bankovni_ucet bankkontonummer tilinumero szamlaszam bankszamlaszam
        hesap_no hesap_numarasi номер_счета расчетный_счет счет αριθμος_λογαριασμου
    """,
    entities.ID: """
        steuernummer steuer_nr steuer_id steueridentifikationsnummer steuerliche_id umsatzsteuer_id
        umsatzsteuer_identifikationsnummer ust_id ust_id_nr ustid reisepass reisepassnummer pass_nr
        passnummer pass_nummer ausweis ausweisnummer ausweis_nr personalausweis personalausweisnummer
        ausweisdokument fuhrerschein fuehrerschein fuhrerscheinnummer fuehrerscheinnummer
        sozialversicherungsnummer sv_nummer rentenversicherungsnummer versicherungsnummer versichertennummer
        versicherten_nr krankenversicherungsnummer krankenkassennummer krankenversichertennummer
        versicherungsschein_nr policennummer versicherungspolice patientennummer fallnummer personalnummer
        mitarbeiternummer matrikelnummer mitgliedsnummer aufenthaltstitel kennzeichen kfz_kennzeichen
        autokennzeichen nummernschild fahrzeug_kennzeichen fahrgestellnummer ahv_nummer passeport
        numero_passeport carte_identite numero_carte_identite cni piece_identite numero_piece_identite
        permis_conduire numero_permis numero_permis_conduire titre_sejour numero_securite_sociale
        securite_sociale num_secu numero_secu nss nir insee numero_insee numero_fiscal identifiant_fiscal
        numero_tva tva_intracommunautaire spi siren siret numero_mutuelle mutuelle numero_assurance
        numero_police numero_adherent numero_allocataire carte_vitale matricule immatriculation
        plaque_immatriculation numero_immatriculation plaque numero_dossier_patient dni nif nie nie_nif cif
        documento_identidad documento_nacional_identidad numero_documento num_documento documento_numero
        cedula cedula_identidad cedula_ciudadania cuit cuil curp rfc rut run_chile ine clave_elector
        pasaporte numero_pasaporte num_pasaporte permiso_conducir carnet_conducir carne_conducir
        licencia_conducir licencia_conduccion seguridad_social numero_seguridad_social numero_afiliacion nuss
        imss identificacion_fiscal numero_identificacion_fiscal codigo_fiscal tarjeta_sanitaria numero_poliza
        poliza historia_clinica numero_historia_clinica numero_empleado matricula matricula_vehiculo placa
        placa_vehiculo patente_vehiculo codice_fiscale cod_fiscale cod_fisc partita_iva p_iva carta_identita
        numero_carta_identita documento_identita numero_documento_identita passaporto numero_passaporto
        patente patente_guida numero_patente tessera_sanitaria numero_polizza targa targa_veicolo cpf cnpj
        cpf_cnpj documento_cpf numero_rg cnh numero_cnh carteira_identidade carteira_trabalho titulo_eleitor
        pis pis_pasep nis contribuinte numero_contribuinte niss cartao_cidadao numero_passaporte passaporte
        carta_conducao apolice numero_apolice placa_veiculo bsn burgerservicenummer sofinummer paspoort
        paspoortnummer rijbewijs rijbewijsnummer identiteitskaart rijksregisternummer insz kenteken
        kentekennummer polisnummer btw_nummer personeelsnummer patientnummer documentnummer pesel numer_pesel
        nip regon dowod_osobisty numer_dowodu seria_numer_dowodu numer_dokumentu prawo_jazdy
        numer_prawa_jazdy paszport numer_paszportu tablica_rejestracyjna numer_rejestracyjny numer_polisy
        rodne_cislo cislo_obcanskeho_prukazu obcansky_prukaz cislo_op ridicsky_prukaz cestovni_pas cislo_pasu
        spz dic cislo_pojistence personnummer samordningsnummer korkortsnummer passnummer registreringsnummer
        regnummer fodselsnummer cpr cpr_nummer henkilotunnus hetu ajokortti passinumero rekisterinumero
        adoszam adoazonosito taj_szam szemelyi_szam szemelyi_igazolvany tc_kimlik tc_kimlik_no tckn kimlik_no
        vergi_no vergi_numarasi pasaport pasaport_no ehliyet ehliyet_no plaka sgk_no инн снилс огрн паспорт
        номер_паспорта серия_паспорта водительское_удостоверение полис номер_полиса госномер номер_автомобиля
        амка αφμ αμκα αδτ αριθμος_ταυτοτητας διαβατηριο oib jmbg emso egn cnp cui
    """,
    entities.BIRTH: """
        geburtsdatum geburtstag geb_datum geb_dat gebdat geb geboren geboren_am geburtsjahr geburtsmonat
        date_naissance naissance ne_le nee_le ne_e_le jour_naissance annee_naissance fecha_nacimiento fec_nac
        fec_nacimiento fecha_nac nacimiento f_nac cumpleanos nacido_el ano_nacimiento data_nascita nascita
        nato_il nata_il compleanno data_nascimento dt_nascimento dt_nasc data_nasc nascimento nascido_em
        aniversario geboortedatum geboorte verjaardag data_urodzenia urodzenia urodziny rok_urodzenia
        datum_narozeni narozeni narozeniny fodelsedatum fodelsedag fodselsdato fodselsdag fodt syntymaaika
        syntymapaiva szuletesi_datum szuletesnap dogum_tarihi dogum_gunu дата_рождения рождения день_рождения
        год_рождения ημερομηνια_γεννησης datum_rodjenja data_nasterii
    """,
    entities.IP: "ip_adresse adresse_ip direccion_ip indirizzo_ip endereco_ip adres_ip ip_adres ip_adresi",
    entities.DEVICE: """
        seriennummer serien_nr geratenummer geraetenummer gerate_id geraete_id numero_serie numero_de_serie
        identifiant_appareil id_dispositivo numero_seriale serienummer numer_seryjny seri_no серийный_номер
    """,
    entities.GEO: """
        breitengrad langengrad laengengrad geokoordinaten latitud longitud latitudine longitudine coordenadas
        coordonnees_gps coordinate_gps szerokosc_geograficzna dlugosc_geograficzna enlem boylam широта
        долгота breedtegraad lengtegraad
    """,
    entities.TEXT: """
        nachricht kommentar bemerkung anmerkung notiz hinweis lieferhinweis mitteilung freitext zusatzinfo
        anliegen kundenwunsch beschwerde lebenslauf grusstext grussbotschaft anamnese beschwerden commentaire
        remarque instructions_livraison note_livraison observation precisions consigne_livraison comentario
        comentarios mensaje nota notas observacion observaciones instruccion_entrega instrucciones_entrega
        indicaciones queja resena_texto messaggio commento osservazione osservazioni annotazioni
        istruzioni_consegna mensagem comentario_cliente observacao observacoes instrucoes_entrega opmerking
        opmerkingen bericht toelichting bezorginstructie uwaga uwagi komentarz wiadomosc poznamka zprava
        komentar meddelande anteckning kommentarer melding merknad besked viesti huomautus megjegyzes uzenet
        yorum mesaj notlar siparis_notu комментарий сообщение примечание заметка отзыв σχολια σημειωση μηνυμα
    """,
}
