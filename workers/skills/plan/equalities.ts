import { allClassesIn } from './documents'
import { knownFields, type NamedField } from './fields'
import { WRITTEN_IN } from './findings'
import { currencyIn } from './numbers'
import type { Mentioned, TestPlace } from './tests'

const CURRENCY: NamedField = { name: 'currency', words: 'currency', isNumber: false, isCustom: false }
const IN_CURRENCY =
  /(?<![\p{L}])(?:in|auf) (?:us[ -]?|euro |british )?(?<code>usd|eur|gbp|chf|dollars?|euros?|pounds?|franken)(?![\p{L}])|(?:currency is|währung ist) (?<other>[a-z]{3,})/giu

export const currencies = (text: string): TestPlace[] =>
  [...text.matchAll(IN_CURRENCY)].flatMap((match) => {
    const value = currencyIn(match.groups?.code ?? match.groups?.other ?? '')
    return value ? [{ test: { kind: 'text', field: CURRENCY, value }, start: match.index, end: match.index + match[0].length }] : []
  })

const SENDER =
  /(?<![\p{L}])(?:(?:the |der )?(?:sender|absender)(?:in)? (?:is|ist)(?: not| nicht)?|(?:comes?|came|sent|is|kommt|ist|stammt) (?:not |nicht )?(?:from|by|von)|from|von) (?<value>⟦m\d+⟧)/giu

export const senders = (text: string): TestPlace[] =>
  [...text.matchAll(SENDER)].map((match) => ({
    test: { kind: 'sender', value: match.groups?.value ?? '' },
    start: match.index,
    end: match.index + match[0].length,
  }))

const UNSURE =
  /(?<![\p{L}])(?:(?:(?:you |it |the class(?:ification)? |the (?:type|kind) |we )?(?:are |is )?(?:not|n['’]t) (?:so |quite |really )?(?:sure|certain|confident)|unsure|uncertain|(?:confidence|certainty) is (?:too )?low|low[- ]confidence|unclear|unsicher\p{L}*|nicht (?:ganz )?sicher|unklar|(?:geringe[rm]?|niedrige[rm]?|zu wenig) (?:konfidenz|sicherheit)|konfidenz (?:zu )?(?:gering|niedrig))(?: (?:is|ist|about|of|what|which|whether|um|über|welche\p{L}*|was)(?: (?:kind|type|sort|the|class|art|of|it|document|mail|es|das|is|ist|dokument)(?![\p{L}]))*)?)(?![\p{L}])/giu
/** Below this a guess is as likely wrong as right. */
const UNSURE_BELOW = 0.5

export const unsure = (text: string): TestPlace[] =>
  [...text.matchAll(UNSURE)].map((match) => ({
    test: { kind: 'judged', by: 'confidence', operator: '<', value: UNSURE_BELOW, isAssumed: true },
    start: match.index,
    end: match.index + match[0].length,
  }))

export const languages = (text: string): TestPlace[] =>
  WRITTEN_IN.flatMap(([code, pattern]) =>
    [...text.matchAll(pattern)].map(
      (match): TestPlace => ({ test: { kind: 'language', code }, start: match.index, end: match.index + match[0].length }),
    ),
  )

export const ISSUER: NamedField = { name: 'issuer', words: 'supplier', isNumber: false, isCustom: false }
const PROPER = '(?:["“„](?<quoted>[^"”“]+)["”“]|(?<proper>\\p{Lu}[\\p{L}\\d&.-]*(?: (?:&|of|und|\\p{Lu}[\\p{L}\\d&.-]*|\\p{Lu}))*))'
const FROM_NAME = new RegExp(
  `(?<![\\p{L}])(?:comes? |is |are |ist |sind |stammt )?(?:not |nicht )?(?:[Ff]rom|[Bb]y|[Vv]on|[Vv]om)(?: the| der| dem)? ${PROPER}(?: (?:is|ist|are|sind|kommt|stammt)(?![\\p{L}]))?`,
  'gu',
)
const FIELD_IS = new RegExp(
  `(?<name>[\\p{L}-]+(?: [\\p{L}-]+)?) (?:is|equals|ist|lautet|heißt)(?: not| nicht)? (?:the |die |der )?${PROPER}`,
  'gu',
)

/** German writes every noun with a capital: only these are names for sure. */
const OF_FIRM = / |^[A-Z\d&.-]{2,}$|GmbH|AG$|KG$/

export function equalities(text: string, mentioned: Mentioned): TestPlace[] {
  const stated: TestPlace[] = [...text.matchAll(FIELD_IS)].flatMap((match) => {
    const { name = '', quoted, proper } = match.groups ?? {}
    const known = knownFields(name).findLast(({ end }) => end === name.length)
    const field = known?.field ?? mentioned.custom.find(({ words }) => name.toLowerCase() === words.toLowerCase())
    const value = quoted ?? proper
    if (field === undefined || value === undefined || field.isNumber) return []
    const start = match.index + (known?.start ?? 0)
    return [{ test: { kind: 'text', field, value: value.trim() }, start, end: match.index + match[0].length }]
  })
  const from: TestPlace[] = [...text.matchAll(FROM_NAME)].flatMap((match) => {
    const value = match.groups?.quoted ?? match.groups?.proper
    if (
      value === undefined ||
      !(/(?:from|by)/i.test(match[0]) || match.groups?.quoted !== undefined || OF_FIRM.test(value)) ||
      allClassesIn(value).length > 0 ||
      stated.some(({ start, end }) => match.index < end && match.index + match[0].length > start)
    )
      return []
    return [{ test: { kind: 'text', field: ISSUER, value: value.trim() }, start: match.index, end: match.index + match[0].length }]
  })
  return [...stated, ...from]
}
