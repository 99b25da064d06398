import { seeded } from './clusters.ts'
import { ENGLISH, ENGLISH_MIXED, ENGLISH_PLAIN, GERMAN, GERMAN_MIXED, GERMAN_PLAIN } from './pii-templates.ts'

/** A text with labelled spans `[start, end)`. */
export interface LabelledText {
  text: string
  spans: { start: number; end: number; type: string }[]
}

/** What of @faker-js/faker is used, per locale. */
export interface Fake {
  person: { firstName(): string; lastName(): string; jobTitle(): string; prefix(): string }
  company: { name(): string }
  location: {
    street(): string
    streetAddress(): string
    secondaryAddress(): string
    city(): string
    zipCode(): string
    country(): string
    state(): string
  }
  phone: { number(): string }
  date: { past(options: { years: number; refDate: string }): Date }
  commerce: { productName(): string }
}

/** Fixed, so that the texts are the same whenever they are written. */
const TODAY = '2026-01-01T00:00:00Z'

const LABEL_OF: Record<string, string> = {
  first: 'person',
  last: 'person',
  person: 'person',
  org: 'organisation',
  city: 'place',
  country: 'place',
  address: 'address',
  street: 'address',
  streetname: 'address',
  zip: 'postcode',
  phone: 'phone',
  card: 'credit_card',
  ssn: 'social_security',
  licence: 'driver_licence',
  age: 'age',
  job: 'title',
  title: 'title',
  nation: 'nationality',
  date: 'date',
  day: 'date',
  year: 'date',
}

/** Made-up texts: every template `rounds` times with values of a random locale each. Deterministic for a seeded faker. */
export function writeTexts(fakes: { english: Fake[]; german: Fake[] }, nationalities: string[], rounds: number): LabelledText[] {
  const random = seeded(23)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const fill = (template: string, fake: Fake, german: boolean) =>
    fillTemplate(template, valuesOf({ fake, german, nationalities, random, pick }))
  return Array.from({ length: rounds }, () => [
    ...[...ENGLISH, ...ENGLISH_MIXED].map((template) => fill(template, pick(fakes.english), false)),
    ...ENGLISH_PLAIN.map((text) => ({ text, spans: [] })),
    ...[...GERMAN, ...GERMAN_MIXED].map((template) => fill(template, pick(fakes.german), true)),
    ...GERMAN_PLAIN.map((text) => ({ text, spans: [] })),
  ]).flat()
}

function fillTemplate(template: string, values: Record<string, () => string>): LabelledText {
  const spans: LabelledText['spans'] = []
  let text = ''
  let at = 0
  for (const match of template.matchAll(/\{([a-z]+)\}/g)) {
    text += template.slice(at, match.index)
    const filled = values[match[1] ?? '']?.() ?? ''
    const type = LABEL_OF[match[1] ?? '']
    if (type !== undefined) spans.push({ start: text.length, end: text.length + filled.length, type })
    text += filled
    at = match.index + match[0].length
  }
  return { text: text + template.slice(at), spans }
}

interface Making {
  fake: Fake
  german: boolean
  nationalities: string[]
  random: () => number
  pick: <T>(items: readonly T[]) => T
}

const TITLES = ['Mr.', 'Mrs.', 'Ms.', 'Dr.', 'Prof.', 'Mr', 'Mrs', 'Ms', 'Dr']
const DAYS = {
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  de: ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag'],
}
const CARDS = ['4###############', '5###############', '3##############', '4### #### #### ####', '6###########']
const LICENCES = ['#######', 'A############', '####-##-####', 'K#######', '########']
const NUMBERS = ['####', '#####', '2024-####', 'INV-#####', '20#######', 'RE-2025/###', '###-##']

/** What a slot may be filled with. */
function valuesOf(making: Making): Record<string, () => string> {
  const { fake, german, nationalities, random, pick } = making
  const { person, location } = fake
  const digits = (shape: string) => shape.replace(/#/g, () => String(Math.floor(random() * 10)))
  const initial = () => (random() < 0.15 ? ` ${pick([...'ABCDEGHJKLMPRST'])}.` : '')
  return {
    first: () => person.firstName(),
    last: () => person.lastName(),
    person: () => `${person.firstName()}${initial()} ${person.lastName()}`,
    org: () => fake.company.name(),
    city: () => location.city(),
    country: () => location.country(),
    streetname: () => location.street(),
    street: () => streetOf(making, digits),
    address: () => addressOf(making, digits),
    zip: () => location.zipCode(),
    phone: () => fake.phone.number(),
    card: () => digits(pick(CARDS)),
    ssn: () => digits('###-##-####'),
    licence: () => digits(pick(LICENCES)),
    age: () => String(18 + Math.floor(random() * 70)),
    job: () => (random() < 0.5 ? person.jobTitle() : person.jobTitle().toLowerCase()),
    title: () => pick(TITLES),
    nation: () => pick(nationalities),
    date: () => dateOf(fake.date.past({ years: 60, refDate: TODAY }), german, random),
    day: () => pick(german ? DAYS.de : DAYS.en),
    year: () => String(1950 + Math.floor(random() * 75)),
    amount: () => amountOf(random, german),
    number: () => digits(pick(NUMBERS)),
    goods: () => fake.commerce.productName().toLowerCase(),
  }
}

function streetOf({ fake: { location }, german, random }: Making, digits: (shape: string) => string): string {
  if (random() < 0.5) return location.streetAddress()
  return german ? `${location.street()} ${digits('#')}` : `${digits('##')} ${location.street()}`
}

function addressOf(making: Making, digits: (shape: string) => string): string {
  const { location } = making.fake
  const street = () => streetOf(making, digits)
  if (making.german) return `${street()}${making.pick([', ', '\n'])}${location.zipCode()} ${location.city()}`
  return making.pick([
    () => `${street()}, ${location.city()}`,
    () => `${street()}\n ${location.secondaryAddress()}\n${location.city()}\n${location.country()} ${location.zipCode()}`,
    () => `${street()} ${location.secondaryAddress()}, ${location.city()} ${location.zipCode()}`,
    () => `${street()}\n${location.city()}, ${location.state()} ${location.zipCode()}`,
  ])()
}

function dateOf(date: Date, german: boolean, random: () => number): string {
  const iso = date.toISOString()
  const [year, month, day] = iso.slice(0, 10).split('-')
  if (german) return `${day}.${month}.${year}`
  const forms = [
    iso.slice(0, 10),
    `${month}/${day}/${year}`,
    date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }),
    iso.slice(0, 19).replace('T', ' '),
  ]
  return forms[Math.floor(random() * forms.length)] ?? iso
}

function amountOf(random: () => number, german: boolean): string {
  const value = Math.round(random() * 10 ** (2 + Math.floor(random() * 4))) / 100 + 5
  const written = value.toLocaleString(german ? 'de-DE' : 'en-US', { minimumFractionDigits: 2 })
  const forms = german
    ? [`${written} €`, `${written} EUR`, `${written} Euro`]
    : [`${written} EUR`, `$${written}`, `£${written}`, `USD ${written}`, written]
  return forms[Math.floor(random() * forms.length)] ?? written
}
