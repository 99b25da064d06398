import { withDeadline } from '../domain/deadline'
import { AppError } from '../domain/error'
import type { ModelCache } from '../domain/model-cache'
import { type Route, routeNamed } from '../domain/model-routing'
import type { Capability, ModelDesk, ModelSettings, ModelSettingsStore, ModelStatus, ProbedModel } from '../domain/model-settings'
import type { ChatModel } from '../domain/models'
import type { Health } from './routed-health'
import { isExternal } from './routed-mask'
import { isConfigured, openChatModel, type ProviderSources } from './routed-providers'
import { parseTenantSettings, SHIPPED_SOURCE, shippedSettings } from './routed-settings'
import { routedEncoder, routedReranker } from './routed-vectors'

export interface ModelDeskDeps {
  store: ModelSettingsStore
  sources: ProviderSources
  health: Health
  cache: ModelCache
  clock: { now(): Date }
}

/** Enough for a cold model; a probe is asked by a person who waits. */
const PROBE_TIMEOUT_MS = 20_000
/** A probe of everything stays within one request's subrequests and patience. */
const MAX_PROBED = 20

/** The models of one tenant, for the door where people set them. */
export function createModelDesk(deps: ModelDeskDeps): ModelDesk {
  const { store, cache } = deps
  return {
    async read() {
      const stored = await store.find()
      const settings = stored ? parseTenantSettings(stored.source) : shippedSettings()
      const models = await Promise.all(Object.keys(settings.models).map((name) => statusOf(deps, settings, name)))
      return {
        source: stored?.source ?? SHIPPED_SOURCE,
        isDefault: stored === undefined,
        revision: stored?.revision ?? 0,
        settings,
        models: models.flat(),
      }
    },
    async save(source, expected) {
      parseTenantSettings(source)
      return await store.save(source, expected)
    },
    reset: () => store.remove(),
    probe: async (names) => {
      const stored = await store.find()
      return await probeAll(deps, stored ? parseTenantSettings(stored.source) : shippedSettings(), names)
    },
    cacheCounts: () => cache.counts(),
    clearCache: () => cache.clear(),
  }
}

async function statusOf({ sources, health }: ModelDeskDeps, settings: ModelSettings, name: string): Promise<ModelStatus[]> {
  const route = routeNamed(settings, name)
  if (route === undefined) return []
  const latencyMs = health.latencyMs(route)
  return [
    {
      model: name,
      provider: route.providerName,
      kind: route.model.kind,
      isConfigured: await isConfigured(sources, route),
      isExternal: isExternal(route.provider),
      breaker: health.breaker(route.providerName).kind,
      ...(latencyMs !== undefined && { latencyMs: Math.round(latencyMs) }),
    },
  ]
}

async function probeAll(deps: ModelDeskDeps, settings: ModelSettings, names: string[] | undefined): Promise<ProbedModel[]> {
  const wanted = names ?? Object.keys(settings.models)
  const unknown = wanted.find((name) => settings.models[name] === undefined)
  if (unknown !== undefined)
    throw new AppError('not_found', `There is no model '${unknown}' in models.yaml; have: ${Object.keys(settings.models).join(', ')}.`)
  if (wanted.length > MAX_PROBED) throw new AppError('too_large', `At most ${MAX_PROBED} models are probed at once; name some.`)
  const routes = wanted.flatMap((name) => routeNamed(settings, name) ?? [])
  return await Promise.all(routes.map((route) => probe(deps, settings, route)))
}

async function probe(deps: ModelDeskDeps, settings: ModelSettings, route: Route): Promise<ProbedModel> {
  const base = { model: route.name, provider: route.providerName, kind: route.model.kind }
  if (!(await isConfigured(deps.sources, route)))
    return { ...base, status: 'not_configured', message: 'Its address, key or binding is not there.' }
  const startedAt = Date.now()
  try {
    const can = route.model.kind === 'chat' ? await probeChat(deps, route) : await probeVectors(deps, settings, route)
    const failed = can?.find(({ capability, works }) => capability === 'text' && !works)
    return {
      ...base,
      status: failed ? 'failed' : 'answered',
      latencyMs: Date.now() - startedAt,
      ...(can && { can }),
      ...(failed?.message && { message: failed.message }),
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    return { ...base, status: 'failed', latencyMs: Date.now() - startedAt, message: thrown.message }
  }
}

type Probed = NonNullable<ProbedModel['can']>

/** One small request for each thing that models.yaml says the model can. */
async function probeChat({ sources }: ModelDeskDeps, route: Route): Promise<Probed> {
  const model = await openChatModel(sources, route, PROBE_TIMEOUT_MS)
  const asked: (Capability | 'text')[] = ['text', ...route.model.can.filter((capability) => PROBES[capability] !== undefined)]
  return await Promise.all(
    asked.map(async (capability) => {
      try {
        const message = await PROBES[capability]?.(model)
        return { capability, works: message === undefined, ...(message !== undefined && { message }) }
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown
        return { capability, works: false, message: thrown.message }
      }
    }),
  )
}

const SAY_OK = { role: 'user' as const, content: 'Answer with the word ok.' }
const OK_SCHEMA = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false }
const OK_TOOL = { name: 'report', description: 'Reports that all is well.', parameters: OK_SCHEMA }
/** Room for models that think before they speak. */
const PROBE_TOKENS = 512

/** Each gives what is wrong; undefined when it works. A picture is not probed: it would have to be described, and the answer judged. */
const PROBES: Partial<Record<Capability | 'text', (model: ChatModel) => Promise<string | undefined>>> = {
  text: async (model) => {
    const { text } = await model.complete({ messages: [SAY_OK], maxOutputTokens: PROBE_TOKENS })
    return text.trim() === '' ? 'It answered with nothing.' : undefined
  },
  json: async (model) => {
    const { json } = await model.complete({
      messages: [{ role: 'user', content: 'Answer that all is ok.' }],
      jsonSchema: { name: 'probe', schema: OK_SCHEMA },
      maxOutputTokens: PROBE_TOKENS,
    })
    return typeof json === 'object' && json !== null && 'ok' in json ? undefined : 'Its JSON does not fit the schema.'
  },
  tools: async (model) => {
    const { toolCalls } = await model.complete({
      messages: [{ role: 'user', content: 'Report that all is ok, with the tool.' }],
      tools: [OK_TOOL],
      maxOutputTokens: PROBE_TOKENS,
    })
    return toolCalls.length > 0 ? undefined : 'It did not call the tool.'
  },
}

/** Only this route, so that another one does not answer for it. */
async function probeVectors(deps: ModelDeskDeps, settings: ModelSettings, route: Route): Promise<undefined> {
  const entry = { use: [route.name], strategy: 'fixed' as const, deadline: PROBE_TIMEOUT_MS, cache: false as const }
  const alone = async () => ({ ...settings, purposes: { [route.model.kind]: entry } })
  if (route.model.kind === 'embed') await (await routedEncoder({ ...deps, settings: alone }))?.embed(['ok'])
  else {
    const reranker = await routedReranker({ ...deps, settings: alone })
    await withDeadline(PROBE_TIMEOUT_MS, async (signal) => await reranker?.rerank('ok', ['ok', 'not ok'], signal))
  }
}
