import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { featuresOf } from '../../workers/skills/entities/tagger/features'
import type { Lexicon } from '../../workers/skills/entities/tagger/lexicon'
import { type Token, tokenize } from '../../workers/skills/entities/tagger/tokens'
import { type Crf, type Example, trainCrf } from './crf.ts'
import type { LabelledText } from './pii-text.ts'

/** Types that a tagger learns; those of checked numbers are found by rules. */
export const PERSONAL_TYPES = [
  'person',
  'address',
  'place',
  'organisation',
  'phone',
  'credit_card',
  'age',
  'title',
  'date',
  'nationality',
  'postcode',
  'social_security',
  'driver_licence',
] as const
export const PERSONAL_LABELS = ['O', ...PERSONAL_TYPES.flatMap((type) => [`B-${type}`, `I-${type}`])]
/** Chosen by cross-validation over templates inside the development part: recall counts more than precision here, where rules of form follow. */
export const PERSONAL_BIAS = 3.5
/** Real templates weigh more than written ones. */
const REPEATED = 3

/** The names that presidio-research gives the types. */
export const PRESIDIO_TYPES: Record<string, string> = {
  PERSON: 'person',
  STREET_ADDRESS: 'address',
  GPE: 'place',
  ORGANIZATION: 'organisation',
  PHONE_NUMBER: 'phone',
  CREDIT_CARD: 'credit_card',
  AGE: 'age',
  TITLE: 'title',
  DOMAIN_NAME: 'url',
  EMAIL_ADDRESS: 'email',
  DATE_TIME: 'date',
  NRP: 'nationality',
  ZIP_CODE: 'postcode',
  US_SSN: 'social_security',
  US_DRIVER_LICENSE: 'driver_licence',
  IP_ADDRESS: 'ip',
  IBAN_CODE: 'iban',
  IBAN: 'iban',
}

export interface PersonalText extends LabelledText {
  template: number
}

/** Texts of a part of the presidio set in this product's types. */
export function readPersonal(folder: string): PersonalText[] {
  interface Row {
    text: string
    template_id: number
    spans: { start: number; end: number; type: string }[]
  }
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as Row)
    .map(({ text, template_id, spans }) => ({
      text,
      template: template_id,
      spans: spans.map(({ start, end, type }) => ({ start, end, type: PRESIDIO_TYPES[type] ?? type.toLowerCase() })),
    }))
}

const overlaps = (token: Token, span: { start: number; end: number }): boolean => token.start < span.end && token.end > span.start

function exampleOf({ text, spans }: LabelledText, lexicon: Lexicon): Example {
  const tokens = tokenize(text)
  const labels = tokens.map((token, at) => {
    const span = spans.find((candidate) => overlaps(token, candidate))
    if (span === undefined) return 0
    const before = tokens[at - 1]
    return Math.max(0, PERSONAL_LABELS.indexOf(`${before && overlaps(before, span) ? 'I' : 'B'}-${span.type}`))
  })
  return {
    features: featuresOf(
      tokens.map((token) => token.text),
      lexicon,
    ),
    labels,
  }
}

/** The tagger of personal data. */
export function trainPersonal(real: LabelledText[], written: LabelledText[], lexicon: Lexicon): Crf {
  const examples = real.map((text) => exampleOf(text, lexicon))
  return trainCrf([...written.map((text) => exampleOf(text, lexicon)), ...Array.from({ length: REPEATED }, () => examples).flat()], {
    labels: PERSONAL_LABELS.length,
    epochs: 5,
    l2: 3e-4,
    minCount: 2,
    rate: 0.1,
    dropout: 0.3,
  })
}
