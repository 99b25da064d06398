import type { Span } from '../../domain/documents'
import type { Field } from '../extract/schema'

/** A field this doubtful is not stated as a fact. */
const MIN_CONFIDENCE = 0.4

/** A part of a lead sentence: words around a field's value, left out where the field is unknown. */
type Part = [field: string, before: string, after?: string]

interface Template {
  title: string
  parts: Part[]
}

const invoice = (title: string, words: { from: string; to: string; dated: string; total: string; due: string }): Template => ({
  title,
  parts: [
    ['invoiceNumber', ' '],
    ['issuer', ` ${words.from} `],
    ['customer', ` ${words.to} `],
    ['date', `, ${words.dated} `],
    ['totalGross', `, ${words.total} `],
    ['dueDate', `, ${words.due} `],
  ],
})
const EN = { from: 'from', to: 'to', dated: 'dated', total: 'total', due: 'due' }
const DE = { from: 'von', to: 'an', dated: 'vom', total: 'Betrag', due: 'fällig' }
const FR = { from: 'de', to: 'à', dated: 'du', total: 'total', due: 'échéance' }
const contract = (title: string, words: [string, string, string, string, string]): Template => ({
  title,
  parts: [
    ['parties', ` ${words[0]} `],
    ['effectiveDate', `, ${words[1]} `],
    ['term', `, ${words[2]} `],
    ['contractValue', `, ${words[3]} `],
    ['governingLaw', `, ${words[4]} `],
  ],
})

const TEMPLATES: Record<string, Record<string, Template>> = {
  en: {
    invoice: invoice('Invoice', EN),
    credit_note: invoice('Credit note', EN),
    receipt: invoice('Receipt', EN),
    order: invoice('Order', EN),
    contract: contract('Contract', ['between', 'effective', 'term', 'value', 'governing law:']),
  },
  de: {
    invoice: invoice('Rechnung', DE),
    credit_note: invoice('Gutschrift', DE),
    receipt: invoice('Beleg', DE),
    order: invoice('Bestellung', DE),
    contract: contract('Vertrag', ['zwischen', 'gültig ab', 'Laufzeit', 'Wert', 'Recht:']),
  },
  fr: {
    invoice: invoice('Facture', FR),
    credit_note: invoice('Avoir', FR),
    receipt: invoice('Reçu', FR),
    order: invoice('Commande', FR),
    contract: contract('Contrat', ['entre', 'en vigueur le', 'durée', 'valeur', 'droit :']),
  },
}
const JOIN: Record<string, string> = { en: ' and ', de: ' und ', fr: ' et ' }

/** Values that are words, in the language of the sentence. */
const VALUES: Record<string, Record<string, string>> = { de: { indefinite: 'unbefristet' }, fr: { indefinite: 'indéterminée' } }

function shown(field: Field, language: string): string {
  if (Array.isArray(field.normalized)) return field.normalized.map(String).join(JOIN[language] ?? ', ')
  if (typeof field.normalized !== 'number') {
    const value = String(field.normalized ?? field.value)
    return VALUES[language]?.[value] ?? value
  }
  const digits = field.normalized.toFixed(2)
  return `${language === 'en' ? digits : digits.replace('.', ',')}${field.currency ? ` ${field.currency}` : ''}`
}

/** One sentence that states a document's surest fields, with their places; undefined when too few are known. */
export function leadSentence(documentClass: string, fields: Field[], language: string): { text: string; spans: Span[] } | undefined {
  const tongue = TEMPLATES[language] ? language : 'en'
  const template = TEMPLATES[tongue]?.[documentClass]
  if (!template) return undefined
  const used: Field[] = []
  const text = template.parts.reduce((sentence, [name, before, after = '']) => {
    const field = fields.find((candidate) => candidate.name === name && candidate.confidence >= MIN_CONFIDENCE)
    if (!field) return sentence
    used.push(field)
    return `${sentence}${before}${shown(field, tongue)}${after}`
  }, template.title)
  if (used.length < 2) return undefined
  return { text: `${text.replace(/[.,]+$/, '')}.`, spans: used.flatMap((field) => field.spans ?? (field.span ? [field.span] : [])) }
}
