/** Document classes as goals name them, singular and plural. */
const CLASSES: readonly (readonly [string, RegExp])[] = (
  [
    ['credit_note', 'credit notes?|gutschrift(?:en)?'],
    ['delivery_note', 'delivery notes?|lieferscheine?'],
    ['bank_statement', 'bank statements?|account statements?|kontoausz(?:ug|üge|ugs)'],
    ['order', '(?:purchase )?orders?(?! number)|bestellung(?:en)?|aufträge?'],
    ['receipt', 'receipts?|quittung(?:en)?|kassenbon(?:s)?|belege?'],
    ['contract', 'contracts?|agreements?|leases?|ndas?|verträge|vertrag(?:s|es)?|mietvertrag|vereinbarung(?:en)?'],
    ['resume', 'resumes?|cvs?|lebensl(?:auf|äufe)'],
    ['newsletter', 'newsletters?'],
    ['invoice', 'invoices?|bills?|rechnung(?:en)?|eingangsrechnung(?:en)?'],
    ['letter', 'letters?|brief(?:e|s|es)?'],
  ] as const
).map(([name, pattern]) => [name, new RegExp(`(?<![\\p{L}-])(?:${pattern})(?![\\p{L}-])`, 'giu')])

export interface ClassPlace {
  name: string
  words: string
  start: number
}

/** The classes that a text names, in order. */
export const classesIn = (text: string): ClassPlace[] =>
  CLASSES.flatMap(([name, pattern]) => [...text.matchAll(pattern)].map((match) => ({ name, words: match[0], start: match.index }))).sort(
    (a, b) => a.start - b.start,
  )
