/** The few fixed words that every rendering needs, beside what a report says itself. */
export interface Words {
  page(number: number, of: number): string
  sources: string
  status: { verified: string; repaired: string; unverified: string }
  unverifiedNotice(count: number): string
  noRows: string
  noValues: string
  other: string
  total: string
  overview: string
  table(number: number): string
  columnsPart(first: number, last: number, of: number): string
  kpi: { label: string; value: string; change: string }
  source: { label: string; page: string; status: string; quote: string }
}

const EN: Words = {
  page: (number, of) => `Page ${number} of ${of}`,
  sources: 'Sources',
  status: { verified: 'verified', repaired: 'repaired', unverified: 'unverified' },
  unverifiedNotice: (count) =>
    count === 1
      ? 'Contains 1 statement without a verified source. Check it before use.'
      : `Contains ${count} statements without a verified source. Check them before use.`,
  noRows: 'No rows.',
  noValues: 'No values to show.',
  other: 'Other',
  total: 'Total',
  overview: 'Overview',
  table: (number) => `Table ${number}`,
  columnsPart: (first, last, of) => `Columns ${first}–${last} of ${of}`,
  kpi: { label: 'Figure', value: 'Value', change: 'Change' },
  source: { label: 'Source', page: 'Page', status: 'Status', quote: 'Quoted text' },
}

const DE: Words = {
  page: (number, of) => `Seite ${number} von ${of}`,
  sources: 'Quellen',
  status: { verified: 'geprüft', repaired: 'berichtigt', unverified: 'ungeprüft' },
  unverifiedNotice: (count) =>
    count === 1
      ? 'Enthält 1 Aussage ohne geprüfte Quelle. Vor Gebrauch prüfen.'
      : `Enthält ${count} Aussagen ohne geprüfte Quelle. Vor Gebrauch prüfen.`,
  noRows: 'Keine Zeilen.',
  noValues: 'Keine Werte vorhanden.',
  other: 'Übrige',
  total: 'Summe',
  overview: 'Übersicht',
  table: (number) => `Tabelle ${number}`,
  columnsPart: (first, last, of) => `Spalten ${first}–${last} von ${of}`,
  kpi: { label: 'Kennzahl', value: 'Wert', change: 'Änderung' },
  source: { label: 'Quelle', page: 'Seite', status: 'Status', quote: 'Zitierter Text' },
}

/** True for German of any region. Every other language reads English: the fixed words exist in these two. */
export const isGerman = (locale: string): boolean => /^de(-|$)/i.test(locale)

export const wordsFor = (locale: string): Words => (isGerman(locale) ? DE : EN)
