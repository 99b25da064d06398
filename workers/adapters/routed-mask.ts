import { addressKind } from '../domain/addresses'
import type { ProviderSettings } from '../domain/model-settings'
import type { ChatAnswer, ChatMessage, ChatRequest } from '../domain/models'

/** Whether texts leave: everything but Cloudflare's own models and a server on this machine, unless the configuration says otherwise. */
export function isExternal({ protocol, url, external }: ProviderSettings): boolean {
  if (external !== undefined) return external
  if (protocol === 'workers-ai') return false
  return !(typeof url === 'string' && addressKind(new URL(url).hostname) === 'loopback')
}

/** The request with personal data masked in every message, and the way back for its answer. Equal values have equal placeholders. */
export async function maskRequest(request: ChatRequest): Promise<{ request: ChatRequest; unmask(answer: ChatAnswer): ChatAnswer }> {
  if (!request.shield) return { request, unmask: (answer) => answer }
  const { texts, unmask } = await request.shield(request.messages.flatMap(textsOf))
  let at = 0
  const next = () => texts[at++] ?? ''
  const messages = request.messages.map((message): ChatMessage => {
    const content = next()
    if (!message.toolCalls) return { ...message, content }
    return { ...message, content, toolCalls: message.toolCalls.map((call) => ({ ...call, arguments: JSON.parse(next()) as unknown })) }
  })
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

const textsOf = ({ content, toolCalls = [] }: ChatMessage): string[] => [
  content,
  ...toolCalls.map((call) => JSON.stringify(call.arguments ?? {})),
]

function deep(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => deep(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, deep(member, change)]))
}
