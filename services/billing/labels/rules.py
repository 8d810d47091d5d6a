"""The words on a document, in the languages that we bring: a table. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from stationery.languages import look_up
from stationery.words import read_words

FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Labels:
    """The words on a document in one language. `page` holds {page} and {pages}, `tax_on` {percent} and
    {net}, `enclosed` and `billed_ahead` {document}. `costs` is what paying late costs, `credited`
    says what becomes of credit."""

    invoice: str
    credit_note: str
    debit_note: str
    receipt: str
    costs: str
    issued: str
    account: str
    order: str
    shipment: str
    period: str
    refers_to: str
    tax_id: str
    reason: str
    description: str
    quantity: str
    price: str
    tax: str
    net: str
    tax_on: str
    total: str
    paid: str
    to_pay: str
    due: str
    pay_to: str
    reference: str
    scan: str
    copy: str
    page: str
    enclosed: str
    reverse_charge: str
    credited: str
    billed_ahead: str


def choose_labels(language: str) -> tuple[str, Labels]:
    """The tag of the labels that fit a reader best (RFC 4647), and the labels; English for others."""
    tag = look_up(language, LABELS) or FALLBACK_LANGUAGE
    return tag, LABELS[tag]


# In the order of the fields above.
_WORDS = """
en: Invoice | Credit note | Debit note | Receipt | Costs of late payment | Date | Account
    | Your order | Delivery | Service period | For invoice | Your tax number | Reason | Description
    | Quantity | Unit price | Tax | Net | Tax {percent} on {net} | Total | Already paid | Amount due
    | Due | Please pay to | Payment reference | Scan to pay | Copy | Page {page} of {pages}
    | Please find enclosed a copy of: {document}. | Reverse charge: the recipient owes the tax
    | The amount is credited to your account. | Billed ahead on invoice {document}
de: Rechnung | Gutschrift (Rechnungskorrektur) | Belastungsanzeige | Quittung | Verzugskosten
    | Datum | Kundennummer | Ihre Bestellung | Lieferung | Leistungszeitraum | Zu Rechnung
    | Ihre Steuernummer | Grund | Bezeichnung | Menge | Einzelpreis | Steuer | Netto
    | Steuer {percent} auf {net} | Gesamtbetrag | Bereits bezahlt | Zu zahlen | Fällig
    | Bitte zahlen Sie an | Verwendungszweck | Zum Bezahlen scannen | Kopie
    | Seite {page} von {pages} | Anbei erhalten Sie eine Kopie: {document}.
    | Steuerschuldnerschaft des Leistungsempfängers | Der Betrag wird Ihrem Konto gutgeschrieben.
    | Vorab berechnet mit Rechnung {document}
fr: Facture | Avoir | Note de débit | Reçu | Frais de retard | Date | N° de client | Votre commande
    | Livraison | Période de prestation | Pour la facture | Votre n° fiscal | Motif | Désignation
    | Quantité | Prix unitaire | Taxe | Net | Taxe {percent} sur {net} | Total | Déjà payé | À payer
    | Échéance | À payer à | Référence de paiement | Scannez pour payer | Copie
    | Page {page} sur {pages} | Veuillez trouver ci-joint une copie : {document}. | Autoliquidation
    | Le montant est porté au crédit de votre compte. | Facturé d’avance par la facture {document}
es: Factura | Factura rectificativa | Nota de cargo | Recibo | Gastos de demora | Fecha
    | N.º de cliente | Su pedido | Entrega | Período de servicio | De la factura | Su número fiscal
    | Motivo | Descripción | Cantidad | Precio unitario | Impuesto | Neto
    | Impuesto {percent} sobre {net} | Total | Ya pagado | A pagar | Vencimiento | Pague a
    | Referencia de pago | Escanee para pagar | Copia | Página {page} de {pages}
    | Adjuntamos una copia: {document}. | Inversión del sujeto pasivo
    | El importe se abona en su cuenta. | Facturado por anticipado en la factura {document}
it: Fattura | Nota di credito | Nota di debito | Ricevuta | Spese di mora | Data | Codice cliente
    | Il Vostro ordine | Consegna | Periodo di prestazione | Per la fattura
    | Il Vostro codice fiscale | Motivo | Descrizione | Quantità | Prezzo unitario | Imposta | Netto
    | Imposta {percent} su {net} | Totale | Già pagato | Da pagare | Scadenza | Pagare a
    | Riferimento del pagamento | Inquadrare per pagare | Copia | Pagina {page} di {pages}
    | In allegato una copia: {document}. | Inversione contabile
    | L’importo è accreditato sul Vostro conto. | Fatturato in anticipo con la fattura {document}
