import { createHeld, type Held } from '../domain/held'
import type { ModelCache } from '../domain/model-cache'
import type { ModelDesk, ModelSettings, ModelSettingsStore } from '../domain/model-settings'
import type { ChatModel, Encoder, Payer } from '../domain/models'
import type { Reranker } from '../domain/ports'
import { createCachedEncoder, type VectorStore } from './cached-encoder'
import { createModelDesk } from './routed-desk'
import { createHealth, type Health } from './routed-health'
import { createRoutedModel } from './routed-model'
import { isConfigured, openChatModel, type ProviderSources } from './routed-providers'
import { parseTenantSettings, shippedSettings } from './routed-settings'
import { routedEncoder, routedReranker } from './routed-vectors'

export interface TenantModelsDeps {
  tenantId: string
  store: ModelSettingsStore
  sources: ProviderSources
  cache: ModelCache
  vectors: VectorStore
  /** The embedded one: for questions of the same meaning, and where models.yaml names no other. */
  encoder: Encoder
  clock: { now(): Date }
  /** Keeps the invocation alive for what nobody waits for. */
  later?(work: Promise<unknown>): void
}

/** All models of one tenant, as models.yaml says. */
export interface TenantModels {
  chatModel: ChatModel
  desk: ModelDesk
  /** The encoder of purpose `embed`, its vectors cached by content; the embedded one where none is configured. */
  encoder(): Promise<Encoder>
  /** Undefined where none is configured. */
  reranker(payer?: Payer): Promise<Reranker | undefined>
}

/** A change reaches other isolates within this. */
const SETTINGS_MS = 5_000
/** Tenants of one isolate; the one that was met first is forgotten. */
const MAX_TENANTS = 500

interface Memory {
  health: Health
  settings: Held<ModelSettings>
}
const memories = new Map<string, Memory>()

/** Binds a tenant's settings, keys and cache. Breakers, latencies and settings are remembered by the isolate. */
export function createTenantModels(deps: TenantModelsDeps): TenantModels {
  const memory = memoryOf(deps.tenantId)
  const sources = { ...deps.sources, secret: memoised(deps.sources.secret) }
  const settings = () => settingsOf(deps, memory)
  const shared = { ...deps, sources, settings, health: memory.health }
  const desk = createModelDesk(shared)
  return {
    chatModel: createRoutedModel({
      ...shared,
      isConfigured: (route) => isConfigured(sources, route),
      open: (route, timeoutMs) => openChatModel(sources, route, timeoutMs),
    }),
    desk: {
      ...desk,
      save: (source, expected) => desk.save(source, expected).finally(() => memory.settings.letGo()),
      reset: () => desk.reset().finally(() => memory.settings.letGo()),
    },
    encoder: async () => {
      const configured = await routedEncoder(shared)
      return configured ? createCachedEncoder(configured, deps.vectors) : deps.encoder
    },
    reranker: (payer) => routedReranker(shared, payer),
  }
}

function memoryOf(tenantId: string): Memory {
  const known = memories.get(tenantId)
  if (known) return known
  const oldest = memories.size < MAX_TENANTS ? undefined : memories.keys().next().value
  if (oldest !== undefined) memories.delete(oldest)
  const memory = { health: createHealth(), settings: createHeld<ModelSettings>() }
  memories.set(tenantId, memory)
  return memory
}

const settingsOf = ({ store, clock }: TenantModelsDeps, { settings }: Memory): Promise<ModelSettings> =>
  settings.get(clock.now().getTime(), SETTINGS_MS, async () => {
    const stored = await store.find()
    return stored ? parseTenantSettings(stored.source) : shippedSettings()
  })

/** Keys of one request are read and opened once. */
function memoised(secret: ProviderSources['secret']): ProviderSources['secret'] {
  const known = new Map<string, ReturnType<ProviderSources['secret']>>()
  return (name: string) => {
    const value = known.get(name) ?? secret(name)
    known.set(name, value)
    return value
  }
}
