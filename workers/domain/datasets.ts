import * as z from 'zod'
import { AppError, type Problem } from './error'
import { canonicalJson, Json } from './json'
import { readJson } from './json-text'
import type { PageOf, PageRequest } from './ports'

/** It stands in paths and in gates. */
export const DatasetName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,62}$/, 'use lower-case letters, digits, - and _, beginning with a letter, at most 63 characters')

export const DATASET_LIMITS = { cases: 5_000, bytes: 5 * 1_048_576, tags: 20 } as const

const MAX_ID_CHARACTERS = 200
const Tag = z.string().trim().min(1).max(60)

/** One case: what goes in, and what should come out. */
export const DatasetCase = z.strictObject({
  /** Unique in the dataset. By it the same case is found again in another version and in another evaluation. */
  id: z.string().trim().min(1).max(MAX_ID_CHARACTERS),
  input: Json,
  /** Absent: only metrics that need no expectation apply. */
  expected: Json.optional(),
  tags: z.array(Tag).max(DATASET_LIMITS.tags).default([]),
})
export type DatasetCase = z.infer<typeof DatasetCase>

/** A case with the hash of its content, so that evaluations of two versions compare only what stayed the same. */
export type StoredCase = DatasetCase & { hash: string }

/** One version of a dataset. The cases are in the file store, `CASES_PER_PAGE` in a file. */
export interface DatasetRecord {
  name: string
  /** First 16 hex characters of the SHA-256 of its cases: the same cases are the same version. */
  version: string
  cases: number
  bytes: number
  createdAt: string
  createdBy: string
}

/** Datasets of one tenant with their versions. */
export interface Datasets {
  /** Makes it the newest version of its name; one that is there already is only put on top. */
  save(dataset: DatasetRecord): Promise<void>
  /** The newest version, or the named one. */
  find(name: string, version?: string): Promise<DatasetRecord | undefined>
  /** All versions, newest first. */
  versions(name: string): Promise<DatasetRecord[]>
  /** The newest version of each, most recently saved first. */
  list(page: PageRequest): Promise<PageOf<DatasetRecord>>
  /** All versions; none is no error. */
  remove(name: string): Promise<void>
}

/** Small enough to be read for the sake of a few cases. */
export const CASES_PER_PAGE = 100
export const pagesOf = (cases: number): number => Math.ceil(cases / CASES_PER_PAGE)

export const datasetKeys = {
  page: (name: string, version: string, page: number) => `datasets/${name}/${version}/${page}.json`,
} as const

const MAX_PROBLEMS = 20

/**
 * The cases of a text: JSON (a list, or `{ "cases": [...] }`) or JSON lines. Refuses `invalid` with the first problems, each with its
 * case or line, and `too_large` beyond 5,000 cases; ids must be unique.
 */
export function readDataset(text: string): DatasetCase[] {
  const items = rowsOf(text)
  if (items.length > DATASET_LIMITS.cases)
    throw new AppError('too_large', `A dataset may have ${DATASET_LIMITS.cases} cases, this has ${items.length}; split it.`)
  const problems: Problem[] = []
  const seen = new Set<string>()
  const cases = items.flatMap(({ value, path, line }) => {
    const read = DatasetCase.safeParse(value)
    const at = { ...(line !== undefined && { line }) }
    if (!read.success) {
      problems.push(...read.error.issues.map((issue) => ({ path: [path, ...issue.path].join('.'), message: issue.message, ...at })))
      return []
    }
    if (seen.has(read.data.id)) problems.push({ path: `${path}.id`, message: `'${read.data.id}' is the id of an earlier case`, ...at })
    seen.add(read.data.id)
    return [read.data]
  })
  if (items.length === 0) problems.push({ path: '', message: 'there is no case; send at least one' })
  if (problems.length > 0)
    throw new AppError('invalid', `The dataset does not fit: ${problems.length} problems, the first are in problems.`, {
      problems: problems.slice(0, MAX_PROBLEMS),
    })
  return cases
}

interface Row {
  value: unknown
  path: string
  line?: number
}

function rowsOf(text: string): Row[] {
  if (isOneText(text)) {
    const whole = readJson(text)
    if ('problem' in whole) throw notTaken('The JSON of the dataset cannot be taken', whole.problem)
    return listOf(whole.value).map((value, at) => ({ value, path: `cases[${at}]` }))
  }
  return text.split(/\r?\n/).flatMap((content, at) => {
    if (content.trim() === '') return []
    const row = readJson(content)
    if ('value' in row) return [{ value: row.value, path: `line ${at + 1}`, line: at + 1 }]
    throw notTaken('The text is neither one JSON value nor JSON lines', { ...row.problem, line: at + 1 })
  })
}

/** A text whose first line is a whole JSON value is JSON lines, as is one with a broken line after such a line. */
function isOneText(text: string): boolean {
  const [first = '', ...rest] = text.trim().split(/\r?\n/, 2)
  return rest.length === 0 || 'problem' in readJson(first)
}

const notTaken = (what: string, problem: Problem) =>
  new AppError('invalid', `${what}: ${problem.message} (line ${problem.line}, column ${problem.column}).`, { problems: [problem] })

/** One case alone on one line is JSON lines, too. */
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'object' && value !== null && 'cases' in value && Array.isArray(value.cases)) return value.cases
  return [value]
}

/** The cases as they are stored, and the version that they make. */
export async function sealDataset(cases: readonly DatasetCase[]): Promise<{ version: string; cases: StoredCase[] }> {
  const sealed = await Promise.all(
    cases.map(async (each) => ({ ...each, hash: await shortHash(canonicalJson([each.input, each.expected])) })),
  )
  return { version: await shortHash(canonicalJson(cases)), cases: sealed }
}

/** First 16 hex characters of the SHA-256. */
export async function shortHash(text: string): Promise<string> {
  return (await sha256(text)).slice(0, 16)
}

/** Lower-case hex SHA-256 of a text. */
export async function sha256(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