nl: Factuur | Creditnota | Debetnota | Kwitantie | Kosten van te late betaling | Datum | Klantnummer
    | Uw bestelling | Levering | Dienstperiode | Bij factuur | Uw btw-nummer | Reden | Omschrijving
    | Aantal | Prijs per stuk | Btw | Netto | Btw {percent} over {net} | Totaal | Reeds betaald
    | Te betalen | Vervaldatum | Graag betalen aan | Betalingskenmerk | Scan om te betalen | Kopie
    | Pagina {page} van {pages} | Bijgaand een kopie: {document}. | Btw verlegd
    | Het bedrag wordt op uw rekening bijgeschreven. | Vooraf gefactureerd op factuur {document}
pt: Fatura | Nota de crédito | Nota de débito | Recibo | Encargos de mora | Data | N.º de cliente
    | A sua encomenda | Entrega | Período de serviço | Da fatura | O seu número fiscal | Motivo
    | Descrição | Quantidade | Preço unitário | Imposto | Líquido | Imposto {percent} sobre {net}
    | Total | Já pago | A pagar | Vencimento | Pague a | Referência de pagamento
    | Digitalize para pagar | Cópia | Página {page} de {pages}
    | Segue em anexo uma cópia: {document}. | Autoliquidação | O montante é creditado na sua conta.
    | Faturado antecipadamente na fatura {document}
pl: Faktura | Faktura korygująca | Nota obciążeniowa | Pokwitowanie | Koszty opóźnienia | Data
    | Numer klienta | Państwa zamówienie | Dostawa | Okres usługi | Do faktury | Państwa NIP | Powód
    | Opis | Ilość | Cena jednostkowa | Podatek | Netto | Podatek {percent} od {net} | Razem
    | Już zapłacono | Do zapłaty | Termin płatności | Prosimy o zapłatę na | Tytuł płatności
    | Zeskanuj, aby zapłacić | Kopia | Strona {page} z {pages}
    | W załączeniu przesyłamy kopię: {document}. | Odwrotne obciążenie
    | Kwotę zapisano na Państwa koncie. | Rozliczono z góry na fakturze {document}
cs: Faktura | Dobropis | Vrubopis | Příjmový doklad | Náklady prodlení | Datum | Číslo zákazníka
    | Vaše objednávka | Dodávka | Období plnění | K faktuře | Vaše DIČ | Důvod | Popis | Množství
    | Jednotková cena | Daň | Základ | Daň {percent} z {net} | Celkem | Již uhrazeno | K úhradě
    | Splatnost | Zaplaťte na účet | Variabilní údaj platby | Naskenujte a zaplaťte | Kopie
    | Strana {page} z {pages} | V příloze zasíláme kopii: {document}. | Daň odvede zákazník
    | Částka je připsána na Váš účet. | Vyúčtováno předem fakturou {document}
sk: Faktúra | Dobropis | Ťarchopis | Príjmový doklad | Náklady omeškania | Dátum | Číslo zákazníka
    | Vaša objednávka | Dodávka | Obdobie plnenia | K faktúre | Vaše DIČ | Dôvod | Popis | Množstvo
    | Jednotková cena | Daň | Základ | Daň {percent} z {net} | Spolu | Už uhradené | Na úhradu
    | Splatnosť | Zaplaťte na účet | Referencia platby | Naskenujte a zaplaťte | Kópia
    | Strana {page} z {pages} | V prílohe posielame kópiu: {document}.
    | Prenesenie daňovej povinnosti | Suma je pripísaná na Váš účet.
    | Vyúčtované vopred faktúrou {document}
hu: Számla | Jóváíró számla | Terhelési értesítő | Nyugta | Késedelmi költségek | Kelt | Ügyfélszám
    | Az Ön rendelése | Szállítás | Teljesítési időszak | Számlához | Az Ön adószáma | Indok
    | Megnevezés | Mennyiség | Egységár | Adó | Nettó | {percent} adó erre: {net} | Összesen
    | Már fizetve | Fizetendő | Esedékesség | Kérjük, ide fizessen | Közlemény
    | Fizetéshez olvassa be | Másolat | {page}. oldal, összesen {pages}
    | Mellékelten másolat: {document}. | Fordított adózás | Az összeget jóváírjuk számláján.
    | Előre kiszámlázva ezen a számlán: {document}
