import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { createD1Datasets } from '../../workers/adapters/d1-datasets'
import { createD1Documents } from '../../workers/adapters/d1-documents'
import { createD1IdOwners } from '../../workers/adapters/d1-id-owners'
import { createD1Idempotency } from '../../workers/adapters/d1-idempotency'
import { createD1Identity } from '../../workers/adapters/d1-identity'
import { createD1MailLog } from '../../workers/adapters/d1-mail-log'
import { createD1ModelCache } from '../../workers/adapters/d1-model-cache'
import { createD1ModelSettings } from '../../workers/adapters/d1-model-settings'
import { createD1Prompts } from '../../workers/adapters/d1-prompts'
import { createD1Reports } from '../../workers/adapters/d1-reports'
import { createD1RunIndex } from '../../workers/adapters/d1-run-index'
import { createD1Secrets } from '../../workers/adapters/d1-secrets'
import { createD1Usage } from '../../workers/adapters/d1-usage'
import { createD1Vectors } from '../../workers/adapters/d1-vectors'
import { createD1Workflows } from '../../workers/adapters/d1-workflows'
import { createR2Files } from '../../workers/adapters/r2-files'
import { createTenantVault } from '../../workers/adapters/tenant-vault'
import { createMasterVault } from '../../workers/adapters/vault'
import { createVectorizeIndex } from '../../workers/adapters/vectorize-index'
import { documentRow, runRow, workflowVersion } from '../contracts/ports'
import { createFakeVectorize } from '../fakes/vectorize'
import { leakOf, markerOf } from '../isolation/markers'
import { bindings, MASTER_KEY, migrate } from './d1-bindings'

const { DB, FILES } = bindings
const clock = { now: () => new Date('2026-11-21T09:00:00.000Z') }
const LATER = '2030-01-01T00:00:00.000Z'
const NOW = '2026-11-21T09:00:00.000Z'
const master = createMasterVault(MASTER_KEY)
const vectorize = createFakeVectorize({ dimensions: 4, indexed: ['partition', 'document'] })
const index = createVectorizeIndex({ binding: vectorize, dimensions: 4 })

beforeAll(migrate)

interface Side {
  tenantId: string
  marker: string
  /** A number that only this tenant's vectors have. */
  figure: number
}

/** What puts something in under a name that both use, and what reads it back: by every way that there is. */
interface Store {
  put(side: Side, name: string): Promise<unknown>
  read(side: Side, other: Side, name: string): Promise<unknown>
}

const idOf = (prefix: string, { tenantId }: Side, name: string) => `${prefix}_${tenantId}_${name}`
const ignoreTwin = (work: Promise<unknown>) => work.catch((thrown: Error) => expect(thrown).toMatchObject({ code: 'conflict' }))

