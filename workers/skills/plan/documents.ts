interface Named {
  name: string
  pattern: RegExp
  /** No class that is built in: one of the tenant's own. */
  isOwn: boolean
}

const named = (name: string, pattern: string, isOwn: boolean): Named => ({
  name,
  isOwn,
  pattern: new RegExp(`(?<![\\p{L}-])(?:${pattern})(?![\\p{L}-])`, 'giu'),
})

/** Document classes as goals name them, singular and plural. */
const BUILT_IN = (
  [
    ['credit_note', 'credit notes?|gutschrift(?:en)?'],
    ['delivery_note', 'delivery notes?|lieferscheine?[sn]?'],
    ['bank_statement', 'bank statements?|account statements?|kontoausz(?:ug|üge|ugs|ügen)'],
    ['order', '(?:purchase )?orders?(?! (?:number|no|value|total|amount))|bestellung(?:en)?|aufträgen?|aufträge|auftrag(?:s|es)?'],
    ['receipt', 'receipts?|quittung(?:en)?|kassenbon(?:s)?|belegen?|beleg'],
    ['contract', 'contracts?(?! value)|agreements?|leases?|ndas?|verträgen?|vertrag(?:s|es)?|mietvertr[aä]ge?n?|vereinbarung(?:en)?'],
    ['resume', 'resumes?|cvs?|lebensl(?:auf|äufen?)'],
    ['newsletter', 'newsletters?|newslettern'],
    ['invoice', '(?:supplier |vendor )?invoices?(?! (?:number|no|total|amount|value|date|sum))|bills?|(?:eingangs)?rechnung(?:en)?'],
    ['letter', 'letters?|brief(?:en?|s|es)?'],
  ] as const
).map(([name, pattern]) => named(name, pattern, false))

/** Kinds of papers and mails that no built-in class stands for: classes of the tenant's own, when something depends on them. */
const OWN = [
  ['complaint', '(?:customer )?complaints?'],
  ['application', '(?:job )?applications?'],
  ['claim form', 'claim forms?'],
  ['claim', '(?:insurance |damage )?claims?(?! (?:amount|number|form|manager|adjuster))'],
  ['question', 'questions?'],
  ['inquiry', '(?:customer )?(?:inquir(?:y|ies)|enquir(?:y|ies))'],
  ['cancellation', 'cancellations?'],
  ['return', 'return requests?'],
  ['sick note', 'sick notes?'],
  ['holiday request', 'holiday requests?'],
  ['leave request', 'leave requests?'],
  ['support request', 'support (?:requests?|tickets?)'],
  ['refund request', 'refund requests?'],
  ['quote', 'quotes?|quotations?'],
  ['reminder', 'payment reminders?|dunning letters?'],
  ['spam', 'spam'],
  ['manual', 'manuals?'],
  ['Beschwerde', '(?:kunden)?beschwerden?'],
  ['Reklamation', 'reklamation(?:en)?'],
  ['Bewerbung', 'bewerbung(?:en)?'],
  ['Schadensmeldung', 'schadens?(?:meldung(?:en)?|anzeigen?|fälle?n?)'],
  ['Anfrage', '(?:kunden)?anfragen?'],
  ['Kündigung', 'kündigung(?:en)?'],
  ['Krankmeldung', 'krankmeldung(?:en)?|krankschreibung(?:en)?'],
  ['Urlaubsantrag', 'urlaubsantr(?:ag|äge)n?'],
  ['Mahnung', 'mahnung(?:en)?'],
  ['Angebot', 'angebote?n?'],
  ['Retoure', 'retouren?'],
].map(([name = '', pattern = '']) => named(name, pattern, true))

const CLASSES: readonly Named[] = [...BUILT_IN, ...OWN]

export interface ClassPlace {
  name: string
  words: string
  start: number
  isOwn: boolean
}

/** The classes that a text names, in order; own ones too. */
export const allClassesIn = (text: string): ClassPlace[] => placesOf(text, CLASSES)

/** The built-in classes that a text names, in order. */
export const classesIn = (text: string): ClassPlace[] => placesOf(text, BUILT_IN)

const placesOf = (text: string, classes: readonly Named[]): ClassPlace[] =>
  classes
    .flatMap(({ name, pattern, isOwn }) =>
      [...text.matchAll(pattern)].map((match) => ({ name, words: match[0], start: match.index, isOwn })),
    )
    .sort((a, b) => a.start - b.start)
    .filter((place, index, all) => !all.slice(0, index).some((before) => before.start + before.words.length > place.start))

/** Words by which a class of a list can be told apart: its own, and those of the built-in class that it is. */
export function keywordsOf(label: string): string[] {
  const builtIn = KEYWORDS[label] ?? []
  const words = label.replace(/_/g, ' ').toLowerCase()
  return [...new Set([words, ...words.split(/\s+/).filter((word) => word.length > 3), ...builtIn])]
}

const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  credit_note: ['credit note', 'gutschrift'],
  delivery_note: ['delivery note', 'lieferschein'],
  bank_statement: ['bank statement', 'kontoauszug'],
  order: ['purchase order', 'bestellung', 'auftrag'],
  receipt: ['receipt', 'quittung', 'kassenbon'],
  contract: ['contract', 'agreement', 'vertrag', 'vereinbarung'],
  resume: ['resume', 'curriculum vitae', 'lebenslauf'],
  newsletter: ['newsletter', 'unsubscribe'],
  invoice: ['invoice', 'rechnung'],
  letter: ['letter', 'brief'],
  'sick note': ['sick note', 'unable to work', 'doctor'],
  'holiday request': ['holiday', 'vacation'],
  Krankmeldung: ['krankmeldung', 'arbeitsunfähig', 'krankgeschrieben'],
  Mahnung: ['mahnung', 'zahlungserinnerung'],
}