ro: Factură | Notă de credit | Notă de debit | Chitanță | Costuri de întârziere | Data
    | Număr client | Comanda dvs. | Livrare | Perioada serviciului | Pentru factura
    | Codul dvs. fiscal | Motiv | Descriere | Cantitate | Preț unitar | Taxă | Net
    | Taxă {percent} la {net} | Total | Deja plătit | De plată | Scadență | Vă rugăm plătiți la
    | Referința plății | Scanați pentru plată | Copie | Pagina {page} din {pages}
    | Alăturat o copie: {document}. | Taxare inversă | Suma este creditată în contul dvs.
    | Facturat în avans pe factura {document}
sv: Faktura | Kreditfaktura | Debetnota | Kvitto | Kostnader för sen betalning | Datum | Kundnummer
    | Er beställning | Leverans | Tjänsteperiod | Till faktura | Ert skattenummer | Skäl
    | Beskrivning | Antal | Pris per enhet | Moms | Netto | Moms {percent} på {net} | Summa
    | Redan betalt | Att betala | Förfallodag | Betala till | Betalningsreferens | Skanna och betala
    | Kopia | Sida {page} av {pages} | Bifogat finns en kopia: {document}.
    | Omvänd betalningsskyldighet | Beloppet krediteras ert konto.
    | Fakturerat i förskott på faktura {document}
da: Faktura | Kreditnota | Debetnota | Kvittering | Omkostninger ved sen betaling | Dato
    | Kundenummer | Jeres ordre | Levering | Ydelsesperiode | Til faktura | Jeres momsnummer | Årsag
    | Beskrivelse | Antal | Enhedspris | Moms | Netto | Moms {percent} af {net} | I alt
    | Allerede betalt | At betale | Forfaldsdato | Betal venligst til | Betalingsreference
    | Scan og betal | Kopi | Side {page} af {pages} | Vedlagt er en kopi: {document}.
    | Omvendt betalingspligt | Beløbet krediteres jeres konto.
    | Faktureret forud på faktura {document}
fi: Lasku | Hyvityslasku | Veloituslasku | Kuitti | Viivästyskulut | Päiväys | Asiakasnumero
    | Tilauksenne | Toimitus | Palvelujakso | Laskuun | Verotunnisteenne | Peruste | Kuvaus | Määrä
    | Yksikköhinta | Vero | Netto | Vero {percent}, peruste {net} | Yhteensä | Jo maksettu
    | Maksettavaa | Eräpäivä | Maksakaa tilille | Maksun viite | Skannaa ja maksa | Kopio
    | Sivu {page}/{pages} | Liitteenä kopio: {document}. | Käännetty verovelvollisuus
    | Summa hyvitetään tilillenne. | Laskutettu ennakkoon laskulla {document}
nb: Faktura | Kreditnota | Debetnota | Kvittering | Kostnader ved sen betaling | Dato | Kundenummer
    | Deres bestilling | Levering | Tjenesteperiode | Til faktura | Deres organisasjonsnummer
    | Grunn | Beskrivelse | Antall | Enhetspris | Mva. | Netto | Mva. {percent} av {net} | Sum
    | Allerede betalt | Å betale | Forfallsdato | Vennligst betal til | Betalingsreferanse
    | Skann og betal | Kopi | Side {page} av {pages} | Vedlagt er en kopi: {document}.
    | Omvendt avgiftsplikt | Beløpet krediteres Deres konto.
    | Fakturert på forskudd på faktura {document}
el: Τιμολόγιο | Πιστωτικό τιμολόγιο | Χρεωστικό σημείωμα | Απόδειξη | Έξοδα καθυστέρησης
    | Ημερομηνία | Αριθμός πελάτη | Η παραγγελία σας | Παράδοση | Περίοδος υπηρεσίας
    | Για το τιμολόγιο | Ο ΑΦΜ σας | Αιτία | Περιγραφή | Ποσότητα | Τιμή μονάδας | Φόρος | Καθαρό
    | Φόρος {percent} επί {net} | Σύνολο | Ήδη πληρωμένο | Πληρωτέο | Λήξη
    | Πληρώστε στον λογαριασμό | Αιτιολογία πληρωμής | Σαρώστε για πληρωμή | Αντίγραφο
    | Σελίδα {page} από {pages} | Συνημμένα θα βρείτε αντίγραφο: {document}. | Αντίστροφη επιβάρυνση
    | Το ποσό πιστώνεται στον λογαριασμό σας.
    | Τιμολογήθηκε εκ των προτέρων με το τιμολόγιο {document}