const STORES: Record<string, Store> = {
  'documents of the same bytes': {
    put: (side, name) =>
      ignoreTwin(
        createD1Documents(DB, side.tenantId).insert(
          documentRow({ id: idOf('doc', side, name), sha256: `same ${name}`, name: side.marker }),
        ),
      ),
    read: async (side, other, name) => {
      const documents = createD1Documents(DB, side.tenantId)
      return [
        await documents.findByHash(`same ${name}`),
        await documents.find(idOf('doc', other, name)),
        await documents.list({ limit: 50 }),
      ]
    },
  },
  'fingerprints of documents': {
    put: async (side, name) => {
      const documents = createD1Documents(DB, side.tenantId)
      const id = `doc_${side.marker}_${name}_${side.tenantId}`
      await ignoreTwin(documents.insert(documentRow({ id, sha256: `marked ${name}` })))
      await documents.claimFingerprint(`print ${name}`, id)
    },
    read: (side, _, name) => createD1Documents(DB, side.tenantId).claimFingerprint(`print ${name}`, 'doc_asked'),
  },
  'files of the same key': {
    put: (side, name) => createR2Files(FILES, side.tenantId).put(`reports/${name}`, side.marker, 'text/plain'),
    read: async (side, other, name) => {
      const files = createR2Files(FILES, side.tenantId)
      const keys = [`reports/${name}`, `../${other.tenantId}/reports/${name}`, `${other.tenantId}/reports/${name}`]
      const found = await Promise.all(keys.map((key) => files.read(key).catch(() => undefined)))
      return found.map((bytes) => bytes && new TextDecoder().decode(bytes))
    },
  },
  'workflows of the same name': {
    put: (side, name) => createD1Workflows(DB, side.tenantId, []).save(workflowVersion(name, 'v1', { source: side.marker })),
    read: async (side, _, name) => {
      const workflows = createD1Workflows(DB, side.tenantId, [])
      return [await workflows.find(name), await workflows.findForStart(name, 'v1'), await workflows.versions(name), await workflows.list()]
    },
  },
  'rows of runs': {
    put: (side, name) => createD1RunIndex(DB, side.tenantId).upsert([runRow({ id: `run_${name}`, title: side.marker, openApprovals: 1 })]),
    read: async (side, _, name) => {
      const runs = createD1RunIndex(DB, side.tenantId)
      return [await runs.find(`run_${name}`), await runs.list({ limit: 50 }), await runs.listOpenApprovals({ limit: 50 })]
    },
  },
  reports: {
    put: (side, name) =>
      ignoreTwin(
        createD1Reports(DB, side.tenantId).insert({
          id: idOf('rep', side, name),
          runId: `run_${name}`,
          title: side.marker,
          formats: ['csv'],
          createdAt: NOW,
        }),
      ),
    read: async (side, other, name) => {
      const reports = createD1Reports(DB, side.tenantId)
      return [await reports.find(idOf('rep', other, name)), await reports.listByRun(`run_${name}`)]
    },
  },
  'secrets of the same name': {
    put: (side, name) => secretsOf(side).put(name, side.marker),
    read: (side, _, name) => secretsOf(side).get(name),
  },
  'idempotency keys of the same value': {
    put: async (side, name) => {
      const store = createD1Idempotency(DB, side.tenantId)
      const claimed = await store.claim({
        key: name,
        fingerprint: 'same',
        runId: `run_${side.marker}`,
        at: NOW,
        expiresAt: LATER,
        abandonedBefore: NOW,
      })
      if (claimed.kind === 'mine') await store.finish(name, { status: 200, mediaType: 'text/plain', body: side.marker })
    },
    read: (side, _, name) =>
      createD1Idempotency(DB, side.tenantId).claim({
        key: name,
        fingerprint: 'same',
        runId: 'run_asked',
        at: NOW,
        expiresAt: LATER,
        abandonedBefore: NOW,
      }),
  },
  'mails of the same id': {
    put: (side, name) =>
      createD1MailLog(DB, side.tenantId).claim({
        workflow: 'w',
        keys: keysOf(name),
        documentId: `doc_${side.marker}`,
        runId: `run_${side.marker}`,
        at: NOW,
      }),
    read: (side, _, name) => createD1MailLog(DB, side.tenantId).find('w', keysOf(name)),
  },
  'answers of models, exact and by meaning': {
    put: (side, name) =>
      createD1ModelCache(DB, side.tenantId).store({
        key: name,
        purpose: 'default',
        answer: { text: side.marker, finish: 'stop', provider: 'p', model: 'm', inputTokens: 1, outputTokens: 1 },
        documentIds: ['doc_same'],
        createdAt: NOW,
        expiresAt: LATER,
        meaning: { scope: 'same', question: side.marker, vector: [side.figure, 0] },
      }),
    read: async (side, _, name) => {
      const cache = createD1ModelCache(DB, side.tenantId)
      return [await cache.find(name, NOW), await cache.listMeanings('same', NOW), await cache.counts()]
    },
  },
  'vectors of the same text': {
    put: (side, name) => createD1Vectors(DB, side.tenantId, clock).store('m', [{ hash: name, vector: [side.figure] }], undefined),
    read: async (side, _, name) => [...(await createD1Vectors(DB, side.tenantId, clock).find('m', [name]))],
  },
  'vectors of a collection of the same name': {
    put: async (side, name) => {
      const values = Float32Array.from([1, 0, 0, 0])
      await index.upsert({ tenantId: side.tenantId, collection: name, generation: 1 }, [
        { chunk: side.figure, document: side.marker, values },
      ])
      vectorize.settle()
    },
    read: async (side, other, name) => {
      const partition = { tenantId: side.tenantId, collection: name, generation: 1 }
      const nearest = await index.nearest(partition, Float32Array.from([1, 0, 0, 0]), { limit: 20 })
      const named = await index.nearest(partition, Float32Array.from([1, 0, 0, 0]), { limit: 20, documents: [other.marker] })
      return [nearest, named, await index.visible(partition, [other.figure])]
    },
  },
  'models.yaml': {
    put: async (side) => {
      const settings = createD1ModelSettings(DB, side.tenantId, clock)
      await settings.save(`# ${side.marker}`, (await settings.find())?.revision ?? 0)
    },
    read: (side) => createD1ModelSettings(DB, side.tenantId, clock).find(),
  },
  'prompts of the same name': {
    put: (side, name) =>
      ignoreTwin(
        createD1Prompts(DB, side.tenantId, clock).save(name, { text: side.marker, weight: 'all', tests: [] }, side.marker, undefined),
      ),
    read: (side, _, name) => createD1Prompts(DB, side.tenantId, clock).versions(name),
  },
  'datasets of the same name': {
    put: (side, name) =>
      createD1Datasets(DB, side.tenantId).save({ name, version: 'v1', cases: 1, bytes: 1, createdAt: NOW, createdBy: side.marker }),
    read: async (side, _, name) => {
      const datasets = createD1Datasets(DB, side.tenantId)
      return [await datasets.find(name), await datasets.versions(name), await datasets.list({ limit: 50 })]
    },
  },
  'usage of the same call': {
    put: (side, name) =>
      createD1Usage(DB, side.tenantId).insert([
        {
          callId: name,
          at: NOW,
          feature: side.marker,
          provider: side.marker,
          model: 'm',
          inputTokens: 1,
          outputTokens: 1,
          actualMicroUsd: 1,
          latencyMs: 1,
          cached: false,
          degraded: false,
        },
      ]),
    read: async (side) => {
      const usage = createD1Usage(DB, side.tenantId)
      return await usage.sum({ groupBy: ['feature', 'provider'], from: '2026-01-01T00:00:00.000Z', to: LATER, limit: 100 })
    },
  },
  'roles of the same name': {
    put: (side, name) =>
      createD1Identity(DB).roles.put({
        tenantId: side.tenantId,
        name,
        description: side.marker,
        permissions: [],
        createdAt: NOW,
        updatedAt: NOW,
      }),
    read: async (side, _, name) => {
      const { roles } = createD1Identity(DB)
      return [await roles.find(side.tenantId, name), await roles.list(side.tenantId)]
    },
  },
}

