import type { Feature } from './features'
import { MAIL_CONCEPTS } from './mail-concepts'
import { OFFICE_CONCEPTS } from './office-concepts'

const CONCEPTS = [...MAIL_CONCEPTS, ...OFFICE_CONCEPTS]

/** The features of every concept that a name or a description means. */
export const featuresOf = (words: string): Feature[] =>
  CONCEPTS.filter(({ names }) => names.test(words)).flatMap(({ features }) => features)

const PRAISE = /(?<!\p{L})(?:praise|compliments?|positive?|lob)(?!\p{L})/iu
const BLAME = /(?<!\p{L})(?:complaints?|negative?|criticism|beschwerden?|reklamation(?:en)?|kritik)(?!\p{L})/iu
const ASKING = /(?<!\p{L})(?:questions?|inquir(?:y|ies)|enquir(?:y|ies)|(?:an)?fragen?)(?!\p{L})/iu

/** Which manner of speaking a name means, where it means one: that shows in no list of words alone. */
export const mannerOf = (name: string): 'praise' | 'blame' | 'asking' | undefined =>
  PRAISE.test(name) ? 'praise' : BLAME.test(name) ? 'blame' : ASKING.test(name) ? 'asking' : undefined
