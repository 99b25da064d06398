import * as z from 'zod'
import { createJoseTokens } from '../../workers/adapters/jose-tokens'
import { credentials, newDigest } from '../../workers/adapters/node-credentials'
import { oneTimeCodes } from '../../workers/adapters/node-totp'
import { createOidcClient } from '../../workers/adapters/oidc-client'
import { createTemporarySigningKey } from '../../workers/adapters/signing-keys'
import { newId } from '../../workers/adapters/uuid-ids'
import { createWebAuthn } from '../../workers/adapters/webauthn'
import { defineAgent, defineOperation } from '../../workers/agents/agent'
import { createApp } from '../../workers/api/app'
import type { ApiDeps } from '../../workers/api/deps'
import type { Idempotency } from '../../workers/domain/idempotency'
import type { Passwords } from '../../workers/domain/identity'
import { siteOf } from '../../workers/domain/site'
import type { TenantKeys } from '../../workers/domain/tenant-keys'
import { parseWorkflow } from '../../workers/workflows/parse'
import { workflowVersion } from '../contracts/ports'
import { createFakeAudit, fakeAuditKey } from '../fakes/audit'
import { createFakeBackups } from '../fakes/backups'
import { createTestClock } from '../fakes/clock'
import { createFakeIdempotency } from '../fakes/idempotency'
import { createFakeIdentity } from '../fakes/identity'
import { createFakeIdentityProviders } from '../fakes/identity-providers'
import { createFakeModelDesk } from '../fakes/model-desk'
import { createFakeOutbound } from '../fakes/outbound'
import { createFakePasskeys } from '../fakes/passkeys'
import { createFakePorts } from '../fakes/ports'
import { createFakePrivacy } from '../fakes/privacy'
import { createFakeRuns } from '../fakes/run-control'
import { createFakeScimUsers } from '../fakes/scim-users'
import { createFakeSecondFactors } from '../fakes/second-factors'
import { createFakeSignInChallenges } from '../fakes/sign-in-challenges'
import { createFakeTenantKeys } from '../fakes/tenant-keys'

const echo = defineAgent({
  type: 'echo',
  summary: 'Says it again.',
  operations: {
    say: defineOperation({
      summary: 'Says it.',
      input: z.object({ text: z.string() }),
      output: z.object({ text: z.string() }),
      example: { text: 'hi' },
      run: async (input) => input,
    }),
  },
})

/** scrypt is proved in workerd; here it would only take time. */
const passwords: Passwords = {
  hash: async (password) => `plain:${password}`,
  verify: async (password, hash) => hash === `plain:${password}`,
}

export const BUILT_IN = workflowVersion('document-intake', 'b000000000000001', {
  builtIn: true,
  definition: {
    name: 'document-intake',
    title: 'Intake',
    description: '',
    input: { type: 'object', required: ['documentId'], properties: { documentId: { type: 'string' } } },
    vars: {},
    steps: [],
    outputs: null,
  },
})
export const ADMIN_TOKEN = 'operator-token'

export type Kit = ReturnType<typeof createKit>

/** The API over fakes: everything that stands behind it is real but in memory, and open to the test. */
export function createKit(more: Partial<ApiDeps> = {}) {
  const clock = createTestClock()
  const [secondFactors, passkeys] = [createFakeSecondFactors(), createFakePasskeys()]
  const identity = createFakeIdentity({ secondFactors, passkeys, now: () => clock.now() })
  const tenants = new Map<
    string,
    {
      models: ReturnType<typeof createFakeModelDesk>
      ports: ReturnType<typeof createFakePorts>
      runs: ReturnType<typeof createFakeRuns>
      idempotency: Idempotency
      keys: TenantKeys
      audit: ReturnType<typeof createFakeAudit>
      privacy: ReturnType<typeof createFakePrivacy>
    }
  >()
  const tenant = (tenantId: string) => {
    const known = tenants.get(tenantId)
    if (known !== undefined) return known
    const ports = createFakePorts({ tenantId, clock, builtIns: [BUILT_IN] })
    const made = {
      ports,
      models: createFakeModelDesk({ tenantId, clock, secret: ports.secrets.find }),
      runs: createFakeRuns({ clock, runIndex: ports.runIndex }),
      idempotency: createFakeIdempotency(),
      keys: createFakeTenantKeys(clock),
      audit: createFakeAudit(tenantId, clock),
      privacy: createFakePrivacy(ports),
    }
    tenants.set(tenantId, made)
    return made
  }
  const fine = async () => undefined
  const deps: ApiDeps = {
    environment: 'test',
    portsFor: (tenantId) => tenant(tenantId).ports,
    runs: (tenantId) => tenant(tenantId).runs,
    privacy: (tenantId) => tenant(tenantId).privacy,
    tenantKeys: (tenantId) => tenant(tenantId).keys,
    rewrapKeys: async () => ({ done: 0, left: 0 }),
    backups: createFakeBackups(),
    idempotency: (tenantId) => tenant(tenantId).idempotency,
    models: (tenantId) => tenant(tenantId).models,
    prompts: (tenantId) => tenant(tenantId).ports.prompts,
    builtInPrompts: async () => [
      { name: 'classification', text: 'Classify as one of: {{ labels }}.', variables: { labels: 'invoice, other' } },
    ],
    identity,
    audit: (tenantId) => tenant(tenantId).audit,
    auditKeys: async () => [(await fakeAuditKey()).publicJwk],
    tokens: createJoseTokens(createTemporarySigningKey(), 'steward', clock),
    passwords,
    credentials,
    secondFactors,
    oneTimeCodes,
    passkeys,
    webAuthn: createWebAuthn(),
    identityProviders: createFakeIdentityProviders(),
    openId: createOidcClient({ outbound: createFakeOutbound(), allowLoopback: false }),
    scimUsers: createFakeScimUsers(identity),
    signInChallenges: createFakeSignInChallenges(),
    site: (requestUrl) => siteOf({ trustsRequest: true }, requestUrl),
    newDigest,
    agents: { echo },
    parseWorkflow: (source, file) => parseWorkflow(source, { agents: { echo }, ...(file !== undefined && { file }) }),
    checks: { d1: fine, r2: fine, object: fine },
    limits: { maxUploadBytes: 1_048_576 },
    adminToken: ADMIN_TOKEN,
    clock,
    newId,
    assets: async () => new Response('the dashboard'),
    ...more,
  }
  return { app: createApp(deps), deps, clock, identity, tenant }
}

export interface Account {
  tenantId: string
  slug: string
  email: string
  password: string
  apiKey: string
  adminId: string
}

/** Creates a tenant over the API, as an operator does. */
export async function createAccount({ app }: Pick<Kit, 'app'>, slug: string): Promise<Account> {
  const email = `admin@${slug}.example`
  const created = await app.request('/api/v1/tenants', {
    method: 'POST',
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ slug, name: slug, adminEmail: email }),
  })
  const { tenant, admin, apiKey } = (await created.json()) as {
    tenant: { id: string }
    admin: { id: string; password: string }
    apiKey: { key: string }
  }
  return { tenantId: tenant.id, slug, email, password: admin.password, apiKey: apiKey.key, adminId: admin.id }
}

/** Calls the API as the account, with JSON in and out. */
export async function call(
  { app }: Pick<Kit, 'app'>,
  account: Account | undefined,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await app.request(path, {
    method,
    headers: {
      ...(account && { Authorization: `Bearer ${account.apiKey}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
    body: (/[/+]json/.test(response.headers.get('Content-Type') ?? '') ? JSON.parse(text) : undefined) as any,
  }
}