const keysOf = (name: string) => [`message-id:${name}`, `content:${name}`] as never
const secretsOf = ({ tenantId }: Side) => createD1Secrets(DB, tenantId, createTenantVault({ binding: DB, tenantId, master, clock }))

let worlds = 0
function sidesOf(): [Side, Side] {
  worlds += 1
  return [
    { tenantId: `ten_a${worlds}`, marker: markerOf('acme'), figure: 741_001 },
    { tenantId: `ten_b${worlds}`, marker: markerOf('globex'), figure: 741_002 },
  ]
}

const steps = fc.array(
  fc.record({
    of: fc.constantFrom<0 | 1>(0, 1),
    store: fc.constantFrom(...Object.keys(STORES)),
    does: fc.constantFrom<'put' | 'read'>('put', 'read'),
    name: fc.constantFrom('one', 'two'),
  }),
  { minLength: 30, maxLength: 80 },
)

test('whatever two tenants store and read under the same names, each reads only its own', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const sides = sidesOf()
      const check = async (of: 0 | 1, store: string, name: string) => {
        const [own, other] = of === 0 ? sides : [sides[1], sides[0]]
        const found = JSON.stringify((await STORES[store]?.read(own, other, name)) ?? null)
        expect(leakOf(found, [other.marker, other.tenantId, String(other.figure)]), `${store}: ${found}`).toBeUndefined()
      }
      for (const { of, store, does, name } of sequence) {
        if (does === 'put') await STORES[store]?.put(sides[of], name)
        else await check(of, store, name)
      }
      for (const store of Object.keys(STORES)) for (const of of [0, 1] as const) await check(of, store, 'one')
    }),
    { numRuns: 8, endOnFailure: true },
  )
})

test('every store gives back what its own tenant has put in', async () => {
  const [own, other] = sidesOf()
  const silent: string[] = []
  for (const [name, store] of Object.entries(STORES)) {
    await store.put(own, 'one')
    const found = JSON.stringify((await store.read(own, other, 'one')) ?? null)
    if (leakOf(found, [own.marker, String(own.figure)]) === undefined) silent.push(`${name}: ${found}`)
  }
  expect(silent).toEqual([])
})

test('whose an id is, is found by an index and for every kind of id', async () => {
  const [own] = sidesOf()
  await createD1Documents(DB, own.tenantId).insert(documentRow({ id: 'doc_owned', sha256: 'owned' }))
  await createD1RunIndex(DB, own.tenantId).upsert([runRow({ id: 'run_owned' })])
  const ownerOf = createD1IdOwners(DB)
  expect(await Promise.all(['doc_owned', 'run_owned', 'run_nobody', 'xyz_owned'].map(ownerOf))).toEqual([
    own.tenantId,
    own.tenantId,
    undefined,
    undefined,
  ])
  const places = [
    ['documents', 'id'],
    ['runs', 'id'],
    ['reports', 'id'],
    ['evaluations', 'id'],
    ['users', 'id'],
    ['api_keys', 'id'],
    ['sessions', 'family'],
    ['service_accounts', 'id'],
    ['one_time_tokens', 'id'],
    ['data_subject_requests', 'id'],
    ['passkeys', 'id'],
  ]
  for (const [table, column] of places) {
    const { results } = await DB.prepare(`EXPLAIN QUERY PLAN SELECT tenant_id FROM ${table} WHERE ${column} = ? LIMIT 1`)
      .bind('x')
      .all<{ detail: string }>()
    expect(results.map(({ detail }) => detail).join(), table).toMatch(/SEARCH .* USING (?:COVERING )?INDEX/)
  }
})
