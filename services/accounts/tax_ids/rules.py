"""Whether a tax or VAT id is one by the rules of its country."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from stdnum.eu import vat

from kernel.refusals import Invalid


class Form(NamedTuple):
    """How ids of businesses are written in a country: one that is valid, and the kinds there are, as
    python-stdnum calls its modules."""

    example: str
    kinds: tuple[str, ...]


# Kinds that a business may have; those of persons where sole traders are taxed under them. The examples
# are those of python-stdnum.
FORMS: Mapping[str, Form] = {
    "AD": Form("U-132950-X", ("ad.nrt",)),
    "AL": Form("AL J 91402501 L", ("al.nipt",)),
    "AR": Form("20-05536168-2", ("ar.cuit",)),
    "AT": Form("AT U13585627", ("at.uid", "at.tin")),
    "AU": Form("83 914 571 673", ("au.abn", "au.acn", "au.tfn")),
    "AZ": Form("140 155 5071", ("az.voen",)),
    "BE": Form("BE403019261", ("be.vat",)),
    "BG": Form("BG 175 074 752", ("bg.vat",)),
    "BR": Form("16.727.230/0001-97", ("br.cnpj", "br.cpf")),
    "BY": Form("200988541", ("by.unp",)),
    "CA": Form("12302 6635", ("ca.bn",)),
    "CH": Form("CHE-107.787.577 IVA", ("ch.vat", "ch.uid")),
    "CL": Form("76086428-5", ("cl.rut",)),
    "CN": Form("91110000600037341L", ("cn.uscc",)),
    "CO": Form("213.123.432-1", ("co.nit",)),
    "CR": Form("3-101-999999", ("cr.cpj", "cr.cpf", "cr.cr")),
    "CY": Form("CY-10259033P", ("cy.vat",)),
    "CZ": Form("CZ 25123891", ("cz.dic",)),
    "DE": Form("DE 136,695 976", ("de.vat", "de.stnr", "de.idnr")),
    "DK": Form("DK 13585628", ("dk.cvr",)),
    "DO": Form("1-01-85004-3", ("do.rnc", "do.cedula")),
    "DZ": Form("416001000000007", ("dz.nif",)),
    "EC": Form("1792060346-001", ("ec.ruc",)),
    "EE": Form("EE 100 931 558", ("ee.kmkr", "ee.registrikood")),
    "EG": Form("100-531-385", ("eg.tn",)),
    "ES": Form("ES B-58378431", ("es.nif",)),
    "FI": Form("FI 20774740", ("fi.alv", "fi.ytunnus")),
    "FO": Form("623857", ("fo.vn",)),
    "FR": Form("FR 40 303 265 045", ("fr.tva", "fr.siren", "fr.siret")),
    "GB": Form("GB 980 7806 84", ("gb.vat", "gb.utr")),
    "GH": Form("C0000803561", ("gh.tin",)),
    "GN": Form("693770885", ("gn.nifp",)),
    "GR": Form("EL 094259216", ("gr.vat",)),
    "GT": Form("576937-K", ("gt.nit",)),
    "HR": Form("HR 33392005961", ("hr.oib",)),
    "HU": Form("HU-12892312", ("hu.anum",)),
    "ID": Form("01.312.166.0-091.000", ("id.npwp",)),
    "IE": Form("IE 6433435F", ("ie.vat", "ie.pps")),
    "IL": Form("516179157", ("il.hp", "il.idnr")),
    "IN": Form("27AAPFU0939F1ZV", ("in_.gstin", "in_.pan")),
    "IS": Form("IS 00621", ("is_.vsk", "is_.kennitala")),
    "IT": Form("IT 00743110157", ("it.iva", "it.codicefiscale")),
    "JP": Form("5-8356-7825-6246", ("jp.cn", "jp.in_")),
    "KE": Form("P051365947M", ("ke.pin",)),
    "KR": Form("116-82-00276", ("kr.brn",)),
    "LI": Form("00001234567", ("li.peid",)),
    "LT": Form("119511515", ("lt.pvm",)),
    "LU": Form("LU 150 274 42", ("lu.tva",)),
    "LV": Form("LV 4000 3521 600", ("lv.pvn",)),
    "MA": Form("001561191000066", ("ma.ice",)),
    "MC": Form("53 0000 04605", ("mc.tva",)),
    "MD": Form("1008600038413", ("md.idno",)),
    "ME": Form("02655284", ("me.pib",)),
    "MK": Form("4030000375897", ("mk.edb",)),
    "MT": Form("MT 1167-9112", ("mt.vat",)),
    "MX": Form("GODE 561231 GR8", ("mx.rfc",)),
    "MZ": Form("400339910", ("mz.nuit",)),
    "NL": Form("004495445B01", ("nl.btw",)),
    "NO": Form("NO 995 525 828 MVA", ("no.mva", "no.orgnr")),
    "NZ": Form("4909185-0", ("nz.ird",)),
    "PE": Form("20512333797", ("pe.ruc",)),
    "PL": Form("PL 8567346215", ("pl.nip", "pl.regon")),
    "PT": Form("PT 501 964 843", ("pt.nif",)),
    "PY": Form("80028061-0", ("py.ruc",)),
    "RO": Form("RO 185 472 90", ("ro.cf",)),
    "RS": Form("101134702", ("rs.pib",)),
    "RU": Form("123456789047", ("ru.inn",)),
    "SE": Form("SE 123456789701", ("se.vat", "se.orgnr")),
    "SG": Form("00192200M", ("sg.uen",)),
    "SI": Form("SI 5022 3054", ("si.ddv",)),
    "SK": Form("SK 202 274 96 19", ("sk.dph",)),
    "SM": Form("51", ("sm.coe",)),
    "SN": Form("306 7221", ("sn.ninea",)),
    "SV": Form("0614-050707-104-8", ("sv.nit",)),
    "TH": Form("0 10 5 536 11201 4", ("th.moa", "th.tin")),
    "TN": Form("1234567/M/A/E/001", ("tn.mf",)),
    "TR": Form("4540536920", ("tr.vkn", "tr.tckimlik")),
    "TW": Form("00501503", ("tw.ubn",)),
    "UA": Form("32855961", ("ua.edrpou", "ua.rntrc")),
    "US": Form("91-1144442", ("us.ein", "us.tin")),
    "UY": Form("21-100342-001-7", ("uy.rut",)),
    "VE": Form("V-11470283-4", ("ve.rif",)),
    "VN": Form("0100233488", ("vn.mst",)),
    "ZA": Form("0001339050", ("za.tin",)),
}


def require_tax_id(tax_id: str | None, *, country: str) -> None:
    """Refuse (`tax_id_form`) an id that is none by the rules of the account's country, nor a VAT id of
    another that begins with the letters of a member state of the EU. Where no rules are known any is
    taken."""
    form = FORMS.get(country)
    if tax_id is None or form is None or _is_one(tax_id, form):
        return
    raise Invalid(
        "tax_id_form",
        f"{tax_id} is no tax or VAT id of {country}: its form or its check digits are wrong. One looks "
        f"like {form.example}; a VAT id of another country in the EU begins with its letters.",
        field="tax_id",
    )


def _is_one(tax_id: str, form: Form) -> bool:
    return any(kind.is_valid(tax_id) for kind in (*map(_kind, form.kinds), vat))


@cache
def _kind(name: str) -> Any:
    return import_module(f"stdnum.{name}")
