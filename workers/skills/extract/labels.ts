/** How a field's value is read. */
export type FieldKind =
  | 'text'
  | 'id'
  | 'reference'
  | 'phone'
  | 'date'
  | 'amount'
  | 'number'
  | 'vatId'
  | 'iban'
  | 'currency'
  | 'email'
  | 'boolean'

/** A label and how surely it names the field, 0–1. Sources have no capture groups. */
export type Label = [weight: number, source: string]

export interface FieldSpec {
  kind: FieldKind
  labels: Label[]
  /** A line part that matches this does not name the field, whatever the label says. */
  avoid?: RegExp
}

const NUMBER_WORD = '(?:no|nos|nr|num|number|nummer|numéro|numero|número|núm|id|#|n°|nº|n\\.º)\\.?'

/** Labels in English, German, French, Spanish, Italian and Dutch. */
export const FIELD_SPECS: Record<string, FieldSpec> = {
  invoiceNumber: {
    kind: 'id',
    labels: [
      [1, `(?:tax |sales |commercial )?invoice[ -]?(?:${NUMBER_WORD}|reference)|inv(?:oice)?\\.? ?(?:no|nr|#)\\.?`],
      [1, `[\\p{L}]*rechnungs?[ -]?(?:nr|nummer|no)\\.?|[\\p{L}]*rechnung (?:nr|nummer|no)\\.?|rg\\.?-?nr\\.?|faktura ?(?:nr|nummer)\\.?`],
      [1, `(?:n°|nº|numéro|no|num)\\.? (?:de )?(?:la )?facture|facture (?:n°|nº|no|numéro|num)\\.?`],
      [1, `(?:n[uú]mero|núm|n°|nº|no)\\.? (?:de )?(?:la )?(?:factura|fatura)|(?:factura|fatura) (?:n[uú]mero|núm|n°|nº|n\\.º|no)\\.?`],
      [
        1,
        `(?:numero|n°|nr|n)\\.? (?:della )?fattura|fattura (?:numero|n°|nr|n)\\.?|factuur ?-?(?:nummer|nr|no)\\.?|numer faktury|(?:nr|numer) faktury|faktura (?:vat )?(?:nr|číslo|č)\\.?|číslo faktury|faktura(?:nummer|nr)\\.?|laskun ?numero|lasku nro|n[ºo°]\\.? da fatura|számla(?:szám)?`,
      ],
      [0.95, `(?:credit note|credit memo|gutschrift|avoir|nota de cr[eé]dito|nota di credito|creditnota) ?(?:s-?)?${NUMBER_WORD}`],
      [
        0.8,
        `(?:bill|receipt|document|doc|voucher|transaction|trans|cash sale|cs|slip|bon|beleg|reçu|ticket|recibo|ricevuta|documento) ?[-.]? ?${NUMBER_WORD}`,
      ],
      [0.55, `(?:booking|reference|order|confirmation) (?:${NUMBER_WORD}|reference|code)|buchungsnummer|référence`],
      [0.62, 'invoice|[\\p{L}]*rechnung|facture|factura|fattura|factuur|fatura'],
      [0.3, `${NUMBER_WORD}`],
    ],
    avoid:
      /\b(?:(?<!faktura )vat|tax id|gst|account|customer|client|konto|kunden|tel|phone|fax|bank|po|purchase|liefer|steuer|siret|siren)\b/iu,
  },
  date: {
    kind: 'date',
    labels: [
      [
        1,
        'invoice date|date of (?:the )?invoice|bill(?:ing)? date|date of issue|issued? (?:date|on)|date issued|invoiced on|document date|receipt date',
      ],
      [1, '[\\p{L}]*rechnungs?-?datum|beleg-?datum|ausstellungsdatum|datum der rechnung'],
      [
        1,
        "date (?:de )?(?:la )?facture|date (?:de )?facturation|date d[’']émission|facture du|émise? le|fecha (?:de )?(?:la )?(?:factura|emisión|expedición)|data (?:della )?(?:fattura|emissione|documento)|data (?:da fatura|de emissão)|factuurdatum|data (?:wystawienia|faktury)|faktur(?:erings)?dat(?:um|o)|fakturadat(?:um|o)|laskun ?(?:päivä|pvm|päiväys)|datum vystavení|bill date|statement date|date (?:du document|de la commande facturée)",
      ],
      [
        0.95,
        '(?:invoice|[\\p{L}]*rechnung|facture|factura|fattura|factuur) (?:(?:no|nr|n°|nº|n|#)\\.? ?)?[\\p{L}\\p{N}/_.-]{0,40}\\d[\\p{L}\\p{N}/_.-]{0,40} (?:dated|vom|du|del|de|van)',
      ],
      [0.8, 'date(?: ?/ ?time| and time)?|datum|fecha|data'],
      [0.45, 'vom|du|del|van|le|dated|den|on'],
    ],
    avoid:
      /\b(?:due|delivery|liefer|leistung|order|bestell|auftrag|fällig|échéance|limite|vencimiento|scadenza|verval|birth|expir|check.?in|check.?out|print)/iu,
  },
  dueDate: {
    kind: 'date',
    labels: [
      [1, 'due date|payment due(?: date)?|date due|due (?:on|by)|pay(?:ment)? by|payable by|amount due on'],
      [1, 'fälligkeits?(?:datum)?|fällig (?:am|bis|zum)|zahlbar bis(?: zum)?|zahlungsziel|zu zahlen bis|netto bis'],
      [
        1,
        "date d[’']échéance|échéance|date limite de paiement(?: le)?|à payer avant le|fecha de vencimiento|vencimiento|data (?:di )?scadenza|scadenza|vervaldatum|te betalen v[oó]{1,2}r|uiterste betaaldatum|termin (?:płatności|zapłaty)|data de vencimento|förfallo(?:datum|dag)|forfalds?dato|forfallsdato|betalingsfrist|sista betalningsdag|eräpäivä|(?:datum )?splatnost\\p{L}*|à régler avant le|à payer (?:au plus tard )?(?:le|pour le)|prélevée? le",
      ],
      // Alone they may also stand before an amount; only a date is read here.
      [0.8, 'due|payable|fällig|zahlbar'],
    ],
  },
  orderNumber: {
    kind: 'id',
    labels: [
      [
        1,
        `(?:purchase |sales )?order ?${NUMBER_WORD}|p\\.?o\\.? ?${NUMBER_WORD}|bestell(?:ung)?s?-?(?:nr|nummer)\\.?|auftrags?-?(?:nr|nummer)\\.?|bestellung nr\\.?`,
      ],
      [
        1,
        `(?:n°|numéro|no) (?:de )?commande|(?:bon de )?commande (?:n°|no|numéro)|n[uú]mero (?:de )?pedido|pedido (?:n°|nº|núm)\\.?|numero ordine|ordine (?:n|nr|n°)\\.?|(?:order|bestel)nummer`,
      ],
      [0.5, 'purchase order|order|bestellung|auftragsbestätigung|commande|pedido|ordine'],
    ],
  },
  deliveryNumber: {
    kind: 'id',
    labels: [
      [
        1,
        `delivery(?: note)? ?${NUMBER_WORD}|lieferschein-?(?:nr|nummer)?\\.?|bon de livraison(?: n°| no)?|albarán(?: n°| nº)?|ddt(?: n\\.?)?|pakbon(?:nummer)?`,
      ],
    ],
  },
  totalGross: {
    kind: 'amount',
    labels: [
      [
        1,
        '(?:grand|invoice|overall) total|total (?:amount |sales )?\\(? ?(?:incl|including|inclusive)\\.?(?: of)? ?(?:vat|tax|gst|btw|sst)?|(?:amount|amt)(?: paid)? \\(?(?:incl|including|inclusive)\\.?(?: of)? ?(?:vat|tax|gst)?|total after (?:rounding|adj\\p{L}*)|total amount(?: due)?|total (?:due|payable|for this invoice|sales? \\(?incl\\p{L}*)|gross (?:total|amount)|total rounded|rounded total|nett? total|total (?:sales )?rm',
      ],
      [
        1,
        'rechnungs(?:betrag|summe)|gesamt(?:betrag|summe|preis)?(?: (?:brutto|inkl\\.?|inklusive))?|brutto(?:betrag|summe)?|end(?:betrag|summe)|summe brutto|zu zahlen(?:der betrag)?|zahlbetrag|total brutto',
      ],
      [
        1,
        'total (?:t\\.?t\\.?c\\.?|toutes taxes comprises)|montant (?:total )?(?:eur )?ttc|net à payer|total facture|total à payer|somme à payer|montant total',
      ],
      [
        1,
        'att betala|at betale|å betale|til betaling|i alt(?: inkl\\.? moms)?|total(?:t|sum)? inkl\\.? (?:moms|mva)|(?:razem )?do zapłaty|należność ogółem|wartość brutto|maksettava(?:a)?(?: yhteensä)?|k úhradě|celkem k úhradě|fizetendő|total geral|valor (?:total|a pagar)|total (?:do|a) documento|(?:total )?amount to pay|total (?:amount )?(?:charged|paid|charges due)|total cost|montant (?:à payer|dû|prélevé|net à payer)|total général|net a pagare|netto a pagare|totale a pagare|importe a pagar|te voldoen|total (?:factura|a pagar|con iva|eur)|importe total|totale (?:fattura|documento|da pagare|complessivo|ivato)|importo totale|totaal(?:bedrag)?(?: (?:incl|inclusief)\\.?(?: btw)?)?|totaal te betalen|te betalen|razem|total com iva',
      ],
      [0.75, 'amount due|balance due|total|summe|totaal|totale|suma|amount payable|solde à payer|zahlbetrag'],
      [0.4, 'amount|betrag|montant|importe|importo|bedrag'],
    ],
    avoid:
      /sub-?\s?total|zwischensumme|sous-total|(?<!after )discount|rabatt|excl|exkl|zzgl|\bht\b|netto(?!.*brutto)|total (?:qty|quantity|items?|taxe?s?|tax|tva|mwst|gst|saving|discount|\p{L}*disc)|number of|change|cash|tender|accepted|total includes|ohne (?:ust|mwst)|rate/iu,
  },
  totalNet: {
    kind: 'amount',
    labels: [
      [
        1,
        'sub-?\\s?total|net (?:total|amount)|total (?:excl|excluding|before|without)\\.?(?: (?:vat|tax|gst))?|total net|taxable (?:amount|value)|amount (?:excl|before)\\.? (?:vat|tax)',
      ],
      [
        1,
        'netto(?:betrag|summe|gesamt)?|summe netto|gesamt(?:betrag)? netto|zwischensumme|warenwert|positionssumme|[\\p{L}]*summe ohne (?:ust|mwst)\\.?|total netto',
      ],
      [
        1,
        'total (?:h\\.?t\\.?|hors taxes?)|montant (?:total )?(?:eur )?h\\.?t\\.?|sous-total|base imponible|total sin iva|imponibile|totale (?:imponibile|netto)|totaal (?:excl|exclusief)\\.?(?: btw)?|subtotaal|total ilíquido|untaxed (?:amount|total)|(?:total )?exkl\\.? moms|(?:total )?uden moms|suma netto|wartość netto|total hors tva|total htva|totaal netto|belopp netto',
      ],
      // Alone it may also begin a term of payment: net 30 days.
      [0.8, 'nett?(?!\\s+\\d+(?![\\d.,]))'],
    ],
  },
  totalTax: {
    kind: 'amount',
    labels: [
      [1, '(?:total )?(?:vat|sales tax|gst|tax)(?: amount| total| payable)?|total (?:taxes|tax|vat|gst)'],
      [1, '(?:gesamtbetrag )?(?:ust|mwst|umsatzsteuer|mehrwertsteuer)(?:-?betrag)?\\.?|steuerbetrag|mwst-betrag'],
      [
        1,
        '(?:montant |total )?(?:de la )?t\\.?v\\.?a\\.?|total taxes|cuota(?: iva)?|(?:importe |totale |totaal )?(?:iva|btw|imposta|moms|mva|podatek|kwota vat|dph)(?:-?bedrag)?',
      ],
    ],
    avoid: /\b(?:id|no|nr|reg|number|incl|inkl|summary|invoice|intra|client|identif|excl|exkl|ohne|nummer|code)\b|base\b|ttc|ust-?id/iu,
  },
  amountDue: {
    kind: 'amount',
    labels: [
      [
        1,
        '(?:amount|balance|total) (?:due|outstanding|payable)|due (?:amount|payable)|(?:noch )?zu zahlen(?:der betrag)?|zahlbetrag|offener betrag|restbetrag|(?:reste|solde|net|montant|somme) à payer|montant dû|(?:importe |total )?a pagar|saldo a pagar|(?:netto )?da pagare|(?:nog )?te betalen|openstaand(?: bedrag)?|att betala|til betaling|do zapłaty',
      ],
    ],
    avoid: /avant|before|by\b|bis\b|vor\b/iu,
  },
  paid: {
    kind: 'amount',
    labels: [
      [1, 'cash(?: tendered)?|tendered|paid(?: amount)?|payment|gegeben|bar|espèces|efectivo|contanti|contant|visa|mastercard|tunai'],
    ],
  },
  change: { kind: 'amount', labels: [[1, 'change(?: due| given)?|rückgeld|zurück|rendu|cambio|resto|wisselgeld|baki']] },
  vatId: {
    kind: 'vatId',
    labels: [
      [
        1,
        'vat (?:id|no|reg|number|registration)[\\p{L}. ]*|ust\\.?-?\\s?id(?:\\.?-?nr)?\\.?|umsatzsteuer-?id[\\p{L}.-]*|uid(?:-nr)?|(?:n° (?:de )?)?tva(?: intra\\p{L}*)?|nif|cif|partita iva|p\\.? ?iva|btw(?:-?(?:nr|nummer|id))?\\.?|nip|tax id',
      ],
    ],
    avoid: /client|kunde|customer|buyer/iu,
  },
  iban: { kind: 'iban', labels: [[1, 'iban']] },
  currency: { kind: 'currency', labels: [[1, 'currency|währung|devise|moneda|valuta']] },
  subject: { kind: 'text', labels: [[1, 'subject|betreff|objet|asunto|oggetto|betreft|onderwerp|re']] },
  accountHolder: {
    kind: 'text',
    labels: [[1, 'account (?:holder|name)|kontoinhaber|titulaire(?: du compte)?|titular|intestatario|rekeninghouder']],
  },
  openingBalance: {
    kind: 'amount',
    labels: [
      [
        1,
        'opening balance|balance brought forward|alter (?:konto)?saldo|anfangssaldo|ancien solde|solde initial|saldo (?:inicial|anterior|iniziale)|beginsaldo',
      ],
    ],
  },
  closingBalance: {
    kind: 'amount',
    labels: [
      [
        1,
        'closing balance|balance carried forward|neuer (?:konto)?saldo|endsaldo|nouveau solde|solde final|saldo (?:final|actual|finale)|eindsaldo',
      ],
    ],
  },
  contractValue: {
    kind: 'amount',
    labels: [
      [
        1,
        'contract (?:value|price|sum|amount)|total (?:fee|price|consideration)|purchase price|licen[cs]e fee|fixed (?:fee|price)|lump sum|auftragswert|vertragssumme|(?:gesamt)?vergütung|(?:pauschal|gesamt)?honorar|kaufpreis|pauschalpreis|festpreis|prix (?:total )?|precio|corrispettivo|contractwaarde',
      ],
      [0.75, 'fee|price|remuneration|entgelt|preis'],
    ],
    avoid: /late|cancel|penalt|deposit|interest|storno|mahn|verzug|kaution|increase|list price/iu,
  },
  author: {
    kind: 'text',
    labels: [[1, 'author|prepared by|written by|autor|verfasser|erstellt von|auteur|rédigé par|autore|opgesteld door']],
  },
}
