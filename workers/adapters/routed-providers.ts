import { AppError } from '../domain/error'
import type { Route } from '../domain/model-routing'
import type { ChatModel } from '../domain/models'
import type { StoredSecret } from '../domain/ports'
import { assertSecretMayGo } from '../domain/secret-hosts'
import { createGuardedFetch } from './guarded-outbound'
import { createOpenAiModel } from './openai-model'
import { createFetchWithoutEcho } from './provider-echo'
import type { AiBinding } from './workers-ai-model'

/** Where addresses and keys come from. */
export interface ProviderSources {
  fetch: typeof fetch
  /** Hosts on loopback may be named by tenants: development only. */
  allowLoopback: boolean
  /** Addresses of a name, for what tenants name. */
  resolve?(hostname: string): Promise<string[]>
  ai?: AiBinding
  /** A secret of the tenant. Requests with it go to its hosts only. */
  secret(name: string): Promise<StoredSecret | undefined>
  /** A variable of the installation, for the shipped file. */
  variable(name: string): string | undefined
}

/** A provider with everything that a call needs. */
export interface Connection {
  /** What records name: the host, where the shipped file names it by a variable. */
  provider: string
  baseUrl?: string
  apiKey?: string
  model: string
  fetch: typeof fetch
}

/** Port ChatModel of a route. The libraries of hosted providers are loaded when they are first used. */
export async function openChatModel(sources: ProviderSources, route: Route, timeoutMs: number): Promise<ChatModel> {
  const { protocol } = route.provider
  const { json: jsonMode, lora } = route.model
  const connection = await connect(sources, route)
  const options = { ...connection, timeoutMs, ...(jsonMode && { jsonMode }) }
  if (protocol === 'workers-ai') {
    const { createWorkersAiModel } = await import('./workers-ai-model')
    return createWorkersAiModel({ ...options, ai: bindingOf(sources), ...(lora !== undefined && { lora }) })
  }
  if (protocol === 'openai') return createOpenAiModel({ ...options, baseUrl: connection.baseUrl ?? '' })
  const hosted = { ...options, apiKey: connection.apiKey ?? '' }
  if (protocol === 'anthropic') return (await import('./anthropic-model')).createAnthropicModel(hosted)
  return (await import('./google-model')).createGoogleModel(hosted)
}

export function bindingOf({ ai }: ProviderSources): AiBinding {
  if (ai === undefined)
    throw new AppError('unavailable', 'Workers AI is not bound here; deploy with the AI binding.', { reason: 'not_configured' })
  return ai
}

/** Whether address, key and binding are there. */
export async function isConfigured(sources: ProviderSources, { provider, model }: Route): Promise<boolean> {
  if (provider.protocol === 'workers-ai') return sources.ai !== undefined
  if (textOf(sources, model.name) === undefined) return false
  if (provider.protocol === 'openai' && textOf(sources, provider.url) === undefined) return false
  if (provider.key === undefined) return provider.protocol === 'openai'
  return ('env' in provider.key && provider.key.optional === true) || (await keyOf(sources, provider.key)) !== undefined
}

/** Address, key and fetch of a route. Refuses one that is not configured with `unavailable`. */
export async function connect(sources: ProviderSources, { name, providerName, provider, model }: Route): Promise<Connection> {
  const modelName = textOf(sources, model.name)
  if (modelName === undefined) throw new AppError('unavailable', `The model '${name}' has no name here.`, { reason: 'not_configured' })
  const baseUrl = textOf(sources, provider.url)
  const key = provider.key && (await keyOf(sources, provider.key))
  const apiKey = key?.value
  const isNamedByOperator = typeof provider.url === 'object'
  const way = isNamedByOperator ? sources.fetch : createGuardedFetch(sources)
  return {
    provider: isNamedByOperator && baseUrl !== undefined ? new URL(baseUrl).hostname : providerName,
    model: modelName,
    fetch: createFetchWithoutEcho(boundTo(key, way), apiKey),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(apiKey !== undefined && { apiKey }),
  }
}

const textOf = ({ variable }: ProviderSources, value: string | { env: string } | undefined): string | undefined =>
  typeof value === 'object' ? variable(value.env) : value

type Key = StoredSecret & { name: string }

async function keyOf({ secret, variable }: ProviderSources, key: { secret: string } | { env: string }): Promise<Key | undefined> {
  if ('secret' in key) {
    const stored = await secret(key.secret)
    return stored && { name: key.secret, ...stored }
  }
  const value = variable(key.env)
  return value === undefined ? undefined : { name: key.env, value }
}

/** The address of each request counts, because libraries bring addresses of their own where models.yaml names none. */
function boundTo(key: Key | undefined, way: typeof fetch): typeof fetch {
  if (key?.hosts === undefined) return way
  const { name, hosts } = key
  return async (input, init) => {
    assertSecretMayGo(name, hosts, input instanceof Request ? input.url : String(input))
    return await way(input, init)
  }
}
