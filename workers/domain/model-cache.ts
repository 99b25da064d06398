import { canonicalJson } from './json'
import type { Route } from './model-routing'
import type { ChatAnswer, ChatRequest, Purpose } from './models'

/** What is kept of an answer. */
export type CachedAnswer = Pick<ChatAnswer, 'text' | 'json' | 'finish' | 'provider' | 'model' | 'inputTokens' | 'outputTokens'>

export interface CacheEntry {
  key: string
  purpose: Purpose
  answer: CachedAnswer
  documentIds: string[]
  createdAt: string
  expiresAt: string
  /** For questions that an equal meaning may answer. */
  meaning?: { scope: string; question: string; vector: number[] }
}

/** Lookups of one purpose since the cache was last emptied. */
export interface CacheCount {
  purpose: Purpose
  exactHits: number
  semanticHits: number
  misses: number
}

/** Earlier answers of one tenant. */
export interface ModelCache {
  /** Undefined for a key that is unknown or expired at `now`. */
  find(key: string, now: string): Promise<CachedAnswer | undefined>
  /** Questions of a scope that are not expired, newest first, a few hundred at most. */
  listMeanings(scope: string, now: string): Promise<{ question: string; vector: number[]; answer: CachedAnswer }[]>
  store(entry: CacheEntry): Promise<void>
  count(purpose: Purpose, outcome: 'exactHits' | 'semanticHits' | 'misses'): Promise<void>
  counts(): Promise<CacheCount[]>
  /** Removes every answer that text of the document went into, and vectors of its text. */
  removeDocument(documentId: string): Promise<void>
  /** Removes everything, the counts too. */
  clear(): Promise<void>
}

/** Key of a request at a route: everything that the answer depends on. The tenant is bound by the cache. */
export const cacheKey = (request: ChatRequest, route: Route): Promise<string> => digest(partsOf(request, route))

/** Key of all but the question's own words: only there an answer to another question may count. */
export const cacheScope = (request: ChatRequest, route: Route, question: string): Promise<string> => {
  const messages = request.messages.map((message) => ({ ...message, content: message.content.replaceAll(question, '\u0000') }))
  return digest(partsOf({ ...request, messages }, route))
}

/** Answers with tools are a step of a conversation with the world, and are never kept. */
export const isCacheable = ({ tools, cache, temperature }: ChatRequest): boolean =>
  cache !== false && !tools?.length && (temperature === undefined || temperature === 0)

function partsOf({ messages, jsonSchema, purpose, prompt, maxOutputTokens }: ChatRequest, { providerName, provider, model }: Route) {
  return {
    purpose: purpose ?? 'default',
    provider: [providerName, provider.protocol, provider.url],
    model: [model.name, model.lora],
    prompt,
    schema: jsonSchema,
    maxOutputTokens,
    messages: messages.map((message) => ({
      ...message,
      images: message.images?.map(({ mediaType, data }) => [mediaType, Array.from(data)]),
    })),
  }
}

async function digest(value: unknown): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonicalJson(value))))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const FIGURES = /\d+(?:[.,:/-]\d+)*/g
const NAMES = /(?<=\S\s+)\p{Lu}[\p{L}\d]*/gu
const QUOTED = /["“„«'](.{1,80}?)["”“»']/g
/** Words that turn a question round, and change little in its vector. */
const TURNING =
  /\b(?:not|no|never|without|except|before|after|more|less|least|most|first|last|min|max|minimum|maximum|highest|lowest|nicht|kein\w*|ohne|außer|vor|nach|mehr|weniger|erste\w*|letzte\w*)\b|n't\b/gi

/**
 * Whether two questions that are near in meaning may share an answer: figures, names, quotes and turning words must be the same.
 * A vector hardly tells "in 2023" from "in 2024", and its answer does.
 */
export const mayShareAnswer = (one: string, other: string): boolean =>
  [FIGURES, NAMES, QUOTED, TURNING].every((pattern) => marksOf(one, pattern) === marksOf(other, pattern))

const marksOf = (text: string, pattern: RegExp): string =>
  [...text.matchAll(pattern)]
    .map((match) => match[0].toLowerCase())
    .sort()
    .join('\n')
