import { waitUntil } from 'cloudflare:workers'
import { createD1ModelCache } from './adapters/d1-model-cache'
import { createD1ModelSettings } from './adapters/d1-model-settings'
import { createD1Secrets } from './adapters/d1-secrets'
import { createD1Vectors } from './adapters/d1-vectors'
import { createEmbeddedEncoder } from './adapters/embedded-encoder'
import { createTenantModels, type TenantModels } from './adapters/routed-models'
import { createSealedModelCache } from './adapters/sealed-model-cache'
import { type AgentsEnv, clock, vaultOf } from './env'
import { wayOut } from './outbound'
import { databaseOf } from './placed'

/** All models of a tenant, as its models.yaml says. */
export function createModels(env: AgentsEnv, tenantId: string): TenantModels {
  return createTenantModels({
    tenantId,
    store: createD1ModelSettings(databaseOf(env, tenantId), tenantId, clock),
    cache: createSealedModelCache(createD1ModelCache(databaseOf(env, tenantId), tenantId), vaultOf(env, tenantId)),
    vectors: createD1Vectors(databaseOf(env, tenantId), tenantId, clock),
    encoder: createEmbeddedEncoder(env.MODELS),
    clock,
    later: waitUntil,
    sources: {
      ...wayOut(env),
      secret: (name) => createD1Secrets(env.DB, tenantId, vaultOf(env, tenantId)).find(name),
      variable: (name) => {
        const value: unknown = Reflect.get(env, name)
        return typeof value === 'string' && value !== '' ? value : undefined
      },
      ...(env.AI && { ai: env.AI }),
    },
  })
}
