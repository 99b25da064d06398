import { AppError } from './error'

/**
 * Values that a schema marks as personal data travel sealed: a token takes the place of each string, number or boolean, wherever the
 * value goes. Runs, logs, lists and files hold the token. It opens in the hands of an agent that works with it, and for readers who
 * may see it.
 */

/** `~pii.<sealed>~`: letters that neither JSON, HTML, URLs nor templates write in another way. */
const TOKEN = /~pii\.[A-Za-z0-9_.-]+~/g
const MARKER = '~pii.'

/** What stands for a value that the reader may not see. */
export const PII_MASK = '•••'

/** A sealed value of a text is found again in longer texts from this length; a shorter one would be found everywhere. */
const MIN_FOUND_CHARACTERS = 4

/** Seals and opens single values of one tenant. */
export interface SealedFields {
  seal(value: string | number | boolean): Promise<string>
  /** The value; undefined for a token that does not open: changed, of another tenant, or its key destroyed. */
  open(token: string): Promise<string | number | boolean | undefined>
}

/** What was opened: tokens and their values. */
export type Opened = ReadonlyMap<string, string | number | boolean>

/** Whether a token stands anywhere in the value. */
export function holdsSealed(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(MARKER)
  if (Array.isArray(value)) return value.some(holdsSealed)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, member]) => key.includes(MARKER) || holdsSealed(member))
}

/** Refuses what comes from outside with a token in it: it would be opened as if it had been sealed here. */
export function refuseSealed(value: unknown, what: string): void {
  if (holdsSealed(value))
    throw new AppError('invalid', `${what} holds a sealed value ('${MARKER}…'); send the value itself, or leave it out.`)
}

/**
 * The value with its tokens opened, and what was in them. Refuses `invalid` when a token does not open: an expression has cut or
 * changed it, and acting on what is left would be wrong.
 */
export async function openSealed<T>(value: T, fields: SealedFields): Promise<{ value: T; opened: Opened }> {
  const opened = await openTokens(JSON.stringify(value), fields)
  const open = replacing((token) => opened.get(token) ?? token)
  const plain = open(value)
  if (holdsSealed(plain))
    throw new AppError('invalid', 'A value marked as personal data was changed by an expression; pass it on whole.', {
      reason: 'sealed_value',
    })
  return { value: plain, opened }
}

/** A text for a name of a file or a log, without the values that stand sealed in it. */
export const maskSealed = (text: string): string => text.replace(TOKEN, PII_MASK)

/** JSON text as a reader gets it: opened, or with the mask in the place of every token and of those that do not open. */
export async function readSealed(json: string, fields: SealedFields | undefined): Promise<string> {
  if (!json.includes(MARKER)) return json
  const opened = fields === undefined ? new Map<string, string | number | boolean>() : await openTokens(json, fields)
  return JSON.stringify(replacing((token) => opened.get(token) ?? PII_MASK)(JSON.parse(json)))
}

/** The value with tokens again in the place of what was opened, also where that stands within longer texts. */
export function sealAgain<T>(value: T, opened: Opened): T {
  if (opened.size === 0) return value
  const whole = new Map([...opened].map(([token, plain]) => [plain, token]))
  const parts = [...opened]
    .map(([token, plain]) => ({ text: String(plain), token }))
    .filter(({ text }) => text.length >= MIN_FOUND_CHARACTERS)
    .sort((one, other) => other.text.length - one.text.length)
  const seal = (text: string): string =>
    whole.get(text) ?? parts.reduce((sealed, part) => outsideTokens(sealed, (piece) => piece.replaceAll(part.text, part.token)), text)
  const change = (leaf: unknown) => {
    if (typeof leaf === 'string') return seal(leaf)
    if (typeof leaf === 'number' && String(leaf).length >= MIN_FOUND_CHARACTERS) return whole.get(leaf) ?? leaf
    return leaf
  }
  return walk(value, change, seal)
}

/** The value with every string, number and boolean in it sealed, and what was sealed. */
export async function sealLeaves<T>(value: T, fields: SealedFields): Promise<{ value: T; sealed: Opened }> {
  const leaves = new Set<string | number | boolean>()
  walk(value, (leaf) => {
    if (isSealable(leaf)) leaves.add(leaf)
    return leaf
  })
  const tokens = new Map(await Promise.all([...leaves].map(async (leaf) => [leaf, await fields.seal(leaf)] as const)))
  const sealed = walk(value, (leaf) => (isSealable(leaf) ? tokens.get(leaf) : leaf))
  return { value: sealed, sealed: new Map([...tokens].map(([plain, token]) => [token, plain])) }
}

/** Empty texts say nothing, and a token is sealed already. */
const isSealable = (leaf: unknown): leaf is string | number | boolean =>
  (typeof leaf === 'string' && leaf !== '' && !holdsSealed(leaf)) || typeof leaf === 'number' || typeof leaf === 'boolean'

async function openTokens(text: string, fields: SealedFields): Promise<Map<string, string | number | boolean>> {
  const opened = new Map<string, string | number | boolean>()
  await Promise.all(
    [...new Set(text.match(TOKEN) ?? [])].map(async (token) => {
      const value = await fields.open(token)
      if (value !== undefined) opened.set(token, value)
    }),
  )
  return opened
}

/** Replaces tokens: one that is the whole text by the value itself, one within a text by the value as text. */
const replacing =
  (read: (token: string) => string | number | boolean) =>
  <T>(value: T): T => {
    const inText = (text: string) => text.replace(TOKEN, (token) => String(read(token)))
    const change = (leaf: unknown) => {
      if (typeof leaf !== 'string' || !leaf.includes(MARKER)) return leaf
      const [first] = leaf.match(TOKEN) ?? []
      return first === leaf ? read(first) : inText(leaf)
    }
    return walk(value, change, inText)
  }

/** Changes the parts of a text that are not within tokens. */
function outsideTokens(text: string, change: (piece: string) => string): string {
  const tokens = text.match(TOKEN) ?? []
  return text
    .split(TOKEN)
    .map((piece, at) => change(piece) + (tokens[at] ?? ''))
    .join('')
}

/** The value with its leaves changed, and names of members by `rename`. */
function walk<T>(value: T, change: (leaf: unknown) => unknown, rename?: (key: string) => string): T
function walk(value: unknown, change: (leaf: unknown) => unknown, rename: (key: string) => string = (key) => key): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => walk(item, change, rename))
  if (typeof value !== 'object' || value === null) return change(value)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [rename(key), walk(member, change, rename)]))
}
