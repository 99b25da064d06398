/** Small made-up documents, one layout each; two spaces stand between columns as ingestion writes them. */
export const GERMAN_INVOICE = `Muster Werkzeuge GmbH · Hafenstraße 12 · 20457 Hamburg
Frau
Erika Beispiel
Lindenweg 3
10115 Berlin
Rechnung
Rechnungs-Nr.: 2024-0815  Rechnungsdatum: 03.04.2024
Zahlbar bis: 17.04.2024
Pos.  Bezeichnung  Menge  Einzelpreis  Gesamt
1  Bohrmaschine  2 Stück  100,00  200,00
2  Schraubensatz  10 Stück  1,50  15,00
Summe netto  215,00 €
USt 19%  40,85 €
Rechnungsbetrag  255,85 €
USt-IdNr. DE136695976 IBAN DE89 3704 0044 0532 0130 00
www.muster-werkzeuge.de`

export const ENGLISH_INVOICE = `Northwind Supplies Ltd
14 Harbour Road, Bristol BS1 4TT
INVOICE
Invoice Number  Invoice Date  Due Date
INV-90210  12 March 2024  11 April 2024
Bill To
Contoso Bakery
8 Mill Lane
Description  Qty  Unit Price  Amount
Flour, 25 kg  4  £18.50  £74.00
Yeast  2  £3.00  £6.00
Subtotal  £80.00
VAT (20%)  £16.00
Total Due  £96.00
accounts@northwindsupplies.co.uk  VAT No GB 123 4567 82`

export const FRENCH_INVOICE = `Boulangerie Martin SARL - 5 rue du Four - 75006 Paris
Facture n° F2024-118 du 5 février 2024
Facturé à : Hôtel du Lac
Désignation  Quantité  P.U. HT  Montant HT
Baguettes tradition  200  0,95 €  190,00 €
Total HT :  190,00 €
TVA 5,5% :  10,45 €
Net à payer :  200,45 €
Date d'échéance : 06/03/2024
TVA : FR40303265045`

export const SPANISH_INVOICE = `Talleres Ibéricos S.L.
Calle Mayor 4, 28013 Madrid
Factura nº: A/2023-77
Fecha de emisión: 9 de junio de 2023
Cliente: Transportes Luna S.A.
Concepto  Cantidad  Precio  Importe
Revisión de frenos  1  250,00  250,00
Base imponible  250,00 €
IVA 21%  52,50 €
Total factura  302,50 €`

export const ITALIAN_INVOICE = `Officine Riva S.r.l.
Via Roma 10, 20121 Milano
Fattura n. 45/2024
Data fattura: 15 gennaio 2024
Descrizione  Quantità  Prezzo  Importo
Manutenzione impianto  1  1.200,00  1.200,00
Imponibile  1.200,00
IVA 22%  264,00
Totale fattura  EUR 1.464,00
Scadenza: 14/02/2024`

export const DUTCH_INVOICE = `Fietsen De Vries B.V.
Keizersgracht 100, 1015 AA Amsterdam
Factuur
Factuurnummer: 20240033
Factuurdatum: 3 maart 2024
Vervaldatum: 17 maart 2024
Omschrijving  Aantal  Prijs  Bedrag
Stadsfiets  1  € 650,00  € 650,00
Totaal excl. btw  € 650,00
BTW 21%  € 136,50
Totaal incl. btw  € 786,50`

export const RECEIPT = `CORNER CAFE SDN BHD
12 JALAN BUNGA, 50000 KUALA LUMPUR
RECEIPT NO: 004512
DATE: 14/09/2023 08:31
Nasi lemak  9.50
Teh tarik  3.20
TOTAL  12.70
CASH  20.00
CHANGE  7.30
THANK YOU PLEASE COME AGAIN`

export const CONTRACT = `MUTUAL NON-DISCLOSURE AGREEMENT
This Mutual Non-Disclosure Agreement (the “Agreement”) is entered into effective
March 25, 2019 by and between Bluefin Robotics, Inc., a Delaware corporation (“Bluefin”),
and Harbor Analytics LLC (“Harbor”).
WHEREAS, the parties wish to explore a business relationship; NOW, THEREFORE, they agree as follows.
1. Term. This Agreement shall remain in effect for two (2) years from the date hereof. Either party may
terminate it on thirty (30) days prior written notice.
2. Governing Law. This Agreement shall be governed by the laws of the State of New York without regard to conflicts.`

export const NEWS = `The city council approved the plan for a new harbour bridge on Monday. The bridge will carry trams, bicycles and
pedestrians across the river. Construction of the bridge begins in spring and is expected to take three years. Critics
say that the bridge costs too much and that the tram line is not needed. The council answered that the tram line will
replace two thousand car journeys a day. A survey found that most residents support the bridge and the tram line.
Dr. Weber, who leads the project, said the first piles would be driven in April.`

export const UBL = `<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="c" xmlns:cbc="b">
<cbc:ID>UBL-7</cbc:ID><cbc:IssueDate>2024-05-01</cbc:IssueDate><cbc:DueDate>2024-05-31</cbc:DueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Nordlicht Strom AG</cbc:Name></cac:PartyName>
<cac:PartyTaxScheme><cbc:CompanyID>DE136695976</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cac:PartyName><cbc:Name>Beispiel KG</cbc:Name></cac:PartyName></cac:Party></cac:AccountingCustomerParty>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">19.00</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">119.00</cbc:TaxInclusiveAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:InvoicedQuantity unitCode="KWH">400</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
<cac:Item><cbc:Name>Strom</cbc:Name></cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">0.25</cbc:PriceAmount></cac:Price></cac:InvoiceLine></Invoice>`
