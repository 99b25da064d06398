import { canonicalJson } from './json'
import type { Route } from './model-routing'
import type { ChatAnswer, ChatRequest, Payer, Purpose } from './models'

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

/** Key of a request at a route: everything that the answer depends on. The tenant is bound by the cache; `step`: only that step finds it. */
export const cacheKey = (request: ChatRequest, route: Route, step?: Payer['step']): Promise<string> =>
  digest({ ...partsOf(request, route), ...(step && { step }) })

/**
 * Key of all but the question's own words: only there an answer to another question may count. The question is taken out of the first
 * message that holds it: in the material after it, the same words are part of what is asked about.
 */
export const cacheScope = (request: ChatRequest, route: Route, question: string): Promise<string> => {
  const at = request.messages.findIndex(({ content }) => content.includes(question))
  const messages = request.messages.map((message, index) =>
    index === at ? { ...message, content: message.content.replaceAll(question, '\u0000') } : message,
  )
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
