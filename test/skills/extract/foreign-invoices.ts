/** Invoices made up for tests, in layouts and languages of many countries, with what they say. */
export interface MadeUpInvoice {
  title: string
  text: string
  expected: Record<string, string | number>
}

export const FOREIGN_INVOICES: MadeUpInvoice[] = [
  {
    title: 'a Dutch web shop with a table of labels above values',
    text: `Fietsenwinkel Zonneveld B.V.
Havenstraat 12
3011 TA Rotterdam
KvK 24330087    BTW NL818152011B01

Factuuradres
J. de Boer
Lindelaan 4
9712 HW Groningen

Factuurnummer\tFactuurdatum\tOrdernummer\tKlantnummer
992288771\t14-11-2021\t80112233\t55501

Omschrijving\tAantal\tPrijs\tBedrag
Fietslamp\t2\t€ 12,50\t€ 25,00
Slot\t1\t€ 40,00\t€ 40,00

Subtotaal excl. btw\t€ 53,72
Btw 21%\t€ 11,28
Totaalbedrag incl. btw\t€ 65,00`,
    expected: { issuer: 'Fietsenwinkel Zonneveld B.V.', invoiceNumber: '992288771', date: '2021-11-14', totalGross: 65, currency: 'EUR' },
  },
  {
    title: 'an Indian marketplace invoice sold by a seller',
    text: `Tax Invoice/Bill of Supply/Cash Memo
Sold By: Lakshmi Textiles Private Limited,
Plot 14, Industrial Area, Coimbatore, Tamil Nadu, 641001
GSTIN - 33AACCL1234F1Z5
Order ID: OD50612345678900    Invoice Number # FACB451600123456
Order Date: 09-10-2016    Invoice Date: 10-10-2016
Bill To
Ravi Kumar
12 MG Road, Bengaluru 560001
Product\tQty\tGross Amount\tDiscount\tTaxable Value\tIGST\tTotal
Cotton Shirt\t1\t1299.00\t-300.00\t951.43\t47.57\t999.00
Total\t1\t1299.00\t-300.00\t951.43\t47.57\t999.00
Grand Total\t₹ 999.00
Lakshmi Textiles Private Limited
Authorized Signatory`,
    expected: {
      issuer: 'Lakshmi Textiles Private Limited',
      invoiceNumber: 'FACB451600123456',
      date: '2016-10-10',
      totalGross: 999,
      currency: 'INR',
    },
  },
  {
    title: 'an American invoice with the customer first and dates month first',
    text: `INVOICE
INV/2023/03/0008

Deco Addict
77 Santa Barbara Rd
Pleasant Hill CA 94523

Invoice Date:\tDue Date:\tSource:
03/20/2023\t03/30/2023\tS00042

DESCRIPTION\tQUANTITY\tUNIT PRICE\tTAXES\tAMOUNT
Office Chair\t3.00\t70.00\t15.00%\t$ 210.00

Untaxed Amount\t$ 210.00
Tax 15%\t$ 31.50
Total\t$ 241.50
Please use the following communication for your payment : INV/2023/03/0008

Blue Harbor Interiors  4557 De Silva St, Fremont CA 94538, USA
info@blueharborinteriors.com  www.blueharborinteriors.com`,
    expected: {
      issuer: 'Blue Harbor Interiors',
      invoiceNumber: 'INV/2023/03/0008',
      date: '2023-03-20',
      totalGross: 241.5,
      currency: 'USD',
    },
  },
  {
    title: 'a Polish invoice',
    text: `Sprzedawca\tNabywca
Zielony Las Sp. z o.o.\tKowalski Handel S.A.
ul. Leśna 7\tul. Długa 3
00-950 Warszawa\t31-146 Kraków
NIP: 5260250274\tNIP: 6772397311

Faktura VAT nr FV/2022/05/117
Data wystawienia: 2022-05-17
Data sprzedaży: 2022-05-15
Termin płatności: 2022-05-31

Lp.\tNazwa\tIlość\tCena netto\tWartość netto\tVAT\tWartość brutto
1\tSadzonki\t10\t12,00\t120,00\t23%\t147,60
Razem\t\t\t\t120,00\t27,60\t147,60
Do zapłaty: 147,60 PLN`,
    expected: {
      issuer: 'Zielony Las Sp. z o.o.',
      invoiceNumber: 'FV/2022/05/117',
      date: '2022-05-17',
      dueDate: '2022-05-31',
      totalGross: 147.6,
      currency: 'PLN',
    },
  },
  {
    title: 'a Portuguese invoice',
    text: `Padaria Alvorada, Lda.
Rua das Flores 25, 4050-262 Porto
NIF PT501442600
Fatura n.º FT 2023/451
Data de emissão: 12/07/2023
Data de vencimento: 11/08/2023
Exmo.(s) Sr.(s)
Hotel Ribeira, S.A.
Descrição  Qtd  Preço  Total
Pão de forma  40  2,10  84,00
Total ilíquido  84,00 €
IVA (6%)  5,04 €
Total a pagar  89,04 €`,
    expected: { issuer: 'Padaria Alvorada, Lda.', invoiceNumber: '2023/451', date: '2023-07-12', totalGross: 89.04, currency: 'EUR' },
  },
  {
    title: 'a Swedish invoice',
    text: `Norrsken El AB
Storgatan 5, 903 26 Umeå
Org.nr 556677-8899  Momsreg.nr SE556677889901

Faktura
Fakturanummer: 20455
Fakturadatum: 2023-02-28
Förfallodatum: 2023-03-30
Kund
Björk Bygg HB

Benämning  Antal  À-pris  Belopp
Elarbete  4  650,00  2 600,00
Netto  2 600,00
Moms 25%  650,00
Att betala  3 250,00 SEK`,
    expected: {
      issuer: 'Norrsken El AB',
      invoiceNumber: '20455',
      date: '2023-02-28',
      dueDate: '2023-03-30',
      totalGross: 3250,
      currency: 'SEK',
    },
  },
  {
    title: 'a Danish invoice',
    text: `Havnens Bageri ApS
Havnegade 8, 5000 Odense C
CVR-nr. 28323271
Fakturanr.  10877
Fakturadato  03.09.2022
Betalingsfrist  17.09.2022
Beskrivelse  Antal  Pris  Beløb
Rugbrød  100  25,00  2.500,00
Subtotal  2.500,00
Moms (25%)  625,00
Total inkl. moms  3.125,00 DKK`,
    expected: { issuer: 'Havnens Bageri ApS', invoiceNumber: '10877', date: '2022-09-03', totalGross: 3125, currency: 'DKK' },
  },
  {
    title: 'a Spanish telephone bill with a summary',
    text: `Telefónica Sur, S.L.U.
C/ Gran Vía 28 - 28013 Madrid - CIF B82018474
Titular: Ana Morales
Nº de factura: TA4Z0123456
Fecha de emisión: 1 de marzo de 2022
Periodo de facturación: 18 ene. a 17 feb. 2022
Cuotas  35,5372 €
Consumos  2,1500 €
Total (base imponible)  37,6872 €
IVA (21%)  7,9143 €
Total a pagar  45,60 €`,
    expected: { issuer: 'Telefónica Sur, S.L.U.', invoiceNumber: 'TA4Z0123456', date: '2022-03-01', totalGross: 45.6, currency: 'EUR' },
  },
  {
    title: 'a French bill that names its issuer only in the footer',
    text: `                                   Mme Claire Fontaine
                                   8 avenue des Tilleuls
                                   31000 TOULOUSE
Votre facture mobile
N° de facture : F-88120034
Date de facture : 05/01/2023
N° client : 4455667
Montant de vos abonnements  16,66 € HT
TVA 20,00 %  3,33 €
Total du montant à payer TTC  19,99 €
Prélèvement effectué à partir du 15/01/2023
Alizé Mobile SAS au capital de 500 000 € - RCS Nanterre 421 938 861 - TVA FR 60 421938861 - www.alize-mobile.fr`,
    expected: { issuer: 'Alizé Mobile SAS', invoiceNumber: 'F-88120034', date: '2023-01-05', totalGross: 19.99, currency: 'EUR' },
  },
  {
    title: 'a German bill of a hosting company with the sum in a sentence',
    text: `Nordwolke Hosting GmbH · Speicherstraße 3 · 20457 Hamburg

Herrn
Peter Muster
Beispielweg 9
10115 Berlin

Rechnung Nr. R-2023-10442                        Hamburg, den 4. Januar 2023
Ihre Kundennummer: 77120

Pos  Leistung  Zeitraum  Netto
1  Webpaket M  01.01.2023 - 31.12.2023  71,40 EUR

Summe netto  71,40 EUR
zzgl. 19% MwSt.  13,57 EUR
Rechnungsbetrag  84,97 EUR
Der Betrag wird am 18.01.2023 von Ihrem Konto abgebucht.
USt-IdNr. DE136695976 · Amtsgericht Hamburg HRB 12345 · Geschäftsführer: Uwe Jansen`,
    expected: { issuer: 'Nordwolke Hosting GmbH', invoiceNumber: 'R-2023-10442', date: '2023-01-04', totalGross: 84.97, currency: 'EUR' },
  },
  {
    title: 'an Italian bill with label and value in a grid',
    text: `Bottega Aurora S.r.l.
Via Garibaldi 14 - 10122 Torino
P.IVA IT00743110157

Documento\tNumero\tData\tPagina
Fattura\t118/A\t22/06/2021\t1
Spett.le
Trattoria del Ponte S.n.c.
Descrizione\tQ.tà\tPrezzo\tImporto
Vino rosso\t12\t8,00\t96,00
Totale imponibile\t96,00
IVA 22%\t21,12
Totale documento\t€ 117,12`,
    expected: { issuer: 'Bottega Aurora S.r.l.', invoiceNumber: '118/A', date: '2021-06-22', totalGross: 117.12, currency: 'EUR' },
  },
  {
    title: 'a software subscription of a company without legal form',
    text: `Receipt from Pixelforge
Invoice number  A1B2C3D4-0007
Date of issue  March 9, 2023
Date due  March 9, 2023

Pixelforge                         Bill to
548 Market Street                  Dana Whitfield
San Francisco, California 94104    dana@example.org
United States
billing@pixelforge.io

$29.00 USD due March 9, 2023
Description  Qty  Unit price  Amount
Pro plan  1  $29.00  $29.00
Subtotal  $29.00
Total  $29.00
Amount due  $29.00 USD`,
    expected: { issuer: 'Pixelforge', invoiceNumber: 'A1B2C3D4-0007', date: '2023-03-09', totalGross: 29, currency: 'USD' },
  },
  {
    title: 'a Swiss bill with apostrophes in its amounts',
    text: `Alpenblick Treuhand AG, Bahnhofstrasse 1, 8001 Zürich
CHE-123.456.789 MWST
Rechnung
Rechnungs-Nr.: 2023-0098
Datum: 15.05.2023
Beratung  12 h  180.00  2'160.00
Total exkl. MWST  CHF 2'160.00
MWST 7.7%  CHF 166.30
Total inkl. MWST  CHF 2'326.30
Zahlbar innert 30 Tagen`,
    expected: { issuer: 'Alpenblick Treuhand AG', invoiceNumber: '2023-0098', date: '2023-05-15', totalGross: 2326.3, currency: 'CHF' },
  },
  {
    title: 'a British bill with a previous balance',
    text: `Severn Valley Water Ltd
PO Box 55, Worcester WR1 1AA
VAT Registration Number GB 123 4567 82

Your bill
Bill date 12 April 2023
Bill number 5500778123
Account number 8801234
Balance from last bill £42.10
Payment received - thank you -£42.10
Charges this period £38.75
Total amount to pay £38.75
Please pay by 3 May 2023`,
    expected: { issuer: 'Severn Valley Water Ltd', invoiceNumber: '5500778123', date: '2023-04-12', totalGross: 38.75, currency: 'GBP' },
  },
]