tr: Fatura | Alacak dekontu | Borç dekontu | Makbuz | Gecikme masrafları | Tarih | Müşteri no.
    | Siparişiniz | Teslimat | Hizmet dönemi | İlgili fatura | Vergi numaranız | Sebep | Açıklama
    | Miktar | Birim fiyat | Vergi | Net | {net} üzerinden {percent} vergi | Toplam | Ödenmiş
    | Ödenecek | Vade tarihi | Ödeme hesabı | Ödeme açıklaması | Ödemek için tarayın | Kopya
    | Sayfa {page} / {pages} | Ekte bir kopyası: {document}. | Vergiyi alıcı öder (ters yükümlülük)
    | Tutar hesabınıza alacak kaydedilir. | Önceden faturalandı, fatura: {document}
ru: Счёт | Кредит-нота | Дебет-нота | Квитанция | Расходы из-за просрочки | Дата | Номер клиента
    | Ваш заказ | Поставка | Период оказания услуг | К счёту | Ваш налоговый номер | Причина
    | Наименование | Количество | Цена за единицу | Налог | Без налога | Налог {percent} с {net}
    | Итого | Уже оплачено | К оплате | Срок оплаты | Просим оплатить на счёт | Назначение платежа
    | Отсканируйте для оплаты | Копия | Страница {page} из {pages} | Прилагаем копию: {document}.
    | Налог уплачивает получатель (обратное начисление) | Сумма зачислена на ваш счёт.
    | Выставлено заранее по счёту {document}
uk: Рахунок | Кредит-нота | Дебет-нота | Квитанція | Витрати через прострочення | Дата
    | Номер клієнта | Ваше замовлення | Доставка | Період послуг | До рахунку | Ваш податковий номер
    | Причина | Найменування | Кількість | Ціна за одиницю | Податок | Без податку
    | Податок {percent} із {net} | Разом | Уже сплачено | До сплати | Строк оплати
    | Просимо сплатити на рахунок | Призначення платежу | Скануйте для оплати | Копія
    | Сторінка {page} з {pages} | Додаємо копію: {document}.
    | Податок сплачує одержувач (зворотне нарахування) | Суму зараховано на ваш рахунок.
    | Виставлено наперед за рахунком {document}
bg: Фактура | Кредитно известие | Дебитно известие | Разписка | Разходи за забава | Дата
    | Клиентски номер | Вашата поръчка | Доставка | Период на услугата | Към фактура
    | Вашият данъчен номер | Основание | Описание | Количество | Единична цена | Данък | Нето
    | Данък {percent} върху {net} | Общо | Вече платено | За плащане | Падеж | Моля, платете на
    | Основание за плащане | Сканирайте за плащане | Копие | Страница {page} от {pages}
    | Приложено копие: {document}. | Обратно начисляване | Сумата се отнася в полза на сметката Ви.
    | Фактурирано предварително с фактура {document}
ja: 請求書 | 返金通知書（赤伝） | 追加請求書 | 領収書 | 支払遅延費用 | 発行日 | お客様番号
    | ご注文番号 | 納品 | 提供期間 | 対象請求書 | 貴社税務番号 | 理由 | 品目 | 数量 | 単価 | 税率
    | 税抜金額 | 消費税 {percent}（対象 {net}） | 合計 | お支払済 | お支払金額 | 支払期日 | お振込先
    | お振込時の参照番号 | スキャンしてお支払い | 写し | {page} / {pages} ページ
    | 写しを添付いたします：{document}。 | リバースチャージ：納税義務は受領者にあります
    | 金額はお客様の口座残高に充当されます。 | 前払い請求分（請求書 {document}）
zh-Hans: 发票 | 贷项通知单 | 借项通知单 | 收据 | 逾期费用 | 日期 | 客户编号 | 贵方订单 | 发货
    | 服务期间 | 对应发票 | 贵方税号 | 原因 | 名称 | 数量 | 单价 | 税率 | 净额
    | 税额 {percent}（计税额 {net}） | 合计 | 已付 | 应付金额 | 到期日 | 收款账户 | 付款附言
    | 扫码付款 | 副本 | 第 {page} 页，共 {pages} 页 | 随附副本：{document}。
    | 反向征收：由接收方缴纳税款 | 金额已记入贵方账户。 | 已在发票 {document} 中预先开具
zh-Hant: 發票 | 貸項通知單 | 借項通知單 | 收據 | 逾期費用 | 日期 | 客戶編號 | 貴方訂單 | 出貨
    | 服務期間 | 對應發票 | 貴方稅號 | 原因 | 名稱 | 數量 | 單價 | 稅率 | 淨額
    | 稅額 {percent}（計稅額 {net}） | 合計 | 已付 | 應付金額 | 到期日 | 收款帳戶 | 付款附言
    | 掃描付款 | 副本 | 第 {page} 頁，共 {pages} 頁 | 隨附副本：{document}。
    | 反向徵收：由接收方繳納稅款 | 金額已記入貴方帳戶。 | 已於發票 {document} 中預先開立
