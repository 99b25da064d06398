import type { Context } from 'hono'
import type { ApiEnv } from './deps'
import { isJsonType } from './json-body'

/** Ids as `newId` makes them. They carry 74 random bits, so nobody comes to ask for one without having seen it. */
const ID = /(?<![A-Za-z0-9_])[a-z]{3}_[0-9a-f]{32}(?![A-Za-z0-9_])/g
/** Of one request, those of the path first; more are not looked up. As many as a comparison of evaluations takes, and some. */
const MAX_IDS = 8
/** Longer texts are prose, which may speak of an id without asking for it. */
const LONGEST_REFERENCE = 300
/** A list without items is shorter; a longer answer holds something. */
const LONGEST_EMPTY = 2_000
/** Refused for what it names; 400 and 409 too, because some routes say so of a reference that leads nowhere. */
const IN_VAIN: ReadonlySet<number> = new Set([400, 404, 409, 422])
const READING = /^(?:GET|HEAD)$/
const EMPTY_LIST = /"(?:items|Resources)":\[\]/

/**
 * What finds the ids that a request asked for without finding them, in its path, query or JSON body: all of a refused one, and those of a
 * query that narrowed a list to nothing. Undefined where there are none. Each id once, at most `MAX_IDS`; encodings are looked through.
 * Call it before the answer is sent, and what it gives after.
 */
export function inVain(c: Context<ApiEnv>): (() => Promise<string[]>) | undefined {
  const { req, res } = c
  if (IN_VAIN.has(res.status)) {
    const named = idsIn([decoded(req.path), ...queryOf(req.url)])
    const hasBody = isJsonType(req.header('Content-Type')) && Object.keys(req.bodyCache).length > 0
    if (hasBody) return async () => idsIn([...named, ...textsOf(await req.text())])
    return named.length === 0 ? undefined : async () => named
  }
  if (res.status !== 200 || !READING.test(req.method) || !isJsonType(res.headers.get('Content-Type') ?? undefined)) return undefined
  const narrowed = idsIn(queryOf(req.url))
  if (narrowed.length === 0) return undefined
  const answer = res.clone()
  return async () => (isEmptyList(await answer.text()) ? narrowed : [])
}

function idsIn(texts: Iterable<string>): string[] {
  const ids = new Set<string>()
  for (const text of texts) for (const [id] of text.matchAll(ID)) if (ids.size < MAX_IDS) ids.add(id)
  return [...ids]
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // No route finds anything by a path that is no UTF-8.
    return path
  }
}

const queryOf = (url: string): string[] => [...new URL(url).searchParams.values()]

/** The short texts of a JSON body, names of members too. */
function textsOf(body: string): string[] {
  if (!body.includes('_') && !body.includes('\\u')) return []
  const texts: string[] = []
  try {
    JSON.parse(body, (name, value: unknown) => {
      for (const each of [name, value]) if (typeof each === 'string' && each.length <= LONGEST_REFERENCE) texts.push(each)
      return value
    })
  } catch {
    // It was refused for being no JSON; nothing was asked for.
    return []
  }
  return texts
}

const isEmptyList = (answer: string): boolean => answer.length <= LONGEST_EMPTY && EMPTY_LIST.test(answer)
