import { de } from './de'
import { en, type MessageKey } from './en'

export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

/** A language says its own name in itself. */
export const LANGUAGE_NAMES = { en: 'English', de: 'Deutsch' } as const satisfies Record<Language, string>

const DICTIONARIES: Record<Language, Record<MessageKey, string>> = { en, de }

type CountedKey = {
  [K in MessageKey]: K extends `${infer Stem}.one` ? (`${Stem}.other` extends MessageKey ? Stem : never) : never
}[MessageKey]
export type Values = Record<string, string | number>

/** Makes the function that gives the words of one language. Placeholders without a value stay visible, so a slip is seen. */
export function createTranslate(language: Language) {
  const words = DICTIONARIES[language]
  const plural = new Intl.PluralRules(language)
  const fill = (text: string, values: Values): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
  const translate = (key: MessageKey, values: Values = {}): string => fill(words[key], values)
  const count = (stem: CountedKey, amount: number, values: Values = {}): string =>
    translate(`${stem}.${plural.select(amount) === 'one' ? 'one' : 'other'}`, { count: amount, ...values })
  return Object.assign(translate, { count })
}
export type Translate = ReturnType<typeof createTranslate>