ko: 청구서 | 대변표 | 차변표 | 영수증 | 연체 비용 | 발행일 | 고객 번호 | 귀사 주문번호 | 납품
    | 서비스 기간 | 대상 청구서 | 귀사 사업자번호 | 사유 | 품목 | 수량 | 단가 | 세율 | 공급가액
    | 세금 {percent} (공급가액 {net}) | 합계 | 기지급액 | 지급할 금액 | 지급 기한 | 입금 계좌
    | 입금 참조 | 스캔하여 지급 | 사본 | {page} / {pages} 쪽 | 사본을 첨부합니다: {document}.
    | 역과세: 수령인이 세금을 납부합니다 | 금액은 귀사 계정에 입금 처리됩니다.
    | 선청구분(청구서 {document})
ar: فاتورة | إشعار دائن | إشعار مدين | إيصال | تكاليف التأخر في السداد | التاريخ | رقم العميل
    | طلبكم | التسليم | فترة الخدمة | للفاتورة | رقمكم الضريبي | السبب | الوصف | الكمية | سعر الوحدة
    | الضريبة | الصافي | ضريبة {percent} على {net} | الإجمالي | المدفوع سابقًا | المبلغ المستحق
    | تاريخ الاستحقاق | يرجى الدفع إلى | مرجع الدفع | امسح للدفع | نسخة | صفحة {page} من {pages}
    | مرفق نسخة من: {document}. | احتساب عكسي: الضريبة على المستلم | يُقيَّد المبلغ لحسابكم.
    | فُوتر مسبقًا في الفاتورة {document}
he: חשבונית | הודעת זיכוי | הודעת חיוב | קבלה | עלויות פיגור | תאריך | מספר לקוח | ההזמנה שלכם
    | משלוח | תקופת השירות | עבור חשבונית | מספר המס שלכם | סיבה | תיאור | כמות | מחיר ליחידה | מס
    | נטו | מס {percent} על {net} | סה״כ | שולם כבר | לתשלום | מועד פירעון | נא לשלם אל
    | אסמכתה לתשלום | סרקו לתשלום | העתק | עמוד {page} מתוך {pages} | מצורף העתק של: {document}.
    | חיוב הפוך: המס חל על המקבל | הסכום נזקף לזכות חשבונכם. | חויב מראש בחשבונית {document}
hi: चालान | क्रेडिट नोट | डेबिट नोट | रसीद | विलंब की लागत | दिनांक | ग्राहक संख्या | आपका आदेश
    | सुपुर्दगी | सेवा अवधि | संबंधित चालान | आपकी कर संख्या | कारण | विवरण | मात्रा | इकाई मूल्य
    | कर | शुद्ध | {net} पर {percent} कर | कुल | पहले भुगतान किया गया | देय राशि | देय तिथि
    | कृपया यहाँ भुगतान करें | भुगतान संदर्भ | भुगतान के लिए स्कैन करें | प्रति
    | पृष्ठ {page} / {pages} | संलग्न प्रति: {document}। | प्रतिलोम प्रभार: कर प्राप्तकर्ता देता है
    | राशि आपके खाते में जमा की जाती है। | चालान {document} में पहले से बिल किया गया
th: ใบแจ้งหนี้ | ใบลดหนี้ | ใบเพิ่มหนี้ | ใบเสร็จรับเงิน | ค่าใช้จ่ายจากการชำระล่าช้า | วันที่
    | รหัสลูกค้า | คำสั่งซื้อของท่าน | การจัดส่ง | ระยะเวลาบริการ | สำหรับใบแจ้งหนี้
    | เลขประจำตัวผู้เสียภาษีของท่าน | เหตุผล | รายการ | จำนวน | ราคาต่อหน่วย | ภาษี | ยอดสุทธิ
    | ภาษี {percent} ของ {net} | รวม | ชำระแล้ว | ยอดที่ต้องชำระ | วันครบกำหนด | โปรดชำระที่
    | อ้างอิงการชำระ | สแกนเพื่อชำระ | สำเนา | หน้า {page} จาก {pages} | แนบสำเนา: {document}
    | ผู้รับเป็นผู้ชำระภาษี (reverse charge) | ยอดนี้จะเครดิตเข้าบัญชีของท่าน
    | เรียกเก็บล่วงหน้าตามใบแจ้งหนี้ {document}
"""

LABELS = read_words(_WORDS, Labels)
