import * as z from 'zod'
import { AppError } from './error'

/** Name of a prompt: what the skill calls its question. */
export const PromptName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and dashes')
const MAX_TEXT_CHARACTERS = 20_000
const MAX_TESTS = 50

/** What a rendered prompt must and must not say. */
export const PromptTest = z.object({
  name: z.string().min(1).max(120),
  variables: z.record(z.string(), z.string().max(4_000)).default({}),
  contains: z.array(z.string().min(1).max(1_000)).default([]),
  lacks: z.array(z.string().min(1).max(1_000)).default([]),
  maxCharacters: z.int().min(1).optional(),
})
export type PromptTest = z.infer<typeof PromptTest>

/** A new version as somebody writes it. */
export const PromptDraft = z.object({
  text: z.string().min(1).max(MAX_TEXT_CHARACTERS),
  note: z.string().max(500).optional(),
  tests: z.array(PromptTest).max(MAX_TESTS).default([]),
  /** Its share beside the weights of the other live versions; `all`: it takes their place. */
  weight: z.union([z.literal('all'), z.int().min(0).max(1_000)]).default('all'),
})
export type PromptDraft = z.infer<typeof PromptDraft>

/** The built-in text of a skill: version 1 of the prompt of that name. */
export interface BuiltInPrompt {
  name: string
  /** With `{{ name }}` for each variable. */
  text: string
  variables: Record<string, string>
}
export const BUILT_IN_VERSION = 1

export interface PromptVersion {
  name: string
  version: number
  /** Absent: the built-in text. */
  text?: string
  /** Share of the runs that use it, relative to the others; 0: none but those that are pinned to it. */
  weight: number
  note?: string
  tests: PromptTest[]
  createdAt: string
  createdBy?: string
}

/** What became of the questions asked with a version. */
export interface PromptOutcome {
  version: number
  runs: number
  /** Fitted at once, fitted after a round of repair, did not fit. */
  answered: number
  repaired: number
  failed: number
}
export type PromptResult = 'answered' | 'repaired' | 'failed'

/** Prompts of one tenant, as a skill uses them. */
export interface PromptBook {
  /**
   * The version for a run: chosen by weight at the first use and then the same to the end of the run, whatever is saved meanwhile.
   * Without a run: the one of the highest weight.
   */
  choose(prompt: BuiltInPrompt, runId: string | undefined): Promise<{ version: number; text: string }>
  record(use: { name: string; version: number; runId: string | undefined; result: PromptResult }): Promise<void>
}

/** Prompts of one tenant, as people edit them. */
export interface PromptStore extends PromptBook {
  /** Names that the tenant has versions of. */
  names(): Promise<string[]>
  /** Newest first; empty where the tenant has none of its own. The built-in is version 1. */
  versions(name: string): Promise<PromptVersion[]>
  /** Saves the next version; undefined when `expected` is not the newest until then. */
  save(name: string, draft: PromptDraft, createdBy: string, expected: number | undefined): Promise<PromptVersion | undefined>
  /** Refuses `not_found` for a version that is not there, `invalid` when no version would be left. */
  setWeights(name: string, weights: Record<number, number>): Promise<void>
  outcomes(name: string): Promise<PromptOutcome[]>
}

const VARIABLE = /\{\{\s*([a-zA-Z][\w]*)\s*\}\}/g

/** Names of the variables of a text. */
export const variablesOf = (text: string): string[] => [...new Set([...text.matchAll(VARIABLE)].map((match) => match[1] ?? ''))]

/** The text with its variables filled in. Refuses `invalid` for one that has no value. Values are put in as they are, once. */
export function renderPrompt(text: string, variables: Record<string, string>): string {
  const unknown = variablesOf(text).filter((name) => !Object.hasOwn(variables, name))
  if (unknown.length > 0) {
    const known = Object.keys(variables).join(', ') || 'none'
    throw new AppError('invalid', `The prompt uses {{ ${unknown.join(' }}, {{ ')} }}; its variables are: ${known}.`, {
      reason: 'prompt_variable',
    })
  }
  return text.replace(VARIABLE, (_, name: string) => variables[name] ?? '')
}

/** What the tests of a prompt say of its text; `variables` stand in for those that a test does not name. */
export function runPromptTests(
  text: string,
  tests: PromptTest[],
  variables: Record<string, string>,
): { name: string; passed: boolean; message?: string }[] {
  return tests.map((test) => {
    const message = complaint(text, test, variables)
    return { name: test.name, passed: message === undefined, ...(message !== undefined && { message }) }
  })
}

function complaint(
  text: string,
  { variables: own, contains, lacks, maxCharacters }: PromptTest,
  variables: Record<string, string>,
): string | undefined {
  let rendered: string
  try {
    rendered = renderPrompt(text, { ...variables, ...own })
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.message
    throw thrown
  }
  const absent = contains.find((part) => !rendered.includes(part))
  if (absent !== undefined) return `It does not say "${absent}".`
  const present = lacks.find((part) => rendered.includes(part))
  if (present !== undefined) return `It says "${present}".`
  return maxCharacters !== undefined && rendered.length > maxCharacters
    ? `It has ${rendered.length} characters, more than ${maxCharacters}.`
    : undefined
}

/** The version of a run: the same for the same run, name and weights; over many runs in proportion to the weights. */
export function splitByWeight<T extends { version: number; weight: number }>(
  versions: T[],
  name: string,
  runId: string | undefined,
): T | undefined {
  const live = versions.filter(({ weight }) => weight > 0).sort((a, b) => a.version - b.version)
  if (runId === undefined) return live.toSorted((a, b) => b.weight - a.weight || b.version - a.version)[0]
  const total = live.reduce((sum, { weight }) => sum + weight, 0)
  let at = (hash32(`${name}\n${runId}`) / 2 ** 32) * total
  for (const version of live) {
    at -= version.weight
    if (at < 0) return version
  }
  return live.at(-1)
}

/** MurmurHash3's finaliser over FNV-1a: even over ids that differ in their last letters only. */
function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

export interface DiffLine {
  kind: 'same' | 'removed' | 'added'
  text: string
}

/** Line by line, by the longest common subsequence; removed lines stand before the added ones that take their place. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const longest = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = longest[i]
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i] ?? '' })
      i += 1
      j += 1
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) lines.push({ kind: 'removed', text: a[i++] ?? '' })
    else lines.push({ kind: 'added', text: b[j++] ?? '' })
  }
  return lines
}
