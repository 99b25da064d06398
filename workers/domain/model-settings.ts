import * as z from 'zod'
import type { CacheCount } from './model-cache'

/** The shape of `models.yaml`: who answers what, in which order, by when and at what price. */

const NAME = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'use 1 to 64 lower-case letters, digits, and . _ -')
const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `30s`, `10m`, `7d`, as milliseconds. */
const Duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/, 'write a number and ms, s, m, h or d, such as 30s')
  .transform((text) => Number.parseInt(text, 10) * UNITS_MS[text.replace(/^\d+/, '') as keyof typeof UNITS_MS])

/** Where the key of a provider is kept: a secret of the tenant, or a variable of the installation (its operator's file only). */
const KeySource = z.union([
  z.strictObject({ secret: z.string().regex(/^[a-z0-9][a-z0-9._:-]{0,63}$/, 'use the name of a secret of this tenant') }),
  z.strictObject({
    env: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
    /** A server without keys is asked without one. */ optional: z.boolean().optional(),
  }),
])
export type KeySource = z.infer<typeof KeySource>

const Address = z.union([z.url(), z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/) })])

export const PROTOCOLS = ['openai', 'anthropic', 'google', 'workers-ai'] as const
export type Protocol = (typeof PROTOCOLS)[number]

const ProviderSettings = z.strictObject({
  protocol: z.enum(PROTOCOLS),
  /** Up to and without `/chat/completions`, `/messages`, `/models`. Needed for `openai`; the others know their own. */
  url: Address.optional(),
  key: KeySource.optional(),
  /** Whether texts leave the installation and the tenant's account: personal data is then masked when `maskPii` says so. */
  external: z.boolean().optional(),
})
export type ProviderSettings = z.infer<typeof ProviderSettings>

const MicroUsd = z.int().min(0).max(10_000_000_000)

export const CAPABILITIES = ['tools', 'json', 'images'] as const
export type Capability = (typeof CAPABILITIES)[number]
export const JSON_MODES = ['schema', 'object', 'tool', 'prompt'] as const
/** How a model is asked for JSON: by schema, by JSON mode with the schema in words, by a forced tool, in words only. */
export type JsonMode = (typeof JSON_MODES)[number]

const ModelEntry = z.strictObject({
  provider: NAME,
  kind: z.enum(['chat', 'embed', 'rerank']).default('chat'),
  /** The provider's own name, also of a fine-tuned model. */
  name: z.union([z.string().min(1).max(200), z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/) })]),
  /** Name or id of a LoRA adapter; Workers AI only. */
  lora: z.string().min(1).max(200).optional(),
  /** Micro-dollars for a million tokens. */
  price: z.strictObject({ input: MicroUsd.default(0), output: MicroUsd.default(0) }).default({ input: 0, output: 0 }),
  /** Tokens, prompt and answer together. */
  context: z.int().min(256).max(20_000_000).default(8_192),
  maxOutput: z.int().min(16).max(1_000_000).default(2_048),
  can: z.array(z.enum(CAPABILITIES)).default(['json']),
  json: z.enum(JSON_MODES).optional(),
  /** Of an embedding model's vectors. */
  dimensions: z.int().min(2).max(8_192).optional(),
})
export type ModelEntry = z.infer<typeof ModelEntry>

const CacheSettings = z.strictObject({
  ttl: Duration.default(7 * UNITS_MS.d),
  /** Similarity from which a question of the same meaning gets an earlier answer; absent: only equal requests do. */
  semantic: z.number().min(0.5).max(1).optional(),
})
export type CacheSettings = z.infer<typeof CacheSettings>

export const STRATEGIES = ['fixed', 'cheapest', 'fastest'] as const
export type Strategy = (typeof STRATEGIES)[number]

const PurposeEntry = z.strictObject({
  use: z.array(NAME).max(20),
  strategy: z.enum(STRATEGIES).default('fixed'),
  /** For the answer as a whole, failover included. */
  deadline: Duration.default(60_000),
  cache: z.union([z.literal(false), CacheSettings]).default({ ttl: 7 * UNITS_MS.d }),
})
export type PurposeEntry = z.infer<typeof PurposeEntry>

const KIND_OF_PURPOSE: Record<string, ModelEntry['kind']> = { embed: 'embed', rerank: 'rerank' }

export const ModelSettings = z.strictObject({
  providers: z.record(NAME, ProviderSettings).default({}),
  models: z.record(NAME, ModelEntry).default({}),
  /** By purpose; `default` is for the ones that are not listed. */
  purposes: z.record(NAME, PurposeEntry).default({}),
  /** Personal data is masked before a text goes to an external provider, and put back into the answer. */
  maskPii: z.boolean().default(false),
})
export type ModelSettings = z.infer<typeof ModelSettings>

