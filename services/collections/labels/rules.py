"""The words around a letter's text, in the languages that we bring: a table. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from stationery.words import read_words


@dataclass(frozen=True, slots=True)
class Labels:
    """The words around a letter's text in one language. `page` holds {page} and {pages}, `attention`
    {person}; `sender` signs where the company has given no name."""

    invoice: str
    due: str
    days_overdue: str
    invoiced: str
    to_pay: str
    total: str
    account: str
    reference: str
    page: str
    attention: str
    sender: str


# In the order of the fields above.
_WORDS = """
en: Invoice | Due | Days overdue | Invoiced | To pay | Total | Account | Our reference
    | Page {page} of {pages} | Attn. {person} | Accounts Receivable
de: Rechnung | Fällig am | Tage überfällig | Betrag | Zu zahlen | Summe | Kundennummer | Unser Zeichen
    | Seite {page} von {pages} | z. Hd. {person} | Debitorenbuchhaltung
fr: Facture | Échéance | Jours de retard | Montant facturé | À payer | Total | N° de client
    | Notre référence | Page {page} sur {pages} | À l’attention de {person} | Comptabilité clients
es: Factura | Vencimiento | Días de retraso | Facturado | A pagar | Total | N.º de cliente
    | Nuestra referencia | Página {page} de {pages} | A la atención de {person} | Cuentas por cobrar
it: Fattura | Scadenza | Giorni di ritardo | Importo fatturato | Da pagare | Totale | Codice cliente
    | Nostro riferimento | Pagina {page} di {pages} | Alla c.a. di {person} | Contabilità clienti
nl: Factuur | Vervaldatum | Dagen te laat | Factuurbedrag | Te betalen | Totaal | Klantnummer
    | Ons kenmerk | Pagina {page} van {pages} | T.a.v. {person} | Debiteurenadministratie
pt: Fatura | Vencimento | Dias de atraso | Valor faturado | A pagar | Total | N.º de cliente
    | Nossa referência | Página {page} de {pages} | A/C {person} | Contas a receber
pl: Faktura | Termin płatności | Dni po terminie | Kwota faktury | Do zapłaty | Razem | Numer klienta
    | Nasz znak | Strona {page} z {pages} | Do rąk: {person} | Dział należności
cs: Faktura | Splatnost | Dnů po splatnosti | Fakturováno | K úhradě | Celkem | Číslo zákazníka
    | Naše značka | Strana {page} z {pages} | K rukám: {person} | Oddělení pohledávek
sk: Faktúra | Splatnosť | Dní po splatnosti | Fakturované | Na úhradu | Spolu | Číslo zákazníka
    | Naša značka | Strana {page} z {pages} | Do rúk: {person} | Oddelenie pohľadávok
hu: Számla | Esedékesség | Késedelmes napok | Számlázott | Fizetendő | Összesen | Ügyfélszám
    | Hivatkozásunk | {page}. oldal, összesen {pages} | Címzett: {person} | Követeléskezelés
ro: Factură | Scadență | Zile de întârziere | Valoare facturată | De plată | Total | Număr client
    | Referința noastră | Pagina {page} din {pages} | În atenția: {person} | Contabilitate clienți
sv: Faktura | Förfallodag | Dagar försenad | Fakturerat | Att betala | Summa | Kundnummer
    | Vår referens | Sida {page} av {pages} | Att. {person} | Kundreskontra
da: Faktura | Forfaldsdato | Dage forsinket | Faktureret | At betale | I alt | Kundenummer
    | Vores reference | Side {page} af {pages} | Att. {person} | Debitorbogholderi
fi: Lasku | Eräpäivä | Päiviä myöhässä | Laskutettu | Maksettavaa | Yhteensä | Asiakasnumero
    | Viitteemme | Sivu {page}/{pages} | Vastaanottaja: {person} | Myyntireskontra
nb: Faktura | Forfallsdato | Dager forsinket | Fakturert | Å betale | Sum | Kundenummer
    | Vår referanse | Side {page} av {pages} | Att. {person} | Kundereskontro
el: Τιμολόγιο | Λήξη | Ημέρες καθυστέρησης | Τιμολογηθέν ποσό | Πληρωτέο | Σύνολο | Αριθμός πελάτη
    | Σχετικό μας | Σελίδα {page} από {pages} | Υπόψη: {person} | Λογαριασμοί πελατών
tr: Fatura | Vade tarihi | Gecikme (gün) | Fatura tutarı | Ödenecek | Toplam | Müşteri no.
    | Referansımız | Sayfa {page} / {pages} | Dikkatine: {person} | Alacaklar Muhasebesi
ru: Счёт | Срок оплаты | Дней просрочки | Сумма счёта | К оплате | Итого | Номер клиента | Наш номер
    | Страница {page} из {pages} | Вниманию: {person} | Отдел дебиторской задолженности
uk: Рахунок | Строк оплати | Днів прострочення | Сума рахунку | До сплати | Разом | Номер клієнта
    | Наш номер | Сторінка {page} з {pages} | До уваги: {person} | Відділ дебіторської заборгованості
bg: Фактура | Падеж | Дни просрочие | Фактурирана сума | За плащане | Общо | Клиентски номер
    | Наш номер | Страница {page} от {pages} | На вниманието на: {person} | Отдел „Вземания“
ja: 請求書番号 | 支払期日 | 延滞日数 | 請求金額 | お支払金額 | 合計 | お客様番号 | 整理番号
    | {page} / {pages} ページ | ご担当 {person} 様 | 売掛金担当
zh-Hans: 发票号码 | 到期日 | 逾期天数 | 发票金额 | 应付金额 | 合计 | 客户编号 | 我方编号
    | 第 {page} 页，共 {pages} 页 | {person} 收 | 应收账款部
zh-Hant: 發票號碼 | 到期日 | 逾期天數 | 發票金額 | 應付金額 | 合計 | 客戶編號 | 我方編號
    | 第 {page} 頁，共 {pages} 頁 | {person} 收 | 應收帳款部
ko: 청구서 번호 | 지급 기한 | 연체 일수 | 청구 금액 | 지급할 금액 | 합계 | 고객 번호 | 당사 참조번호
    | {page} / {pages} 쪽 | {person} 귀하 | 매출채권 담당
ar: الفاتورة | تاريخ الاستحقاق | أيام التأخير | المبلغ المفوتر | المستحق الدفع | الإجمالي | رقم العميل
    | مرجعنا | صفحة {page} من {pages} | عناية: {person} | قسم الحسابات المدينة
he: חשבונית | מועד פירעון | ימי פיגור | סכום החשבונית | לתשלום | סה״כ | מספר לקוח | סימוכין שלנו
    | עמוד {page} מתוך {pages} | לידי: {person} | הנהלת חשבונות לקוחות
hi: चालान | देय तिथि | विलंब के दिन | चालान राशि | देय राशि | कुल | ग्राहक संख्या | हमारा संदर्भ
    | पृष्ठ {page} / {pages} | ध्यानार्थ: {person} | प्राप्य खाते
th: ใบแจ้งหนี้ | วันครบกำหนด | จำนวนวันที่เกินกำหนด | ยอดตามใบแจ้งหนี้ | ยอดที่ต้องชำระ | รวม
    | รหัสลูกค้า | เลขที่อ้างอิงของเรา | หน้า {page} จาก {pages} | เรียน คุณ{person} | ฝ่ายบัญชีลูกหนี้
"""


LABELS = read_words(_WORDS, Labels)
