import { ParsedDocument } from '../../domain/documents'
import { checkVatId } from '../text/checksums'
import { isoDate } from '../text/dates'
import type { LineItem } from './schema'
import { parseOutline } from './xml-outline'
import { descendant, elementsAt, parseXml, textAt, type XmlElement } from './xml-tree'

/** What a ZUGFeRD/Factur-X (CII) or UBL document says exactly. */
export interface EInvoice {
  syntax: 'cii' | 'ubl'
  /** By field name; amounts as decimal text. */
  values: Record<string, string>
  lineItems: LineItem[]
}

/** `102` dates are written 20240131; UBL writes ISO. */
function xmlDate(text: string | undefined): string | undefined {
  const parts = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(text ?? '')
  return parts ? isoDate(Number(parts[1]), Number(parts[2]), Number(parts[3])) : undefined
}

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined

/** Entries that have a value. */
const present = (values: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''))

/** Totals may stand there twice, in the invoice's currency and in that of the tax office. Markup and text form keep the currency apart. */
function inCurrency(amounts: XmlElement[], currency: string | undefined): string | undefined {
  const own = amounts.find(({ attributes }) => (attributes.currencyID ?? attributes.unitCode) === currency)
  return (own ?? amounts[0])?.text.trim()
}

/** The VAT id among the tax registrations of a CII party: by its scheme where that was kept, else by its shape. */
function ciiVatId(party: XmlElement | undefined): string | undefined {
  const ids = party ? elementsAt(party, 'SpecifiedTaxRegistration/ID') : []
  const found = ids.find((id) => id.attributes.schemeID === 'VA') ?? ids.find((id) => checkVatId(id.text) !== 'not_a_vat_id')
  return found?.text.trim()
}

/** What a line names: the product, else what stands in its place; ZUGFeRD 1 has lines that are only a note. */
const ciiDescription = (line: XmlElement): string =>
  textAt(
    line,
    'SpecifiedTradeProduct/Name',
    'SpecifiedTradeProduct/Description',
    'SpecifiedTradeProduct/SellerAssignedID',
    'AssociatedDocumentLineDocument/IncludedNote/Content',
    'AssociatedDocumentLineDocument/LineID',
  ) ?? ''

function ciiLine(line: XmlElement): LineItem {
  const agreement = 'SpecifiedLineTradeAgreement'
  const old = 'SpecifiedSupplyChainTradeAgreement'
  const price = textAt(line, `${agreement}/NetPriceProductTradePrice/ChargeAmount`, `${old}/NetPriceProductTradePrice/ChargeAmount`)
  const settlement = elementsAt(line, 'SpecifiedLineTradeSettlement')[0] ?? elementsAt(line, 'SpecifiedSupplyChainTradeSettlement')[0]
  const quantity =
    elementsAt(line, 'SpecifiedLineTradeDelivery/BilledQuantity')[0] ??
    elementsAt(line, 'SpecifiedSupplyChainTradeDelivery/BilledQuantity')[0]
  const sum =
    settlement &&
    textAt(
      settlement,
      'SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount',
      'SpecifiedTradeSettlementMonetarySummation/LineTotalAmount',
    )
  const rate = settlement && textAt(settlement, 'ApplicableTradeTax/RateApplicablePercent', 'ApplicableTradeTax/ApplicablePercent')
  return {
    description: ciiDescription(line),
    quantity: numberOf(quantity?.text.trim()),
    unit: quantity?.attributes.unitCode,
    unitPrice: numberOf(price),
    taxRate: numberOf(rate),
    amount: numberOf(sum),
  }
}

