import english from './english.json'
import { GERMAN } from './german'

/**
 * English words of VADER's lexicon that letters, contracts and reports use without an opinion: an interest is a rate, a party signs,
 * a share is a part.
 */
const WITHOUT_OPINION =
  'accept accepted accepting accepts admit agree agreed agreeable agreement agreements alone approval assets attract award award benefit benefits block cancel canceled cancelled cancelling care certain challenge charge charged charges chance clear clearly commit commitment committed confidence consent consents credit critical cut debt defects demand demands deny determined dream drop duty energy engage engagement ensure ensured expand free fresh fund funds gain gains gained grant granted grants growth guarantee hard help helping helps honor important improvement increase increased increases intact interest interested interests join justice legal like liked likes limitation limited lose low lower lowest matter matters miss natural number party parties pay please profit profits promise promised proper protect protected protection ready resolve resolved responsible risk risks safe safety safely save saved secure secured security serious share shared shares solution solutions special stop stopped strike strong subject substantially succeed support supported supporting supports thorough top tops trust united useful value valued values vision want wanted wants war warranty warning warrant warrants wealth welcome well wish wishes worth yes'

/** What customers write and VADER does not have. */
const OF_CUSTOMERS: Record<string, string> = {
  '2.2':
    'quick quickly reliable delicious flawless spotless hassle-free prompt punctual intact careful knowledgeable attentive thoughtful patient smooth smoothly',
  '1.2': 'affordable sturdy comfortable quiet clean tidy cosy cozy tasty responsive clear-cut easy works praise pros',
  '-1.4':
    'late delayed delay delays slow noisy leak leaks leaking wobble wobbles wobbly cold cons overpriced pricey missing incomplete unclear confusing forgot forgotten downside waiting unanswered soaked',
  '-2.2':
    'faulty defective unusable unreliable crashes crashed damaged broke broken rude unfriendly unhelpful dirty filthy mouldy moldy smelly unprofessional misleading wrong unacceptable torn scratched cracked outdated overcharged mess ignored outrageous ridiculous disgraceful disgusting shocking',
}

const rowsOf = (table: Record<string, string>) =>
  Object.entries(table).flatMap(([value, words]) => words.split(' ').map((word) => [word, Number(value)] as const))

const NEUTRAL: ReadonlySet<string> = new Set(WITHOUT_OPINION.split(' '))
const ENGLISH = new Map([...rowsOf(english).filter(([word]) => !NEUTRAL.has(word)), ...rowsOf(OF_CUSTOMERS)])

const plain = (word: string): string => word.replaceAll('ß', 'ss')
const GERMAN_ROWS = rowsOf(GERMAN).map(([word, value]) => [plain(word), value] as const)
const WHOLE = new Map(GERMAN_ROWS.filter(([word]) => !word.endsWith('*')))
const STEMS = GERMAN_ROWS.filter(([word]) => word.endsWith('*'))
  .map(([word, value]) => ({ stem: word.slice(0, -1), value }))
  .sort((a, b) => b.stem.length - a.stem.length)
/** Longest first, so that `besseren` is `besser`. */
const ENDINGS = [
  '',
  'eren',
  'erem',
  'erer',
  'eres',
  'esten',
  'ester',
  'sten',
  'este',
  'ere',
  'ste',
  'ten',
  'er',
  'en',
  'es',
  'em',
  'te',
  'e',
  'n',
  's',
]

export const englishValue = (word: string): number | undefined => ENGLISH.get(word)

/** The value of a German word in any of its inflections. */
export function germanValue(word: string): number | undefined {
  const key = plain(word)
  for (const ending of ENDINGS) {
    const value = key.endsWith(ending) ? WHOLE.get(key.slice(0, key.length - ending.length)) : undefined
    if (value !== undefined) return value
  }
  return STEMS.find(({ stem }) => key.startsWith(stem))?.value
}
