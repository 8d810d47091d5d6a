"""A document as programs read it: EN 16931 in UN/CEFACT's syntax (CII D22B), as Factur-X has it, profile
EN 16931. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

from kernel.money import decimals
from services.billing.document_facts.rules import (
    DocumentFacts,
    DocumentKind,
    DocumentLine,
    DocumentRate,
    Party,
)
from services.billing.labels.rules import choose_labels
from services.billing.sheets.rules import describe
from services.billing.taxes.rules import TaxCode

FILE_NAME = "factur-x.xml"
LEVEL = "EN 16931"
_GUIDELINE = "urn:cen.eu:en16931:2017"
_SPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
# UNTDID 1001 and 5305 (BT-3, BT-118).
_TYPES = {
    DocumentKind.INVOICE: "380",
    DocumentKind.CREDIT_NOTE: "381",
    DocumentKind.DEBIT_NOTE: "383",
}
_CATEGORIES = {
    TaxCode.STANDARD: "S",
    TaxCode.REDUCED: "S",
    TaxCode.ZERO: "Z",
    TaxCode.EXEMPT: "E",
    TaxCode.REVERSE_CHARGE: "AE",
}
_SEPA_TRANSFER, _TRANSFER = "58", "30"  # UNTDID 4461 (BT-81)
_UNIT = "C62"  # one: what units goods have is not known here
_NAME_LONGEST = 100  # of BT-153; what is longer goes into the description as a whole

for _prefix, _uri in _SPACES.items():
    ElementTree.register_namespace(_prefix, _uri)

Node = ElementTree.Element


def find_lacks(bill: DocumentFacts) -> list[str]:
    """What keeps the document from being an e-invoice, each in a sentence; none where it can be."""
    return [sentence for lacks, sentence in _lacks(bill) if lacks]


def _lacks(bill: DocumentFacts) -> Iterator[tuple[bool, str]]:
    seller, buyer = bill.seller, bill.buyer
    is_reversed = any(rate.tax_code is TaxCode.REVERSE_CHARGE for rate in bill.rates)
    yield (
        bill.kind not in _TYPES or bill.untaxed != 0,
        "Costs of late payment and money claimed back are no sale: there is no e-invoice of them.",
    )
    yield bill.total <= 0, "An e-invoice comes to something; this document comes to nothing."
    yield not seller.country, "Our address: say it in the company's addresses."
    yield not seller.tax_ids, "A tax id of ours: say it in the company's tax_ids."
    yield (
        bill.is_demand and bill.account is None,
        f"A bank account of ours for {bill.currency}: say its IBAN in the company's bank_accounts.",
    )
    yield not buyer.country, "The client's billing address: say it on the account."
    yield (
        is_reversed and not (seller.vat_id and buyer.vat_id),
        "With reverse charge, our VAT id and the client's (tax_id of the account).",
    )
    yield (
        any(one.tax_code is TaxCode.EXEMPT and not one.exemption_reason for one in bill.rates),
        "Why something is exempt from tax: say exemption_reason with its lines.",
    )


def write_e_invoice(bill: DocumentFacts) -> bytes:
    """The document as CII, UTF-8; nothing may be lacking (`find_lacks`)."""
    assert not find_lacks(bill)
    root = Node(_name("rsm:CrossIndustryInvoice"))
    context = _below(root, "rsm:ExchangedDocumentContext")
    guideline = _below(context, "ram:GuidelineSpecifiedDocumentContextParameter")
    _below(guideline, "ram:ID", _GUIDELINE)
    _add_document(root, bill)
    transaction = _below(root, "rsm:SupplyChainTradeTransaction")
    for place, line in enumerate(_lines(bill), start=1):
        _add_line(transaction, bill, place, line)
    _add_agreement(transaction, bill)
    _add_delivery(transaction, bill)
    _add_settlement(transaction, bill)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _lines(bill: DocumentFacts) -> Iterable[DocumentLine]:
    """A note of an amount has no lines: one for each rate says what it comes to."""
    if bill.lines:
        return bill.lines
    return [
        DocumentLine(
            description=bill.reason or bill.number,
            for_whom=bill.for_whom,
            quantity=Decimal(1),
            unit_price=rate.net,
            net=rate.net,
            tax_percent=rate.tax_percent,
            tax_code=rate.tax_code,
            exemption_reason=rate.exemption_reason,
        )
        for rate in bill.rates
    ]


def _add_document(root: Node, bill: DocumentFacts) -> None:
    document = _below(root, "rsm:ExchangedDocument")
    _below(document, "ram:ID", bill.number)
    _below(document, "ram:TypeCode", _TYPES[bill.kind])
    _add_day(document, "ram:IssueDateTime", bill.issued_on)
    if bill.reason:
        _below(_below(document, "ram:IncludedNote"), "ram:Content", bill.reason)


def _add_line(transaction: Node, bill: DocumentFacts, place: int, line: DocumentLine) -> None:
    item = _below(transaction, "ram:IncludedSupplyChainTradeLineItem")
    _below(_below(item, "ram:AssociatedDocumentLineDocument"), "ram:LineID", str(place))
    product = _below(item, "ram:SpecifiedTradeProduct")
    about = describe(line, language=bill.language)
    _below(product, "ram:Name", about[:_NAME_LONGEST].strip() or "-")
    if len(about) > _NAME_LONGEST:
        _below(product, "ram:Description", about)
    # A price is never below nothing (BR-27): the quantity says which way it goes.
    sign = -1 if line.unit_price < 0 else 1
    price = _below(_below(item, "ram:SpecifiedLineTradeAgreement"), "ram:NetPriceProductTradePrice")
    _below(price, "ram:ChargeAmount", _amount(bill, line.unit_price * sign))
    delivery = _below(item, "ram:SpecifiedLineTradeDelivery")
    quantity = _plain(line.quantity * sign)
    _below(delivery, "ram:BilledQuantity", quantity, unitCode=_UNIT)
    settlement = _below(item, "ram:SpecifiedLineTradeSettlement")
    tax = _below(settlement, "ram:ApplicableTradeTax")
    _below(tax, "ram:TypeCode", "VAT")
    _below(tax, "ram:CategoryCode", _CATEGORIES[line.tax_code])
    _below(tax, "ram:RateApplicablePercent", _plain(line.tax_percent))
    _add_period(settlement, line.service_from, line.service_until)
    summed = _below(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    _below(summed, "ram:LineTotalAmount", _amount(bill, line.net))


def _add_agreement(transaction: Node, bill: DocumentFacts) -> None:
    agreement = _below(transaction, "ram:ApplicableHeaderTradeAgreement")
    _add_party(agreement, "ram:SellerTradeParty", bill.seller)
    _add_party(agreement, "ram:BuyerTradeParty", bill.buyer)
    if bill.client_order_number:
        order = _below(agreement, "ram:BuyerOrderReferencedDocument")
        _below(order, "ram:IssuerAssignedID", bill.client_order_number)


def _add_party(agreement: Node, name: str, party: Party) -> None:
    node = _below(agreement, name)
    if identifier := party.number or (None if party.vat_id else _tax_number(party)):
        _below(node, "ram:ID", identifier)  # whoever has no VAT id is known by another (BR-CO-26)
    _below(node, "ram:Name", party.name)
    address = _below(node, "ram:PostalTradeAddress")
    if party.postal_code:
        _below(address, "ram:PostcodeCode", party.postal_code)
    street = party.street or party.lines
    for line, text in zip(("LineOne", "LineTwo", "LineThree"), street, strict=False):
        _below(address, f"ram:{line}", text)
    if party.city:
        _below(address, "ram:CityName", party.city)
    _below(address, "ram:CountryID", party.country)
    if party.email:
        electronic = _below(node, "ram:URIUniversalCommunication")
        _below(electronic, "ram:URIID", party.email, schemeID="EM")
    for scheme, number in _registrations(party):
        registration = _below(node, "ram:SpecifiedTaxRegistration")
        _below(registration, "ram:ID", number, schemeID=scheme)


def _registrations(party: Party) -> Iterator[tuple[str, str]]:
    """The VAT id; of us, else the first number under which we are known."""
    if party.vat_id:
        yield "VA", party.vat_id
    elif party.number is None and (number := _tax_number(party)):
        yield "FC", number


def _tax_number(party: Party) -> str | None:
    return next((value for _, value in party.tax_ids), None)


def _add_delivery(transaction: Node, bill: DocumentFacts) -> None:
    """To whom it was delivered, and by which shipment if by one (BT-70, BT-16): the schema demands the
    element, and the rules that something stands in it."""
    delivery = _below(transaction, "ram:ApplicableHeaderTradeDelivery")
    _below(_below(delivery, "ram:ShipToTradeParty"), "ram:Name", bill.buyer.name)
    if bill.shipment_number:
        advice = _below(delivery, "ram:DespatchAdviceReferencedDocument")
        _below(advice, "ram:IssuerAssignedID", bill.shipment_number)


def _add_settlement(transaction: Node, bill: DocumentFacts) -> None:
    settlement = _below(transaction, "ram:ApplicableHeaderTradeSettlement")
    if bill.is_demand:
        _below(settlement, "ram:PaymentReference", bill.number)
    _below(settlement, "ram:InvoiceCurrencyCode", bill.currency)
    if bill.is_demand and bill.account is not None:
        means = _below(settlement, "ram:SpecifiedTradeSettlementPaymentMeans")
        _below(means, "ram:TypeCode", _SEPA_TRANSFER if bill.currency == "EUR" else _TRANSFER)
        account = _below(means, "ram:PayeePartyCreditorFinancialAccount")
        _below(account, "ram:IBANID", bill.account.iban)
        _below(account, "ram:AccountName", bill.seller.name)
        if bill.account.bic:
            bank = _below(means, "ram:PayeeSpecifiedCreditorFinancialInstitution")
            _below(bank, "ram:BICID", bill.account.bic)
    for rate in bill.rates:
        _add_rate(settlement, bill, rate)
    _add_period(settlement, *(bill.period or (None, None)))
    _add_terms(settlement, bill)
    _add_sums(settlement, bill)
    if bill.refers_to:
        number, day = bill.refers_to
        referred = _below(settlement, "ram:InvoiceReferencedDocument")
        _below(referred, "ram:IssuerAssignedID", number)
        issued = _below(referred, "ram:FormattedIssueDateTime")
        _below(issued, "qdt:DateTimeString", f"{day:%Y%m%d}", format="102")


def _add_rate(settlement: Node, bill: DocumentFacts, rate: DocumentRate) -> None:
    _, labels = choose_labels(bill.language)
    tax = _below(settlement, "ram:ApplicableTradeTax")
    _below(tax, "ram:CalculatedAmount", _amount(bill, rate.tax))
    _below(tax, "ram:TypeCode", "VAT")
    if rate.tax_code is TaxCode.REVERSE_CHARGE:
        _below(tax, "ram:ExemptionReason", rate.exemption_reason or labels.reverse_charge)
    elif rate.tax_code is TaxCode.EXEMPT:
        _below(tax, "ram:ExemptionReason", rate.exemption_reason)
    _below(tax, "ram:BasisAmount", _amount(bill, rate.net))
    _below(tax, "ram:CategoryCode", _CATEGORIES[rate.tax_code])
    _below(tax, "ram:RateApplicablePercent", _plain(rate.tax_percent))


def _add_terms(settlement: Node, bill: DocumentFacts) -> None:
    """One due day as a day; several, or what becomes of credit, in words (BT-9, BT-20)."""
    terms = _below(settlement, "ram:SpecifiedTradePaymentTerms")
    if not bill.is_demand:
        _below(terms, "ram:Description", choose_labels(bill.language)[1].credited)
    elif len(bill.dues) == 1:
        _add_day(terms, "ram:DueDateDateTime", bill.dues[0].due_date)
    else:
        due = [f"{one.due_date}: {_amount(bill, one.amount)} {bill.currency}" for one in bill.dues]
        _below(terms, "ram:Description", "; ".join(due) or "Nothing is due.")


def _add_sums(settlement: Node, bill: DocumentFacts) -> None:
    summed = _below(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    _below(summed, "ram:LineTotalAmount", _amount(bill, sum(one.net for one in _lines(bill))))
    _below(summed, "ram:TaxBasisTotalAmount", _amount(bill, bill.net))
    _below(summed, "ram:TaxTotalAmount", _amount(bill, bill.tax), currencyID=bill.currency)
    _below(summed, "ram:GrandTotalAmount", _amount(bill, bill.total))
    if bill.paid:
        _below(summed, "ram:TotalPrepaidAmount", _amount(bill, bill.paid))
    _below(summed, "ram:DuePayableAmount", _amount(bill, bill.payable))


def _add_period(above: Node, first: date | None, last: date | None) -> None:
    if first or last:
        period = _below(above, "ram:BillingSpecifiedPeriod")
        if first:
            _add_day(period, "ram:StartDateTime", first)
        if last:
            _add_day(period, "ram:EndDateTime", last)


def _add_day(above: Node, name: str, day: date) -> None:
    _below(_below(above, name), "udt:DateTimeString", f"{day:%Y%m%d}", format="102")


def _below(above: Node, name: str, text: str | None = None, **attributes: str) -> Node:
    node = ElementTree.SubElement(above, _name(name), attributes)
    node.text = text
    return node


def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


def _amount(bill: DocumentFacts, minor: int) -> str:
    """In the currency's units; where that has more than two decimals, as many as it has."""
    return f"{Decimal(minor).scaleb(-decimals(bill.currency)):f}"


def _plain(number: Decimal) -> str:
    """Without the zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
