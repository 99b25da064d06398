import { zlibSync } from 'fflate'
import { KINDS, type Kind, NONE, UNKNOWN, wordKey } from '../../workers/skills/entities/tagger/lexicon'
import { clusterWords, treePaths } from './clusters.ts'
import type { Sources } from './sources.ts'

/** Words past this rank are seldom in a text, and their vectors are noise. */
const CLUSTERED_WORDS = 60_000
const RANKED_WORDS = 60_000
/** Letters of the longest path in the tree of word vectors. */
const TREE_DEPTH = 16
const COARSE = 64
const FINE = 16

interface Entry {
  cluster: number
  path: string
  kinds: number
  rarity: number
}

/** Packs all sources into the columns that `readLexicon` reads. */
export function packLexicon(sources: Sources): Uint8Array {
  const words = new Map<string, Entry>()
  const phrases = new Map<string, number>()
  const entry = (word: string): Entry => {
    const known = words.get(word)
    if (known) return known
    const made = { cluster: NONE, path: '', kinds: 0, rarity: UNKNOWN.rarity }
    words.set(word, made)
    return made
  }
  const vectors = centred(sources, CLUSTERED_WORDS)
  const codes = clusterWords(CLUSTERED_WORDS, vectors, sources.dimensions, COARSE, FINE)
  const paths = treePaths(CLUSTERED_WORDS, vectors, sources.dimensions, TREE_DEPTH)
  sources.words.slice(0, RANKED_WORDS).forEach((word, rank) => {
    Object.assign(entry(word), { cluster: codes[rank] ?? NONE, path: paths[rank] ?? '', rarity: Math.floor(Math.log2(rank + 1)) })
  })
  const add = (kind: Kind, name: string) => {
    const lower = name.toLowerCase().replace(/\s+/g, ' ').trim()
    const bit = 1 << KINDS.indexOf(kind)
    if (lower.includes(' ')) phrases.set(lower, (phrases.get(lower) ?? 0) | bit)
    else if (lower.length > 1) entry(lower).kinds |= bit
  }
  addNames(sources, add)
  return zlibSync(columns(words, phrases), { level: 9 })
}

/** Unit rows around the mean: without that, frequent words share a cluster whatever they mean. */
function centred({ vectors, dimensions }: Sources, count: number): Float32Array {
  const rows = vectors.slice(0, count * dimensions)
  for (let d = 0; d < dimensions; d += 1) {
    let mean = 0
    for (let row = 0; row < count; row += 1) mean += (rows[row * dimensions + d] ?? 0) / count
    for (let row = 0; row < count; row += 1) rows[row * dimensions + d] = (rows[row * dimensions + d] ?? 0) - mean
  }
  for (let row = 0; row < count; row += 1) {
    const vector = rows.subarray(row * dimensions, (row + 1) * dimensions)
    const length = Math.hypot(...vector) || 1
    for (let d = 0; d < dimensions; d += 1) vector[d] = (vector[d] ?? 0) / length
  }
  return rows
}

function addNames(sources: Sources, add: (kind: Kind, name: string) => void): void {
  const plausible = (name: string) => name.length <= 40 && name.split(' ').length <= 5 && /\p{L}/u.test(name)
  for (const name of sources.firstNames) add('first', name)
  for (const name of sources.lastNames) add('last', name)
  for (const name of sources.streets) for (const word of name.split(' ')) if (word.length > 3) add('street', word)
  for (const { name, population } of sources.cities) if (population >= 5_000) add(population >= 100_000 ? 'city' : 'town', name)
  for (const [kind, names] of Object.entries(sources.lists) as [Kind, string[]][])
    for (const name of names) if (plausible(name)) add(kind, name)
}

function columns(words: Map<string, Entry>, phrases: Map<string, number>): Uint8Array {
  const paths = [...new Set([...words.values()].map(({ path }) => path).filter((path) => path !== ''))].sort()
  const pathIndex = new Map(paths.map((path, index) => [path, index]))
  const byHash = <T>(map: Map<string, T>): [number, T][] => {
    const unique = new Map([...map].map(([text, value]) => [wordKey(text), value] as const))
    return [...unique].sort((a, b) => a[0] - b[0])
  }
  const bytes: number[] = []
  const column = (values: number[], width: number) => {
    for (let byte = 0; byte < width; byte += 1) for (const value of values) bytes.push(Math.floor(value / 256 ** byte) % 256)
  }
  const number = (value: number) => column([value], 4)
  const gaps = (hashes: number[]) => hashes.map((hash, index) => hash - (hashes[index - 1] ?? 0))
  const [wordRows, phraseRows] = [byHash(words), byHash(phrases)]
  const tree = new TextEncoder().encode(paths.join('\n'))
  number(wordRows.length)
  number(phraseRows.length)
  number(tree.length)
  column(gaps(wordRows.map(([hash]) => hash)), 4)
  column(
    wordRows.map(([, { cluster }]) => cluster),
    2,
  )
  column(
    wordRows.map(([, { path }]) => pathIndex.get(path) ?? NONE),
    2,
  )
  column(
    wordRows.map(([, { kinds }]) => kinds),
    2,
  )
  column(
    wordRows.map(([, { rarity }]) => rarity),
    1,
  )
  column(gaps(phraseRows.map(([hash]) => hash)), 4)
  column(
    phraseRows.map(([, kinds]) => kinds),
    2,
  )
  for (const byte of tree) bytes.push(byte)
  return Uint8Array.from(bytes)
}
