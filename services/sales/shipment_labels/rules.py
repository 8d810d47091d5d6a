"""The words on a pick list or delivery note, in the languages that we bring: a table. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from stationery.languages import look_up
from stationery.words import read_words

FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Labels:
    """The words in one language. `page` holds {page} and {pages}."""

    delivery_note: str
    pick_list: str
    day: str
    account: str
    client_order: str
    order: str
    contact: str
    sku: str
    description: str
    quantity: str
    picked: str
    to_come: str
    promised: str
    received: str
    page: str


def choose_labels(language: str) -> tuple[str, Labels]:
    """The tag of the labels that fit a reader best (RFC 4647), and the labels; English for others."""
    tag = look_up(language, LABELS) or FALLBACK_LANGUAGE
    return tag, LABELS[tag]


# In the order of the fields above.
_WORDS = """
en: Delivery note | Pick list | Date | Account | Your order | Our order | For the attention of
    | Item | Description | Quantity | Picked | Still to come | Promised for | Received by, date
    | Page {page} of {pages}
de: Lieferschein | Kommissionierliste | Datum | Kundennummer | Ihre Bestellung | Unser Auftrag
    | Zu Händen | Artikel | Bezeichnung | Menge | Entnommen | Folgt noch | Zugesagt für
    | Erhalten von, Datum | Seite {page} von {pages}
fr: Bon de livraison | Liste de prélèvement | Date | N° de client | Votre commande | Notre commande
    | À l’attention de | Article | Désignation | Quantité | Prélevé | Reste à livrer
    | Promis pour le | Reçu par, date | Page {page} sur {pages}
es: Albarán | Lista de recogida | Fecha | N.º de cliente | Su pedido | Nuestro pedido
    | A la atención de | Artículo | Descripción | Cantidad | Recogido | Pendiente de entrega
    | Prometido para | Recibido por, fecha | Página {page} de {pages}
it: Documento di trasporto | Lista di prelievo | Data | Codice cliente | Il Vostro ordine
    | Il nostro ordine | All’attenzione di | Articolo | Descrizione | Quantità | Prelevato
    | Ancora da consegnare | Promesso per il | Ricevuto da, data | Pagina {page} di {pages}
nl: Pakbon | Verzamellijst | Datum | Klantnummer | Uw bestelling | Onze order | Ter attentie van
    | Artikel | Omschrijving | Aantal | Verzameld | Nog te leveren | Toegezegd voor
    | Ontvangen door, datum | Pagina {page} van {pages}
pt: Guia de remessa | Lista de recolha | Data | N.º de cliente | A sua encomenda | A nossa encomenda
    | À atenção de | Artigo | Descrição | Quantidade | Recolhido | Ainda por entregar
    | Prometido para | Recebido por, data | Página {page} de {pages}
pl: Dokument dostawy | Lista kompletacyjna | Data | Numer klienta | Państwa zamówienie
    | Nasze zamówienie | Do rąk | Artykuł | Opis | Ilość | Pobrano | Pozostaje do dostarczenia
    | Obiecano na | Odebrał(a), data | Strona {page} z {pages}
cs: Dodací list | Vychystávací list | Datum | Číslo zákazníka | Vaše objednávka | Naše zakázka
    | K rukám | Zboží | Popis | Množství | Vychystáno | Zbývá dodat | Slíbeno na | Převzal(a), datum
    | Strana {page} z {pages}
sk: Dodací list | Vychystávací list | Dátum | Číslo zákazníka | Vaša objednávka | Naša zákazka
    | Do rúk | Tovar | Popis | Množstvo | Vychystané | Zostáva dodať | Prisľúbené na
    | Prevzal(a), dátum | Strana {page} z {pages}
hu: Szállítólevél | Kiszedési lista | Kelt | Ügyfélszám | Az Ön rendelése | Rendelésünk | Címzett
    | Cikk | Megnevezés | Mennyiség | Kiszedve | Később érkezik | Ígért nap | Átvette, dátum
    | {page}. oldal, összesen {pages}
ro: Aviz de însoțire a mărfii | Listă de pregătire | Data | Număr client | Comanda dvs.
    | Comanda noastră | În atenția | Articol | Descriere | Cantitate | Pregătit | Rămas de livrat
    | Promis pentru | Primit de, data | Pagina {page} din {pages}
sv: Följesedel | Plocklista | Datum | Kundnummer | Er beställning | Vår order | Att | Artikel
    | Beskrivning | Antal | Plockat | Återstår att leverera | Utlovat till | Mottaget av, datum
    | Sida {page} av {pages}
da: Følgeseddel | Plukliste | Dato | Kundenummer | Deres bestilling | Vores ordre | Att. | Vare
    | Beskrivelse | Antal | Plukket | Mangler at blive leveret | Lovet til | Modtaget af, dato
    | Side {page} af {pages}
fi: Lähete | Keräilylista | Päiväys | Asiakasnumero | Tilauksenne | Tilauksemme | Vastaanottaja
    | Tuote | Kuvaus | Määrä | Kerätty | Toimitetaan myöhemmin | Luvattu | Vastaanottaja, päiväys
    | Sivu {page} / {pages}
nb: Følgeseddel | Plukkliste | Dato | Kundenummer | Deres bestilling | Vår ordre | Att. | Vare
    | Beskrivelse | Antall | Plukket | Gjenstår å levere | Lovet til | Mottatt av, dato
    | Side {page} av {pages}
el: Δελτίο αποστολής | Λίστα συλλογής | Ημερομηνία | Αριθμός πελάτη | Η παραγγελία σας
    | Η παραγγελία μας | Υπόψη | Είδος | Περιγραφή | Ποσότητα | Συλλέχθηκε | Απομένει να παραδοθεί
    | Υποσχέθηκε για | Παραλήφθηκε από, ημερομηνία | Σελίδα {page} από {pages}
tr: İrsaliye | Toplama listesi | Tarih | Müşteri numarası | Siparişiniz | Siparişimiz | Dikkatine
    | Ürün | Açıklama | Miktar | Toplandı | Daha sonra gelecek | Söz verilen gün
    | Teslim alan, tarih | Sayfa {page} / {pages}
ru: Накладная | Лист комплектации | Дата | Номер клиента | Ваш заказ | Наш заказ | Вниманию
    | Артикул | Наименование | Количество | Отобрано | Будет поставлено позже | Обещано на
    | Получил(а), дата | Страница {page} из {pages}
ja: 納品書 | ピッキングリスト | 日付 | お客様番号 | 貴社注文番号 | 弊社受注番号 | ご担当者 | 品番
    | 品名 | 数量 | 取出済 | 後送分 | お約束の日 | 受領者・日付 | {page} / {pages} ページ
zh-Hans: 送货单 | 拣货单 | 日期 | 客户编号 | 贵方订单 | 我方订单 | 收货人 | 货号 | 名称 | 数量
    | 已拣 | 待交货 | 承诺日期 | 签收人、日期 | 第 {page} 页，共 {pages} 页
ar: إشعار تسليم | قائمة التجهيز | التاريخ | رقم العميل | طلبكم | طلبنا | عناية | الصنف | الوصف
    | الكمية | تم تجهيزه | يُسلَّم لاحقًا | موعود في | المستلم والتاريخ | صفحة {page} من {pages}
he: תעודת משלוח | רשימת ליקוט | תאריך | מספר לקוח | ההזמנה שלכם | ההזמנה שלנו | לידי | פריט | תיאור
    | כמות | לוקט | יסופק בהמשך | הובטח ל | התקבל על ידי, תאריך | עמוד {page} מתוך {pages}
"""

LABELS = read_words(_WORDS, Labels)
