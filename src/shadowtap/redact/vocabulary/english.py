"""English names of personal fields, word by word, and those that many languages share."""

from __future__ import annotations

from shadowtap.redact import entities

KINDS: dict[str, str] = {
    entities.SECRET: """
        password passwd pwd pw pswd pass_word passphrase pass_phrase passcode pass_code user_pass login_pass
        client_pass pass pin pin_code pin_number otp totp hotp mfa_code two_factor_code 2fa_code sms_code
        email_code tan verification_code verify_code activation_code recovery_code backup_code reset_code
        login_code auth_code authorization_code authentication_code one_time_code one_time_password
        one_time_passcode one_time_pin confirmation_code confirm_code access_code door_code gate_code
        entry_code alarm_code unlock_code secret_code captcha_code magic_code pairing_code secret token
        access_token refresh_token id_token auth_token api_token session_token magic_link api_key api_secret
        app_key app_secret client_secret private_key secret_key access_key access_key_id encryption_key
        signing_key auth_key consumer_key license_key webhook_key account_key storage_key ssh_key master_key
        service_key publishable_key deploy_key bearer jwt authorization auth authentication credential
        credentials session session_id session_key sess_id php_sess_id j_session_id sid csrf csrf_token xsrf
        csrf_middleware_token authenticity_token request_verification_token cookie security_answer
        secret_answer answer_security_question security_question_answer challenge_answer signature sig hmac
        nonce_secret seed_phrase mnemonic_phrase recovery_phrase passkey connection_string secret_word
        memorable_word
    """,
    entities.EMAIL: """
        email e_mail mail email_address mail_address email_addr mail_addr email_id mail_id mailto reply_to
        email_to email_from email_cc email_bcc notify_email username_email inbox_address smtp_address upn
        user_principal_name
    """,
    entities.PHONE: """
        phone telephone tel mobile cell cellphone cellular landline fax facsimile msisdn whatsapp whats_app
        viber phone_number phone_no phone_num mobile_number mobile_no mobile_phone telephone_number tel_no
        tel_nr contact_number contact_no contact_num contact_phone caller_id callback_number call_back_number
        callback_phone fax_number home_phone work_phone sms_number sms_to phone_e164 e164 dial_number
        phone_ext phone_extension emergency_number subscriber_number pager mob_no caller_number called_number
        dnis mobile_tel cell_no cell_number
    """,
    entities.PERSON: """
        first_name last_name surname full_name given_name family_name middle_name maiden_name forename
        second_name f_name l_name m_name first_nm last_nm middle_nm full_nm cust_nm given_names forenames
        surnames real_name legal_name birth_name person_name customer_name client_name card_holder
        card_holder_name card_name name_on_card name_card account_holder account_holder_name holder_name
        account_name owner_name recipient recipient_name addressee consignee consignor beneficiary
        beneficiary_name payee payee_name payer payer_name payor remitter signatory signatory_name
        signer_name contact_name contact_person care_of attention attn next_of_kin mothers_name fathers_name
        mother_maiden spouse guardian initials middle_initial salutation_name patronymic patronym
        christian_name preferred_name given_nm family_nm insured_person policy_holder name_first name_last
        name_middle name_full name_given name_family father_name mother_name sibling_name spouse_name
        deceased_name nok_name bride groom cnee shipper_name drawer_name undersigned
    """,
    entities.USERNAME: """
        username login login_name login_id user_login user_handle screen_name nickname nick nick_name
        sam_account_name account_login twitter twitter_handle instagram instagram_handle insta skype skype_id
        skype_name telegram wechat wechat_id weixin wx_id qq qq_number discord_tag discord_name gamertag
        gamer_tag player_name facebook_id linkedin_profile snapchat tiktok_handle github_username kakao_id
        kakaotalk user_nm uname user_alias member_login logon logon_name signin_name sign_in_name
        windows_user unix_user principal_name psn_id steam_name mastodon_handle paypal_me venmo
    """,
    entities.STREET: """
        street street_address street_name street_number street_no street_line street_line_1 address addr
        address_line address_line_1 address_line_2 address_line_3 addr_line line_1 line_2 line_3 address_1
        address_2 address_3 addr_1 addr_2 street_1 street_2 street_3 full_address home_address home_addr
        postal_address mailing_address shipping_address billing_address delivery_address residential_address
        registered_address permanent_address current_address previous_address ship_to_address bill_to_address
        pickup_address dropoff_address property_address house house_number house_no house_name building
        building_name building_number apartment apt apt_number apt_no flat_number flat_no unit_number
        suite_number po_box post_box p_o_box thoroughfare premise premises premise_name
        dependent_thoroughfare formatted_address address_text address_full street_and_number road_name
        doorplate landmark nearest_landmark
    """,
    entities.CITY: """
        city city_name town town_name town_city city_town district locality sub_locality suburb neighborhood
        neighbourhood village borough parish hamlet home_town hometown birth_place birthplace place_of_birth
        birth_city city_of_birth birth_town town_of_birth city_of_residence place_of_residence post_town
        municipality place_of_death arrondissement barangay
    """,
    entities.POSTAL_CODE: """
        zip zip_code zip_4 zip_plus_4 postcode post_code postal_code postal post_number zip_postal_code
        zip_or_postal_code postal_zip area_pincode pincode eircode
    """,
    entities.CARD: """
        card card_number card_no card_num card_nr pan primary_account_number credit_card credit_card_number
        credit_card_no cc_number cc_num cc_no cc debit_card debit_card_number debit_card_no payment_card
        payment_card_number bank_card bank_card_number card_last_4 last_4 last_four card_pan account_pan fpan
        dpan gift_card_number card_last_four charge_card cc_last_4 card_bin_last4
    """,
    entities.CVV: """
        cvv cvc cvv2 cvc2 csc cvn cid_code cvd cav card_code security_code card_security_code
        card_verification_value card_verification_code card_verification_number card_verification card_cvc
        card_cvv cvv_code cv2 card_validation_code verification_value card_check_digits
    """,
    entities.IBAN: "iban iban_number iban_code iban_no bank_iban",
    entities.ACCOUNT: """
        account_number account_no account_num account_nr acct_number acct_no acct_num acct bank_account
        bank_account_number bank_account_no bank_acct sort_code routing_number routing_no aba_number aba
        transit_number bsb bsb_number clabe wallet wallet_address bitcoin_address btc_address eth_address
        crypto_address bban savings_account checking_account current_account_number payee_account
        beneficiary_account debtor_account creditor_account ifsc_account swift_account giro_number giro
        brokerage_account sepa_mandate_reference mandate_reference upi_id vpa pix_key
    """,
    entities.SSN: """
        ssn social_security social_security_number social_security_no soc_sec_no soc_sec_number ss_number
        ss_no ssn_number ssn_last_4 ssn_4 last_4_ssn soc_sec us_ssn
    """,
    entities.ID: """
        national_id national_id_number national_id_no national_identifier national_identity
        national_identity_number national_insurance national_insurance_number national_insurance_no
        nat_ins_no nat_ins ni_number ni_no nino sin sin_number social_insurance_number id_number id_no
        id_card id_card_number id_card_no identity_card identity_card_number identity_number identity_no
        identity_document identity_document_number identification_number identification_no document_number
        document_no id_document id_document_number personal_id personal_id_number personal_number
        personal_identity_number personal_identification_number person_number citizen_id citizen_number
        citizen_service_number resident_id resident_id_number resident_registration_number resident_number
        residence_permit residence_permit_number civil_id civil_number emirates_id iqama government_id
        government_issued_id govt_id gov_id state_id photo_id tribal_id immigration_number alien_number
        a_number visa_number green_card work_permit_number tax_id tax_number tax_no taxpayer_id tax_payer_id
        taxpayer_number tax_identification_number tax_identifier tax_file_number tax_reference
        tax_registration_number fiscal_code fiscal_number fiscal_id tin itin ein tfn utr vat vat_id
        vat_number vat_no vat_registration_number gst_number gstin abn_number passport passport_number
        passport_no passport_num passport_id passport_book_number travel_document travel_document_number
        driver_license driver_license_number drivers_license drivers_license_number driver_licence
        driver_licence_number drivers_licence driving_license driving_licence driving_licence_number
        driving_licence_no driving_license_number license_number licence_number license_no licence_no
        drivers_permit dl dl_number dl_no dln voter_id voter_number voter_registration nhs nhs_number nhs_no
        medicare medicare_number medicare_id medicaid medicaid_id mbi health_number health_card
        health_card_number health_id health_insurance_number health_insurance_id health_plan_id
        insurance_number insurance_no insurance_id insurance_policy_number insurance_policy
        insurance_card_number policy_number policy_no member_id member_number member_no subscriber_id mrn
        medical_record_number medical_record_no medical_record medical_id chart_number patient_id
        patient_number patient_no patient_identifier patient_account_number npi dea_number employee_number
        employee_no employee_id staff_number staff_no personnel_number personnel_no payroll_number
        student_number student_no student_id matriculation_number badge_number prisoner_number inmate_number
        service_number military_id frequent_flyer_number frequent_flyer loyalty_number known_traveler_number
        ktn redress_number claim_number license_plate licence_plate license_plate_number number_plate plate
        plate_number plate_no vehicle_registration vehicle_registration_number registration_plate
        car_registration car_plate vrm vrn vehicle_plate vin vin_number vehicle_identification_number
        chassis_number birth_certificate_number marriage_certificate_number aadhaar aadhar aadhaar_number
        uidai pan_number pan_card voter_card ration_card nric nric_number fin_number hkid mykad ic_number nrc
        cnic nadra_id ghana_card bvn ninumber philhealth tin_number umid
    """,
    entities.BIRTH: """
        dob d_o_b date_of_birth birth_date birth_day birthday birthdate birth_dt birth_year birth_month birth
        year_of_birth month_of_birth day_of_birth bday born born_on born_at date_birth dt_birth birth_dttm
        date_of_death death_date deceased_on dob_year dob_month dob_day
    """,
    entities.IP: """
        ip ip_address ip_addr client_ip remote_ip remote_addr user_ip source_ip src_ip dst_ip ipv4 ipv6
        last_ip signup_ip login_ip peer_ip origin_ip
    """,
    entities.DEVICE: """
        device_id device_uid device_uuid device_identifier udid idfa idfv gaid adid aaid advertising_id
        android_id imei imei_2 imei_number meid imsi iccid sim_number sim_serial esim_id device_serial
        device_serial_number serial_number serial_no device_fingerprint browser_fingerprint fingerprint
        visitor_id installation_id install_id hardware_id hwid mac_address push_token device_token fcm_token
        apns_token vendor_identifier
    """,
    entities.GEO: """
        lat latitude lon lng long longitude lat_lng lat_lon lat_long geo geo_lat geo_lng geo_lon geolocation
        geo_location geo_point coordinate coordinates coords gps gps_location gps_coordinates home_location
    """,
    entities.TEXT: """
        comment message note memo remark feedback bio biography about_me about_you self_introduction
        instruction delivery_instruction special_instruction delivery_note gift_message gift_note review_text
        testimonial complaint diagnosis symptom medical_history allergies special_request
        additional_information further_information free_text freetext inquiry enquiry motivation cover_letter
        personal_statement narrative observation clinical_note message_body chat_message msg_text transcript
        personal_message greeting_text obituary
    """,
}
