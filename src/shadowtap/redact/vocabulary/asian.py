"""Names of personal fields in Asian languages, transcribed too."""

from __future__ import annotations

from shadowtap.redact import entities

KINDS: dict[str, str] = {
    entities.SECRET: """
        密码 密碼 口令 验证码 驗證碼 校验码 动态码 激活码 令牌 密钥 私钥 秘钥 密保答案 安全答案 支付密码
        签名密钥 mima mi_ma yanzhengma yan_zheng_ma lingpai miyao zhifu_mima パスワード 暗証番号 認証コード
        確認コード 合言葉 비밀번호 암호 인증번호 인증코드 mat_khau ma_otp ma_xac_nhan ma_xac_thuc kata_sandi
        sandi kode_otp kode_verifikasi पासवर्ड كلمة_المرور كلمة_السر رمز_التحقق
    """,
    entities.EMAIL: """
        邮箱 郵箱 邮件 电子邮箱 电子邮件 電子郵件 邮箱地址 邮件地址 信箱 youxiang dianzi_youjian
        dianziyoujian メール メールアドレス 電子メール メアド 이메일 메일 전자우편 thu_dien_tu surel
        alamat_email ईमेल البريد_الإلكتروني البريد
    """,
    entities.PHONE: """
        手机 手機 手机号 手机号码 手機號碼 电话 電話 电话号 电话号码 電話號碼 联系电话 聯絡電話 联系方式 座机
        座机号 固定电话 固话 传真 來電 移动电话 shouji shouji_hao shoujihao shoujihaoma dianhua dianhua_haoma
        lianxi_dianhua lianxi_fangshi zuoji 電話番号 携帯 携帯電話 携帯番号 連絡先 ケータイ ファックス 전화
        전화번호 휴대폰 휴대전화 핸드폰 연락처 휴대폰번호 so_dien_thoai dien_thoai sdt di_dong telepon
        nomor_telepon no_telepon no_telp no_telpon no_hp nomor_hp ponsel फ़ोन मोबाइल फोन_नंबर الهاتف
        رقم_الهاتف الجوال رقم_الجوال رقم_الموبايل
    """,
    entities.PERSON: """
        姓名 名字 姓 名 姓氏 全名 真实姓名 客户姓名 中文名 英文名 收货人 收件人 联系人 聯絡人 持卡人 寄件人
        发件人 户名 开户名 收款人 付款人 被保险人 投保人 受益人 紧急联系人 監護人 监护人 申请人 法人姓名 乘客
        旅客 患者姓名 曾用名 xingming xing_ming shouhuoren shoujianren lianxiren chikaren zhenshi_xingming
        ming_zi mingzi 氏名 お名前 名前 苗字 名字 フリガナ ふりがな 氏名カナ カナ 宛名 受取人 届け先名 セイ
        メイ 이름 성명 성함 성 받는사람 수령인 예금주 ho_ten ho_va_ten ten_day_du ten_khach_hang ho_dem
        nguoi_nhan ten_nguoi_nhan nama nama_lengkap nama_depan nama_belakang nama_ibu nama_penerima penerima
        pemegang_kartu नाम पूरा_नाम الاسم اسم الاسم_الكامل اسم_العائلة الاسم_الأول
    """,
    entities.USERNAME: """
        用户名 用戶名 昵称 暱稱 登录名 登录账号 账户名 微信 微信号 网名 yonghuming nicheng weixin_hao
        weixinhao denglu_ming zhanghu_ming ユーザー名 ニックネーム ログインID 닉네임 아이디 사용자명 별명
        ten_dang_nhap ten_tai_khoan nama_pengguna nama_akun اسم_المستخدم
    """,
    entities.STREET: """
        地址 详细地址 詳細地址 收货地址 收件地址 住址 街道 家庭住址 通讯地址 邮寄地址 居住地址 户籍地址
        现住址 联系地址 单位地址 街道地址 门牌号 小区 楼栋 dizhi di_zhi xiangxi_dizhi shouhuo_dizhi
        jiating_zhuzhi zhuzhi jiedao menpaihao 住所 番地 建物名 丁目番地 町名 住所1 届け先住所 マンション名
        주소 상세주소 도로명주소 배송지 우편주소 dia_chi dia_chi_nha dia_chi_giao_hang so_nha alamat
        alamat_rumah alamat_lengkap alamat_pengiriman पता العنوان عنوان الشارع
    """,
    entities.CITY: """
        城市 市 区县 县 所在城市 所在地 出生地 籍贯 户籍地 市区 居住城市 chengshi quxian chushengdi jiguan
        市区町村 市町村 都市 出生地 本籍 도시 시군구 출생지 thanh_pho quan_huyen huyen noi_sinh que_quan kota
        kabupaten kecamatan kelurahan tempat_lahir शहर المدينة مدينة مكان_الميلاد
    """,
    entities.POSTAL_CODE: """
        邮编 郵編 邮政编码 郵遞區號 邮政 youbian youzheng_bianma 郵便番号 우편번호 ma_buu_chinh ma_buu_dien
        kode_pos kodepos पिन_कोड الرمز_البريدي
    """,
    entities.CARD: """
        卡号 卡號 银行卡 银行卡号 信用卡 信用卡号 储蓄卡号 借记卡号 kahao ka_hao yinhangka yinhangka_hao
        xinyongka カード番号 クレジットカード クレジットカード番号 카드번호 신용카드 so_the the_tin_dung
        nomor_kartu kartu_kredit رقم_البطاقة
    """,
    entities.CVV: "安全码 卡安全码 anquanma セキュリティコード 보안코드",
    entities.IBAN: "国际银行账号",
    entities.ACCOUNT: """
        账户 账号 帐号 账户号 账户号码 银行账号 银行账户 银行帐号 收款账号 支付宝 支付宝账号 zhanghao
        zhang_hao zhanghu yinhang_zhanghao zhifubao 口座 口座番号 銀行口座 계좌 계좌번호 은행계좌
        so_tai_khoan tai_khoan_ngan_hang nomor_rekening no_rekening rekening_bank رقم_الحساب
    """,
    entities.ID: """
        身份证 身份證 身份证号 身份证号码 证件号 证件号码 證件號碼 居民身份证 护照 護照 护照号 护照号码
        驾驶证 驾驶证号 驾照 驾照号 车牌 车牌号 车牌号码 车架号 社保号 社保卡号 社会保障号 医保卡号 医保号
        病历号 住院号 门诊号 就诊卡号 工号 学号 员工编号 税号 纳税人识别号 统一社会信用代码 港澳通行证 军官证
        户口 保单号 会员号 shenfenzheng shenfenzheng_hao shenfenzhenghao sfz sfz_hao sfzh zjhm zhengjian_hao
        zhengjian_haoma huzhao huzhao_hao jiazhao chepai chepai_hao chepaihao shebao_hao yibao_kahao
        マイナンバー 個人番号 免許証番号 運転免許証番号 旅券番号 パスポート番号 保険証番号 社員番号 学籍番号
        ナンバープレート 診察券番号 会員番号 주민번호 주민등록번호 외국인등록번호 여권번호 운전면허번호
        면허번호 사업자번호 차량번호 학번 사번 보험번호 회원번호 jumin jumin_number jumin_no rrn cmnd cccd
        so_cmnd so_cccd can_cuoc can_cuoc_cong_dan so_ho_chieu ho_chieu bien_so bien_so_xe giay_phep_lai_xe
        ma_so_thue bhxh ktp no_ktp nomor_ktp nik npwp no_npwp paspor no_paspor plat_nomor bpjs no_bpjs आधार
        आधार_संख्या पैन رقم_الهوية الرقم_القومي جواز_السفر رقم_الجواز رخصة_القيادة
    """,
    entities.BIRTH: """
        生日 出生日期 出生年月 出生年月日 出生 生于 shengri chusheng_riqi chushengriqi chusheng_nianyue
        生年月日 誕生日 생년월일 생일 출생일 ngay_sinh ngay_thang_nam_sinh nam_sinh sinh_nhat tanggal_lahir
        tgl_lahir tahun_lahir lahir जन्म_तिथि जन्मदिन تاريخ_الميلاد
    """,
    entities.IP: "IP地址 IP住址",
    entities.DEVICE: "设备号 设备编号 设备序列号 序列号 shebei_hao 端末番号 シリアル番号 기기번호 일련번호",
    entities.GEO: "纬度 经度 坐标 定位 weidu jingdu 緯度 経度 座標 위도 경도 vi_do kinh_do",
    entities.TEXT: """
        备注 備註 留言 评论 附言 消息 买家留言 订单备注 反馈 意见 说明 个人简介 个性签名 自我介绍 投诉内容
        病情描述 主诉 beizhu liuyan pinglun fankui 備考 メッセージ コメント ご要望 自己紹介 메모 메시지 댓글
        비고 배송메모 문의내용 ghi_chu tin_nhan loi_nhan binh_luan catatan pesan komentar keterangan टिप्पणी
        संदेश ملاحظات رسالة تعليق
    """,
}
