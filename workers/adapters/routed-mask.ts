import { addressKind } from '../domain/addresses'
import { fencedSpans } from '../domain/guardrails'
import type { ProviderSettings } from '../domain/model-settings'
import type { ChatAnswer, ChatMessage, ChatRequest } from '../domain/models'

/** Whether texts leave: everything but Cloudflare's own models and a server on this machine, unless the configuration says otherwise. */
export function isExternal({ protocol, url, external }: ProviderSettings): boolean {
  if (external !== undefined) return external
  if (protocol === 'workers-ai') return false
  return !(typeof url === 'string' && addressKind(new URL(url).hostname) === 'loopback')
}

/**
 * The request with the personal data of its material masked, and the way back for its answer. Equal values have equal placeholders.
 * Instructions, schemas, names of fields and marks of fences stay word for word: see `ChatRequest.shield` for what is material.
 */
export async function maskRequest(request: ChatRequest): Promise<{ request: ChatRequest; unmask(answer: ChatAnswer): ChatAnswer }> {
  const { shield, given = [], framing = [] } = request
  if (!shield) return { request, unmask: (answer) => answer }
  const material: string[] = []
  const collect = (text: string): string => {
    material.push(text)
    return text
  }
  // The same walk twice: first to collect what is to be masked, then to put in what became of it.
  for (const message of request.messages) changed(message, given, collect)
  const { texts, unmask } = await shield(material, framing)
  let at = 0
  const messages = request.messages.map((message) => changed(message, given, () => texts[at++] ?? ''))
  return {
    request: { ...request, messages },
    unmask: (answer) => ({
      ...answer,
      text: unmask(answer.text),
      ...(answer.json !== undefined && { json: deep(answer.json, unmask) }),
      toolCalls: answer.toolCalls.map((call) => ({ ...call, arguments: deep(call.arguments, unmask) })),
    }),
  }
}

type Change = (text: string) => string

/** A message whose material is changed piece by piece, always in the same order. */
function changed(message: ChatMessage, given: readonly string[], change: Change): ChatMessage {
  const content = contentOf(message, given, change)
  if (!message.toolCalls) return { ...message, content }
  return { ...message, content, toolCalls: message.toolCalls.map((call) => ({ ...call, arguments: deep(call.arguments, change) })) }
}

function contentOf({ role, content }: ChatMessage, given: readonly string[], change: Change): string {
  const fenced = fencedSpans(content)
  if (role === 'system') return inSpans(content, [...fenced, ...givenSpans(content, given, fenced)], change)
  const json = role === 'user' ? undefined : parsed(content)
  if (json !== undefined) return JSON.stringify(deep(json, change))
  return inSpans(content, withGaps(content, fenced), change)
}

interface Stretch {
  start: number
  end: number
}

/** Where the given pieces stand outside of fences. */
function givenSpans(content: string, given: readonly string[], fenced: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = []
  for (const piece of given.filter((text) => text.trim() !== '').toSorted((a, b) => b.length - a.length))
    for (let start = content.indexOf(piece); start >= 0; start = content.indexOf(piece, start + piece.length)) {
      const end = start + piece.length
      if (![...fenced, ...found].some((other) => start < other.end && end > other.start)) found.push({ start, end })
    }
  return found
}

/** Fenced texts and what stands around their fences; the marks themselves are in neither. */
function withGaps(content: string, fenced: readonly Stretch[]): Stretch[] {
  const gaps: Stretch[] = []
  let at = 0
  for (const { start, end } of fenced) {
    gaps.push({ start: at, end: content.lastIndexOf('<untrusted', start) }, { start, end })
    at = content.indexOf('</untrusted>', end) + '</untrusted>'.length
  }
  return [...gaps, { start: at, end: content.length }].filter(({ start, end }) => end > start)
}

function inSpans(content: string, spans: readonly Stretch[], change: Change): string {
  let result = ''
  let at = 0
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    result += content.slice(at, start) + change(content.slice(start, end))
    at = end
  }
  return result + content.slice(at)
}

/** Objects and lists only: a bare number or word is text. */
function parsed(content: string): unknown {
  if (!/^\s*[[{]/.test(content)) return undefined
  try {
    return JSON.parse(content) as unknown
  } catch {
    // A tool's or a model's text that only looks like JSON is masked as text.
    return undefined
  }
}

function deep(value: unknown, change: Change): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => deep(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, deep(member, change)]))
}