/** What an operator's file may say and a tenant's may not: the installation's variables would leave it with the tenant's requests. */
export function variablesIn(settings: ModelSettings): (string | number)[][] {
  const providers = Object.entries(settings.providers).flatMap(([name, { url, key }]) => [
    ...(typeof url === 'object' ? [['providers', name, 'url']] : []),
    ...(key !== undefined && 'env' in key ? [['providers', name, 'key']] : []),
  ])
  const models = Object.entries(settings.models).flatMap(([name, model]) =>
    typeof model.name === 'object' ? [['models', name, 'name']] : [],
  )
  return [...providers, ...models]
}

/**
 * Providers, models and purposes of the tenant, on top of the operator's; one of the same name takes its place as a whole. A tenant
 * that sets `default` means every kind of chat by it: the operator's finer purposes would else stand in front of it.
 */
export const overlay = (operator: ModelSettings, tenant: ModelSettings): ModelSettings => ({
  providers: { ...operator.providers, ...tenant.providers },
  models: { ...operator.models, ...tenant.models },
  purposes: {
    ...Object.fromEntries(
      Object.entries(operator.purposes).filter(([name]) => tenant.purposes.default === undefined || name in KIND_OF_PURPOSE),
    ),
    ...tenant.purposes,
  },
  maskPii: tenant.maskPii,
})

/** Names that lead nowhere, or to a model of another kind than the purpose needs. Paths point into the text they were written in. */
export function danglingNames(own: ModelSettings, whole: ModelSettings): { path: (string | number)[]; message: string }[] {
  const models = Object.entries(own.models).flatMap(([name, { provider }]) =>
    Object.hasOwn(whole.providers, provider)
      ? []
      : [
          {
            path: ['models', name, 'provider'],
            message: `there is no provider '${provider}'; have: ${Object.keys(whole.providers).join(', ')}`,
          },
        ],
  )
  const purposes = Object.entries(own.purposes).flatMap(([purpose, { use }]) =>
    use.flatMap((name, at) => {
      const message = complaintOf(whole, purpose, name)
      return message === undefined ? [] : [{ path: ['purposes', purpose, 'use', at], message }]
    }),
  )
  return [...models, ...purposes]
}

function complaintOf({ models }: ModelSettings, purpose: string, name: string): string | undefined {
  const model = Object.hasOwn(models, name) ? models[name] : undefined
  if (model === undefined) return `there is no model '${name}'; have: ${Object.keys(models).join(', ')}`
  const kind = KIND_OF_PURPOSE[purpose] ?? 'chat'
  return model.kind === kind ? undefined : `'${name}' is a model of kind ${model.kind}; '${purpose}' needs one of kind ${kind}`
}

/** The tenant's models.yaml as it is stored. */
export interface StoredModelSettings {
  source: string
  /** Grows with every change. */
  revision: number
  updatedAt: string
}

/** Where models.yaml of one tenant is kept. */
export interface ModelSettingsStore {
  find(): Promise<StoredModelSettings | undefined>
  /**
   * Stores the text and gives its revision. With `expected`, only if that is the revision until then (0: nothing was stored);
   * undefined when it is not.
   */
  save(source: string, expected: number | undefined): Promise<StoredModelSettings | undefined>
  remove(): Promise<void>
}

/** What a probe of one model found. */
export interface ProbedModel {
  model: string
  provider: string
  kind: ModelEntry['kind']
  status: 'answered' | 'failed' | 'not_configured'
  latencyMs?: number
  /** Each thing that the model was asked to do. */
  can?: { capability: Capability | 'text'; works: boolean; message?: string }[]
  message?: string
}

/** One model as it stands: what models.yaml says, and what is known of it. */
export interface ModelStatus {
  model: string
  provider: string
  kind: ModelEntry['kind']
  isConfigured: boolean
  isExternal: boolean
  breaker: 'closed' | 'open' | 'trial'
  latencyMs?: number
}

/** Models of one tenant, for the door where people set them. */
export interface ModelDesk {
  /** The tenant's own text, or the shipped one while there is none. */
  read(): Promise<{ source: string; isDefault: boolean; revision: number; settings: ModelSettings; models: ModelStatus[] }>
  /** Refuses `invalid` with line and column of everything that is wrong; undefined when `expected` is no longer the revision. */
  save(source: string, expected: number | undefined): Promise<StoredModelSettings | undefined>
  reset(): Promise<void>
  /** Asks the named models (all, when none is named) something small. What it costs is charged to nobody's run. */
  probe(models: string[] | undefined): Promise<ProbedModel[]>
  cacheCounts(): Promise<CacheCount[]>
  clearCache(): Promise<void>
}