function readCii(root: XmlElement): EInvoice | undefined {
  const exchanged = descendant(root, 'ExchangedDocument') ?? descendant(root, 'HeaderExchangedDocument')
  const agreement = descendant(root, 'ApplicableHeaderTradeAgreement') ?? descendant(root, 'ApplicableSupplyChainTradeAgreement')
  const settlement = descendant(root, 'ApplicableHeaderTradeSettlement') ?? descendant(root, 'ApplicableSupplyChainTradeSettlement')
  if (!exchanged || !agreement || !settlement) return undefined
  const sums =
    descendant(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation') ??
    elementsAt(settlement, 'SpecifiedTradeSettlementMonetarySummation')[0]
  const currency = textAt(settlement, 'InvoiceCurrencyCode')
  const lines = elementsAt(root, 'SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem')
  const old = elementsAt(root, 'SpecifiedSupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem')
  return {
    syntax: 'cii',
    values: present({
      issuer: textAt(agreement, 'SellerTradeParty/Name'),
      customer: textAt(agreement, 'BuyerTradeParty/Name'),
      orderNumber: textAt(agreement, 'BuyerOrderReferencedDocument/IssuerAssignedID', 'BuyerOrderReferencedDocument/ID'),
      invoiceNumber: textAt(exchanged, 'ID'),
      date: xmlDate(textAt(exchanged, 'IssueDateTime/DateTimeString')),
      dueDate: xmlDate(textAt(settlement, 'SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString')),
      currency,
      totalNet: sums && textAt(sums, 'TaxBasisTotalAmount', 'LineTotalAmount'),
      totalTax: sums && inCurrency(elementsAt(sums, 'TaxTotalAmount'), currency),
      totalGross: sums && inCurrency(elementsAt(sums, 'GrandTotalAmount'), currency),
      amountDue: sums && textAt(sums, 'DuePayableAmount'),
      vatId: ciiVatId(elementsAt(agreement, 'SellerTradeParty')[0]),
      iban: textAt(settlement, 'SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID'),
    }),
    lineItems: [...lines, ...old].map(ciiLine),
  }
}

function ublLine(line: XmlElement): LineItem {
  const quantity = elementsAt(line, 'InvoicedQuantity')[0] ?? elementsAt(line, 'CreditedQuantity')[0]
  return {
    description: textAt(line, 'Item/Name', 'Item/Description', 'Note', 'ID') ?? '',
    quantity: numberOf(quantity?.text.trim()),
    unit: quantity?.attributes.unitCode,
    unitPrice: numberOf(textAt(line, 'Price/PriceAmount')),
    taxRate: numberOf(textAt(line, 'Item/ClassifiedTaxCategory/Percent')),
    amount: numberOf(textAt(line, 'LineExtensionAmount')),
  }
}

function readUbl(root: XmlElement): EInvoice {
  const seller = 'AccountingSupplierParty/Party'
  const buyer = 'AccountingCustomerParty/Party'
  const currency = textAt(root, 'DocumentCurrencyCode')
  const vat = elementsAt(root, `${seller}/PartyTaxScheme`).find((scheme) => textAt(scheme, 'TaxScheme/ID') !== 'FC')
  return {
    syntax: 'ubl',
    values: present({
      issuer: textAt(root, `${seller}/PartyLegalEntity/RegistrationName`, `${seller}/PartyName/Name`),
      customer: textAt(root, `${buyer}/PartyLegalEntity/RegistrationName`, `${buyer}/PartyName/Name`),
      orderNumber: textAt(root, 'OrderReference/ID'),
      invoiceNumber: textAt(root, 'ID'),
      date: xmlDate(textAt(root, 'IssueDate')),
      dueDate: xmlDate(textAt(root, 'DueDate', 'PaymentMeans/PaymentDueDate')),
      currency,
      totalNet: textAt(root, 'LegalMonetaryTotal/TaxExclusiveAmount'),
      totalTax: inCurrency(elementsAt(root, 'TaxTotal/TaxAmount'), currency),
      totalGross: textAt(root, 'LegalMonetaryTotal/TaxInclusiveAmount', 'LegalMonetaryTotal/PayableAmount'),
      amountDue: textAt(root, 'LegalMonetaryTotal/PayableAmount'),
      vatId: vat && textAt(vat, 'CompanyID'),
      iban: textAt(root, 'PaymentMeans/PayeeFinancialAccount/ID'),
    }),
    lineItems: [...elementsAt(root, 'InvoiceLine'), ...elementsAt(root, 'CreditNoteLine')].map(ublLine),
  }
}

const ROOTS = 'CrossIndustryInvoice|CrossIndustryDocument|Invoice|CreditNote'
const MARKUP = new RegExp(`<(?:\\w+:)?(?:${ROOTS})[\\s>]`)
const OUTLINE = new RegExp(`^\\s*(?:${ROOTS})\\s*\\n`)

/** Reads CII (ZUGFeRD 1 and 2, Factur-X, XRechnung) and UBL invoices and credit notes, as markup or in ingestion's text form; undefined for any other XML. */
export function readEInvoice(xml: string): EInvoice | undefined {
  const root = MARKUP.test(xml.slice(0, 20_000)) ? parseXml(xml) : OUTLINE.test(xml) ? parseOutline(xml) : undefined
  if (!root) return undefined
  if (root.name.startsWith('CrossIndustry')) return readCii(root)
  return elementsAt(root, 'LegalMonetaryTotal').length > 0 ? readUbl(root) : undefined
}

const textOf = (document: ParsedDocument): string => document.pages.map((page) => page.text).join('\n')

/** The e-invoice that a document is or carries: its own XML text, else the first embedded file that reads as one. */
export function findEInvoice(document: ParsedDocument): EInvoice | undefined {
  if (document.format === 'xml') return readEInvoice(textOf(document))
  for (const file of document.embedded) {
    const inner = /\.xml$/i.test(file.name) || /xml/i.test(file.mediaType) ? ParsedDocument.safeParse(file.document) : undefined
    const found = inner?.success ? readEInvoice(textOf(inner.data)) : undefined
    if (found) return found
  }
  return undefined
}
