import type { DraftInput } from './schema'

type Language = DraftInput['language']

const UNKNOWN: Record<Language, string> = { en: 'Dear Sir or Madam,', de: 'Sehr geehrte Damen und Herren,' }
/** Addresses and fields that nobody filled in are no name. */
const NO_NAME = /[@{}<>$|\\]|^\W*$/u
const GERMAN_COMPANY = /(?<!\p{L})(?:gmbh|ag|kg|ohg|ug|se|bank|versicherung)$/iu
const GERMAN_TITLE = /^(?<title>frau|herrn?)\s+(?<name>\S.*)$/iu

/** How a mail begins. Who is named is greeted by that name and form of address, an address or nobody by the form for unknown readers. */
export function salutation(to: string | undefined, language: Language): string {
  const name = to?.replace(/\s+/g, ' ').trim() ?? ''
  if (NO_NAME.test(name) || !/\p{L}{2}/u.test(name)) return UNKNOWN[language]
  if (language === 'en') return `Dear ${name},`
  if (GERMAN_COMPANY.test(name)) return `Sehr geehrte Damen und Herren der ${name},`
  const { title, name: rest } = GERMAN_TITLE.exec(name)?.groups ?? {}
  if (title === undefined || rest === undefined) return `Guten Tag ${name},`
  return title.toLowerCase() === 'frau' ? `Sehr geehrte Frau ${rest},` : `Sehr geehrter Herr ${rest},`
}
