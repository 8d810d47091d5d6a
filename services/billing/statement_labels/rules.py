"""The words on statements of account and receipts besides those on bills, in the same languages: a table.
Pure."""

from __future__ import annotations

from dataclasses import dataclass

from stationery.words import read_words


@dataclass(frozen=True, slots=True)
class StatementLabels:
    """The words in one language. `cancelled` and `enclosed` hold {document}, `overdue` {days}. What is
    given up of what a client owes, or of what they paid too much, is an `adjustment`."""

    statement: str
    opening: str
    closing: str
    amount: str
    balance: str
    payment: str
    payment_reversed: str
    refund: str
    adjustment: str
    cancelled: str
    open_items: str
    ageing: str
    not_due: str
    overdue: str
    unapplied: str
    in_favour: str
    enclosed: str
    received: str
    received_on: str
    method: str
    transfer: str
    card: str
    cheque: str
    cash: str
    direct_debit: str


# In the order of the fields above.
_WORDS = """
en: Statement of account | Opening balance | Closing balance | Amount | Balance | Payment
    | Payment reversed | Refund | Adjustment | Cancelled: {document} | Open items | Ageing
    | Not yet due | {days} days overdue | Not yet set against an invoice
    | The balance is in your favour; there is nothing to pay. | Please find enclosed: {document}.
    | Amount received | Received on | Payment method | Transfer | Card | Cheque | Cash
    | Direct debit
de: Kontoauszug | Anfangssaldo | Endsaldo | Betrag | Saldo | Zahlung | Zahlung zurückgebucht
    | Rückzahlung | Ausgleichsbuchung | Storniert: {document} | Offene Posten | Fälligkeit
    | Noch nicht fällig | {days} Tage überfällig | Noch keiner Rechnung zugeordnet
    | Der Saldo steht zu Ihren Gunsten; es ist nichts zu zahlen. | Anbei erhalten Sie: {document}.
    | Erhaltener Betrag | Eingegangen am | Zahlungsart | Überweisung | Karte | Scheck | Bar
    | Lastschrift
fr: Relevé de compte | Solde initial | Solde final | Montant | Solde | Paiement | Paiement rejeté
    | Remboursement | Régularisation | Annulé : {document} | Postes ouverts | Échéancier | Non échu
    | Retard de {days} jours | Pas encore affecté à une facture
    | Le solde est en votre faveur ; il n’y a rien à payer.
    | Veuillez trouver ci-joint : {document}. | Montant reçu | Reçu le | Mode de paiement | Virement
    | Carte | Chèque | Espèces | Prélèvement
es: Estado de cuenta | Saldo inicial | Saldo final | Importe | Saldo | Pago | Pago devuelto
    | Reembolso | Ajuste | Anulado: {document} | Partidas abiertas | Antigüedad | No vencido
    | {days} días de retraso | Aún sin asignar a una factura
    | El saldo es a su favor; no hay nada que pagar. | Adjuntamos: {document}. | Importe recibido
    | Recibido el | Forma de pago | Transferencia | Tarjeta | Cheque | Efectivo | Adeudo directo
it: Estratto conto | Saldo iniziale | Saldo finale | Importo | Saldo | Pagamento
    | Pagamento stornato | Rimborso | Rettifica | Annullato: {document} | Partite aperte
    | Scadenzario | Non ancora scaduto | Scaduto da {days} giorni
    | Non ancora imputato a una fattura | Il saldo è a Vostro favore; non c’è nulla da pagare.
    | In allegato: {document}. | Importo ricevuto | Ricevuto il | Modalità di pagamento | Bonifico
    | Carta | Assegno | Contanti | Addebito diretto
nl: Rekeningoverzicht | Beginsaldo | Eindsaldo | Bedrag | Saldo | Betaling | Betaling teruggeboekt
    | Terugbetaling | Correctie | Geannuleerd: {document} | Openstaande posten | Ouderdom
    | Nog niet vervallen | {days} dagen te laat | Nog niet aan een factuur toegewezen
    | Het saldo is in uw voordeel; u hoeft niets te betalen. | Bijgaand: {document}.
    | Ontvangen bedrag | Ontvangen op | Betaalwijze | Overboeking | Kaart | Cheque | Contant
    | Automatische incasso
pt: Extrato de conta | Saldo inicial | Saldo final | Montante | Saldo | Pagamento
    | Pagamento estornado | Reembolso | Ajuste | Anulado: {document} | Itens em aberto | Antiguidade
    | Ainda não vencido | {days} dias em atraso | Ainda não atribuído a uma fatura
    | O saldo é a seu favor; não há nada a pagar. | Segue em anexo: {document}. | Montante recebido
    | Recebido em | Forma de pagamento | Transferência | Cartão | Cheque | Numerário | Débito direto
pl: Wyciąg z konta | Saldo początkowe | Saldo końcowe | Kwota | Saldo | Wpłata | Wpłata wycofana
    | Zwrot | Korekta | Anulowano: {document} | Pozycje otwarte | Struktura wiekowa | Przed terminem
    | {days} dni po terminie | Jeszcze nierozliczone z fakturą
    | Saldo jest na Państwa korzyść; nie trzeba nic płacić. | W załączeniu przesyłamy: {document}.
    | Otrzymana kwota | Otrzymano dnia | Sposób zapłaty | Przelew | Karta | Czek | Gotówka
    | Polecenie zapłaty
cs: Výpis z účtu | Počáteční zůstatek | Konečný zůstatek | Částka | Zůstatek | Platba
    | Platba vrácena | Vrácení peněz | Úprava | Zrušeno: {document} | Otevřené položky
    | Splatnost položek | Před splatností | {days} dní po splatnosti | Dosud nepřiřazeno k faktuře
    | Zůstatek je ve Váš prospěch; není třeba nic platit. | V příloze zasíláme: {document}.
    | Přijatá částka | Přijato dne | Způsob platby | Převod | Karta | Šek | Hotovost | Inkaso
sk: Výpis z účtu | Počiatočný zostatok | Konečný zostatok | Suma | Zostatok | Platba
    | Platba vrátená | Vrátenie peňazí | Úprava | Zrušené: {document} | Otvorené položky
    | Splatnosť položiek | Pred splatnosťou | {days} dní po splatnosti
    | Zatiaľ nepriradené k faktúre | Zostatok je vo Váš prospech; netreba nič platiť.
    | V prílohe posielame: {document}. | Prijatá suma | Prijaté dňa | Spôsob platby | Prevod | Karta
    | Šek | Hotovosť | Inkaso
hu: Számlakivonat | Nyitó egyenleg | Záró egyenleg | Összeg | Egyenleg | Befizetés
    | Befizetés visszavonva | Visszatérítés | Kiigazítás | Törölve: {document} | Nyitott tételek
    | Korosítás | Még nem esedékes | {days} napja lejárt | Még nincs számlához rendelve
    | Az egyenleg az Ön javára szól; nincs fizetnivaló. | Mellékelten küldjük: {document}.
    | Beérkezett összeg | Beérkezés napja | Fizetési mód | Átutalás | Kártya | Csekk | Készpénz
    | Csoportos beszedés
ro: Extras de cont | Sold inițial | Sold final | Sumă | Sold | Plată | Plată returnată | Rambursare
    | Ajustare | Anulat: {document} | Poziții deschise | Vechime | Nescadent
    | Restanță de {days} zile | Încă nealocat unei facturi
    | Soldul este în favoarea dvs.; nu este nimic de plătit. | Alăturat: {document}. | Suma primită
    | Primit la | Mod de plată | Transfer | Card | Cec | Numerar | Debitare directă
sv: Kontoutdrag | Ingående saldo | Utgående saldo | Belopp | Saldo | Betalning | Betalning återförd
    | Återbetalning | Justering | Makulerad: {document} | Öppna poster | Åldersfördelning
    | Ännu ej förfallet | {days} dagar försenat | Ännu inte kopplat till en faktura
    | Saldot är till er fördel; det finns inget att betala. | Bifogat finns: {document}.
    | Mottaget belopp | Mottaget den | Betalningssätt | Överföring | Kort | Check | Kontant
    | Autogiro
da: Kontoudtog | Primosaldo | Ultimosaldo | Beløb | Saldo | Betaling | Betaling tilbageført
    | Tilbagebetaling | Regulering | Annulleret: {document} | Åbne poster | Aldersfordeling
    | Endnu ikke forfalden | {days} dage forfalden | Endnu ikke fordelt på en faktura
    | Saldoen er i jeres favør; der er intet at betale. | Vedlagt er: {document}. | Modtaget beløb
    | Modtaget den | Betalingsmåde | Overførsel | Kort | Check | Kontant | Direkte debitering
fi: Tiliote | Alkusaldo | Loppusaldo | Summa | Saldo | Maksu | Maksu peruutettu | Palautus | Oikaisu
    | Peruttu: {document} | Avoimet erät | Erääntyminen | Ei vielä erääntynyt
    | {days} päivää myöhässä | Ei vielä kohdistettu laskulle
    | Saldo on eduksenne; maksettavaa ei ole. | Liitteenä: {document}. | Saatu summa | Saatu
    | Maksutapa | Tilisiirto | Kortti | Sekki | Käteinen | Suoraveloitus
nb: Kontoutskrift | Inngående saldo | Utgående saldo | Beløp | Saldo | Betaling
    | Betaling tilbakeført | Tilbakebetaling | Justering | Annullert: {document} | Åpne poster
    | Aldersfordeling | Ikke forfalt | {days} dager forfalt | Ennå ikke fordelt på en faktura
    | Saldoen er i Deres favør; det er ingenting å betale. | Vedlagt er: {document}. | Mottatt beløp
    | Mottatt den | Betalingsmåte | Overføring | Kort | Sjekk | Kontant | Avtalegiro
el: Κατάσταση λογαριασμού | Αρχικό υπόλοιπο | Τελικό υπόλοιπο | Ποσό | Υπόλοιπο | Πληρωμή
    | Αντιλογισμός πληρωμής | Επιστροφή χρημάτων | Διόρθωση | Ακυρώθηκε: {document}
    | Ανοικτά στοιχεία | Ενηλικίωση | Μη ληξιπρόθεσμα | Καθυστέρηση {days} ημερών
    | Δεν έχει ακόμη αντιστοιχιστεί σε τιμολόγιο | Το υπόλοιπο είναι υπέρ σας· δεν οφείλετε τίποτα.
    | Συνημμένα θα βρείτε: {document}. | Ποσό που εισπράχθηκε | Ημερομηνία είσπραξης
    | Τρόπος πληρωμής | Έμβασμα | Κάρτα | Επιταγή | Μετρητά | Πάγια εντολή
tr: Hesap ekstresi | Açılış bakiyesi | Kapanış bakiyesi | Tutar | Bakiye | Ödeme
    | İptal edilen ödeme | Geri ödeme | Düzeltme | İptal edildi: {document} | Açık kalemler
    | Yaşlandırma | Vadesi gelmemiş | {days} gün gecikmiş | Henüz bir faturaya mahsup edilmedi
    | Bakiye lehinizedir; ödenecek bir şey yoktur. | Ekte: {document}. | Alınan tutar
    | Alındığı tarih | Ödeme şekli | Havale | Kart | Çek | Nakit | Otomatik ödeme
ru: Выписка по счёту | Начальное сальдо | Конечное сальдо | Сумма | Сальдо | Платёж | Платёж отозван
    | Возврат | Корректировка | Отменено: {document} | Открытые позиции | Сроки задолженности
    | Срок не наступил | Просрочка {days} дней | Ещё не зачтено в счёт
    | Сальдо в вашу пользу; платить ничего не нужно. | Прилагаем: {document}. | Полученная сумма
    | Получено | Способ оплаты | Перевод | Карта | Чек | Наличные | Прямое дебетование
uk: Виписка з рахунку | Початкове сальдо | Кінцеве сальдо | Сума | Сальдо | Платіж
    | Платіж відкликано | Повернення | Коригування | Скасовано: {document} | Відкриті позиції
    | Строки заборгованості | Строк не настав | Прострочення {days} днів
    | Ще не зараховано до рахунку | Сальдо на вашу користь; платити нічого не потрібно.
    | Додаємо: {document}. | Отримана сума | Отримано | Спосіб оплати | Переказ | Картка | Чек
    | Готівка | Пряме дебетування
bg: Извлечение по сметка | Начално салдо | Крайно салдо | Сума | Салдо | Плащане
    | Сторнирано плащане | Възстановяване | Корекция | Анулирано: {document} | Отворени позиции
    | Възрастова структура | С ненастъпил падеж | Просрочие {days} дни
    | Все още неотнесено към фактура | Салдото е във Ваша полза; няма нищо за плащане.
    | Приложено: {document}. | Получена сума | Получено на | Начин на плащане | Превод | Карта | Чек
    | В брой | Директен дебит
ja: お取引明細書 | 期首残高 | 期末残高 | 金額 | 残高 | ご入金 | ご入金取消 | ご返金 | 調整
    | 取消：{document} | 未決済明細 | 期日別内訳 | 期日前 | {days}日超過 | 請求書への未充当
    | 残高はお客様の貸越です。お支払いの必要はありません。 | 添付いたします：{document}。 | 領収金額
    | 入金日 | お支払方法 | 振込 | カード | 小切手 | 現金 | 口座振替
zh-Hans: 对账单 | 期初余额 | 期末余额 | 金额 | 余额 | 付款 | 付款冲销 | 退款 | 调整
    | 已取消：{document} | 未清项目 | 账龄 | 未到期 | 逾期 {days} 天 | 尚未冲抵发票
    | 余额为贵方贷方余额，无需付款。 | 随附：{document}。 | 收到金额 | 收款日期 | 付款方式 | 转账
    | 银行卡 | 支票 | 现金 | 直接扣款
zh-Hant: 對帳單 | 期初餘額 | 期末餘額 | 金額 | 餘額 | 付款 | 付款沖銷 | 退款 | 調整
    | 已取消：{document} | 未清項目 | 帳齡 | 未到期 | 逾期 {days} 天 | 尚未沖抵發票
    | 餘額為貴方貸方餘額，無需付款。 | 隨附：{document}。 | 收到金額 | 收款日期 | 付款方式 | 轉帳
    | 銀行卡 | 支票 | 現金 | 直接扣款
ko: 거래 명세서 | 기초 잔액 | 기말 잔액 | 금액 | 잔액 | 입금 | 입금 취소 | 환불 | 조정
    | 취소됨: {document} | 미결 항목 | 연령 분석 | 기한 전 | {days}일 연체
    | 아직 청구서에 충당되지 않음 | 잔액은 귀사의 대변 잔액이며, 지급하실 금액이 없습니다.
    | 첨부합니다: {document}. | 수령 금액 | 입금일 | 지급 방법 | 계좌 이체 | 카드 | 수표 | 현금
    | 자동 이체
ar: كشف حساب | الرصيد الافتتاحي | الرصيد الختامي | المبلغ | الرصيد | دفعة | دفعة ملغاة | استرداد
    | تسوية | أُلغي: {document} | البنود المفتوحة | أعمار الديون | غير مستحق بعد
    | متأخر {days} يومًا | لم يُخصَّص بعد لفاتورة | الرصيد لصالحكم؛ لا يوجد ما يُدفع.
    | مرفق: {document}. | المبلغ المستلم | تاريخ الاستلام | طريقة الدفع | تحويل | بطاقة | شيك
    | نقدًا | خصم مباشر
he: דף חשבון | יתרת פתיחה | יתרת סגירה | סכום | יתרה | תשלום | תשלום שבוטל | החזר | התאמה
    | בוטל: {document} | פריטים פתוחים | גיול חובות | טרם הגיע מועד הפירעון | באיחור של {days} ימים
    | טרם שויך לחשבונית | היתרה היא לזכותכם; אין מה לשלם. | מצורף: {document}. | הסכום שהתקבל
    | התקבל ביום | אמצעי תשלום | העברה | כרטיס | המחאה | מזומן | הוראת קבע
hi: खाता विवरण | आरंभिक शेष | अंतिम शेष | राशि | शेष | भुगतान | भुगतान वापस | धनवापसी | समायोजन
    | रद्द: {document} | खुली मदें | आयु विश्लेषण | अभी देय नहीं | {days} दिन विलंबित
    | अभी किसी चालान में समायोजित नहीं | शेष आपके पक्ष में है; कुछ भी देय नहीं है।
    | संलग्न: {document}। | प्राप्त राशि | प्राप्ति तिथि | भुगतान का तरीका | अंतरण | कार्ड | चेक
    | नकद | प्रत्यक्ष डेबिट
th: ใบแจ้งยอดบัญชี | ยอดยกมา | ยอดยกไป | จำนวนเงิน | ยอดคงเหลือ | การชำระเงิน
    | การชำระเงินที่ถูกยกเลิก | การคืนเงิน | รายการปรับปรุง | ยกเลิก: {document} | รายการค้างชำระ
    | อายุหนี้ | ยังไม่ถึงกำหนด | เกินกำหนด {days} วัน | ยังไม่ได้ตัดกับใบแจ้งหนี้
    | ยอดคงเหลือเป็นของท่าน ไม่มียอดที่ต้องชำระ | แนบ: {document} | จำนวนเงินที่ได้รับ
    | วันที่ได้รับ | วิธีชำระ | โอนเงิน | บัตร | เช็ค | เงินสด | หักบัญชีอัตโนมัติ
"""

STATEMENT_LABELS = read_words(_WORDS, StatementLabels)
