import { applyD1Migrations, env as bindings, evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { beforeAll, describe, expect, test } from 'vitest'
import { createObjectAudit } from '../../workers/adapters/object-audit'
import { type DumpedObject, type DumpPage, STARTS_ANEW } from '../../workers/domain/dumps'
import { unwrap } from '../../workers/domain/error'
import type { Chunk } from '../../workers/domain/knowledge'
import { PLANS } from '../../workers/domain/plans'
import type { Step, WorkflowVersion } from '../../workers/domain/workflows'
import { createAuditSigner, type Env } from '../../workers/env'
import { actOf, exported, verify } from '../contracts/audit'

const env = bindings as unknown as Env & { MIGRATIONS: Parameters<typeof applyD1Migrations>[1] }
const raw = (stub: unknown) => stub as DurableObjectStub
const RESTORE = 'bak_1'

beforeAll(() => applyD1Migrations(env.DB, env.MIGRATIONS))

async function pagesOf(object: DumpedObject): Promise<DumpPage[]> {
  const pages = [unwrap(await object.dump(''))]
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) pages.push(unwrap(await object.dump(next)))
  return pages
}
const partsOf = (pages: DumpPage[], restore = RESTORE) =>
  pages.map(({ lines, sequences }, page) => ({
    ...{ restore, page, lines, isLast: page === pages.length - 1 },
    ...(sequences && { sequences }),
  }))
async function startedAnew(object: DumpedObject): Promise<string> {
  try {
    return await object.startAnew()
  } catch (thrown) {
    return String(thrown)
  }
}
/** An object that starts anew breaks its stubs: the next has it again. */
async function copy<To extends DumpedObject>(from: DumpedObject, toNow: () => To): Promise<To> {
  return await copyPages(await pagesOf(from), toNow)
}
async function copyPages<To extends DumpedObject>(pages: DumpPage[], toNow: () => To): Promise<To> {
  for (const part of partsOf(pages)) unwrap(await toNow().takeDump(part))
  expect(await startedAnew(toNow())).toContain(STARTS_ANEW)
  unwrap(await toNow().awaken())
  return toNow()
}
const linesOf = async (object: DumpedObject) => (await pagesOf(object)).map(({ lines }) => lines).join('')

const encoder = { model: 'test', dimensions: 4 }
const collection = (name: string) => env.KNOWLEDGE.getByName(name)
const passage = (id: string, text: string): Chunk => ({ id, text, context: '', span: { page: 1, start: 0, end: text.length, quote: text } })
const entry = (documentId: string, texts: string[]) => ({
  tenantId: 'ten_a',
  document: {
    documentId,
    name: documentId,
    metadata: { class: 'invoice' },
    chunks: texts.map((text, at) => passage(`${documentId}_${at}`, text)),
  },
  encoder,
  vectors: Float32Array.from(texts.flatMap((_, at) => [at % 2, 1 - (at % 2), 0, 0])),
})
const query = (text: string) => ({
  ...{ tenantId: 'ten_a', limit: 10, texts: [text], encoder, vectors: [Float32Array.from([1, 0, 0, 0])], deadlineMs: 5_000 },
  ranking: { vectorWeight: 1, leastProduct: 0.2, halfTrustLength: 0 },
})

describe('a collection', () => {
  test('answers the same after its dump was taken by another object, and takes more', async () => {
    const from = collection('ten_a/from')
    await from.index(entry('doc_a', ['The invoice is due on Friday', 'Zahlung an Müller', 'cats and dogs']))
    await from.index(entry('doc_b', ['Another invoice', 'rain']))
    await from.remove('doc_b')
    await from.index(entry('doc_b', ['A third invoice']))
    const asked = ['invoice', 'muller', 'pets']
    const before = await Promise.all(asked.map(async (text) => unwrap(await from.search(query(text))).hits))
    const to = await copy(from, () => collection('ten_a/to'))
    expect(await Promise.all(asked.map(async (text) => unwrap(await to.search(query(text))).hits))).toEqual(before)
    expect(before[0]?.length).toBeGreaterThan(1)
    expect(await linesOf(to)).toBe(await linesOf(from))
    unwrap(await to.index(entry('doc_c', ['invoice of May'])))
    const numbers = await runInDurableObject(raw(to), (_, { storage }) =>
      storage.sql
        .exec<{ number: number }>('SELECT number FROM chunks ORDER BY number')
        .toArray()
        .map(({ number }) => number),
    )
    expect(numbers, 'a number is never given out twice').toEqual([1, 2, 3, 6, 7])
  })

  test('goes in pages of bounded size, each taken once however often it comes', async () => {
    const [from, to] = [collection('ten_a/large'), collection('ten_a/large-copy')]
    for (let at = 0; at < 4; at += 1)
      await from.index(
        entry(
          `doc_${at}`,
          Array.from({ length: 40 }, (_, chunk) => `word${chunk} ${'x'.repeat(90_000)}`),
        ),
      )
    const pages = await pagesOf(from)
    expect(pages.length).toBeGreaterThan(2)
    for (const { lines } of pages) expect(lines.length).toBeLessThan(8_000_000)
    expect(new Set(pages.map(({ stamp }) => stamp)).size).toBe(1)
    const parts = partsOf(pages)
    const [first, second, third] = parts
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are too few pages')
    unwrap(await to.takeDump(first))
    expect(await to.takeDump(third)).toMatchObject({ ok: false, error: { code: 'conflict' } })
    unwrap(await to.takeDump(second))
    unwrap(await to.takeDump(second))
    for (const part of parts.slice(2)) unwrap(await to.takeDump(part))
    unwrap(await to.takeDump(first))
    for (const part of parts.slice(1)) unwrap(await to.takeDump(part))
    expect(await linesOf(to)).toBe(await linesOf(from))
  })

  test('shows by its stamp that it was written to between two pages', async () => {
    const from = collection('ten_a/written')
    const { stamp } = unwrap(await from.dump(''))
    expect(unwrap(await from.dump('')).stamp).toBe(stamp)
    await from.index(entry('doc_a', ['more']))
    expect(unwrap(await from.dump('')).stamp).not.toBe(stamp)
  })

  test('makes vectors again that only a separate store held', async () => {
    const from = collection('ten_a/remote')
    await from.index(entry('doc_a', ['one', 'two']))
    await runInDurableObject(raw(from), (_, { storage }) => {
      storage.sql.exec('UPDATE chunk_vectors SET pack_id = NULL, vector = NULL')
      storage.sql.exec('DELETE FROM sketch_packs')
    })
    const to = await copy(from, () => collection('ten_a/remote-copy'))
    const heldBy = (text: string) => runInDurableObject(raw(to), (_, { storage }) => storage.sql.exec(text).toArray())
    expect(await heldBy('SELECT * FROM chunk_vectors')).toEqual([])
    // No encoder stands behind these tests: the try is remembered.
    await expect.poll(() => heldBy("SELECT task FROM upkeep WHERE task = 'reembedding'")).toHaveLength(1)
  })
})

describe('an object', () => {
  test('takes no collection of another tenant, and keeps nothing of it', async () => {
    const from = collection('ten_a/owned')
    await from.index(entry('doc_a', ['text']))
    for (const part of partsOf(await pagesOf(from)))
      expect(await collection('ten_thief/owned').takeDump(part)).toMatchObject({
        ok: false,
        error: { code: 'invalid', reason: 'other_owner' },
      })
    expect(await startedAnew(collection('ten_thief/owned'))).toContain(STARTS_ANEW)
    expect(unwrap(await collection('ten_thief/owned').list('', 10))).toEqual([])
  })

  test('that holds something takes no dump', async () => {
    const [from, to] = [collection('ten_a/one'), collection('ten_a/other')]
    for (const each of [from, to]) await each.index(entry('doc_a', ['text']))
    for (const part of partsOf(await pagesOf(from)))
      expect(await to.takeDump(part)).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect((await collection('ten_a/other').stats()).ok).toBe(true)
  })

  test('takes no table or column that this version does not know, and runs nothing of a dump as SQL', async () => {
    const part = { restore: RESTORE, page: 0, isLast: true }
    for (const lines of [
      '{"names":["documents","strange"]}\n',
      '{"names":["documents"]}\n{"table":"documents","columns":["id","strange"]}\n',
      '{"names":["documents"]}\n{"table":"documents\\"; DROP TABLE documents; --","columns":["id"]}\n',
      '{"names":["documents"]}\n["doc_a"]\n',
    ])
      expect(await collection('ten_a/strange').takeDump({ ...part, lines }), lines).toMatchObject({ ok: false, error: { code: 'invalid' } })
  })

  test('has every table that its code makes in its dump', async () => {
    for (const [stub, tables] of [
      [collection('ten_a/tables'), 18],
      [env.TENANT.getByName('ten_tables'), 12],
    ] as const) {
      const all = await runInDurableObject(raw(stub), (_, { storage }) =>
        storage.sql
          .exec<{ name: string; sql: string }>(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
          )
          .toArray(),
      )
      const dumped = (await linesOf(stub)).matchAll(/^\{"table":"(\w+)"/gm)
      const names = [...dumped].map(([, name]) => name)
      const left = all.map(({ name }) => name).filter((name) => !names.includes(name))
      expect(left.filter((name) => !/^(passages|passage_terms|sqlite_sequence)/.test(name))).toEqual([])
      expect(names.length).toBeGreaterThanOrEqual(tables)
    }
  })
})

describe("a tenant's object", () => {
  const tables = '{"names":["settings","pending","counters","audit"]}\n'
  const order = (more: object) => ({ ...{ tenantId: 'ten_strange', runId: 'run_1' }, ...more })
  const pending = (request: string) =>
    `${tables}{"table":"pending","columns":["position","run_id","priority","request","created_at"]}\n${JSON.stringify([1, 'run_1', 'batch', request, 'x'])}\n`
  test.each([
    ['its id', `${tables}{"table":"settings","columns":["name","value"]}\n["tenantId","\\"ten_victim\\""]\n`],
    ['a run that waits', pending(JSON.stringify(order({ tenantId: 'ten_victim' })))],
    ['a run that waits, said twice', pending(`{"tenantId":"ten_strange",${JSON.stringify(order({ tenantId: 'ten_victim' })).slice(1)}`)],
    ['the id of a run that waits', pending(JSON.stringify(order({ runId: 'run_2' })))],
    ['a count of the plan', `${tables}{"table":"counters","columns":["name","value"]}\n["tokens/2026-11",-5]\n`],
    [
      'an entry of the audit',
      `${tables}{"table":"audit","columns":["seq","id","at","actor","action","entry"]}\n[1,"a","x","y","z","{\\"tenantId\\":\\"ten_victim\\"}"]\n`,
    ],
  ])('that is of another tenant by %s is refused, and nothing is left', async (_, lines) => {
    const stub = () => env.TENANT.getByName('ten_strange')
    const part = { restore: RESTORE, page: 0, isLast: true }
    expect(await stub().takeDump({ ...part, lines })).toMatchObject({ ok: false, error: { code: 'invalid', reason: 'other_owner' } })
    await runInDurableObject(raw(stub()), (__, { storage }) =>
      expect(storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray()).toEqual([]),
    )
    expect(await startedAnew(stub())).toContain(STARTS_ANEW)
    expect((await stub().takeDump({ ...part, lines: pending(JSON.stringify(order({}))) })).ok, 'the own one is taken').toBe(true)
    await startedAnew(stub())
    unwrap(await stub().purge())
    await evictDurableObject(raw(stub()))
  })

  test('of an archive leaves the plan behind and brings the ceilings; that of a backup brings both', async () => {
    const from = env.TENANT.getByName('ten_plan')
    unwrap(await from.setPlan({ ...PLANS.trial, seats: 999_999 }))
    unwrap(await from.setCeilings({ ...unwrap(await from.budgets()).ceilings, runMicroUsd: 7_000_000 }))
    const [page] = partsOf(await pagesOf(from))
    if (page === undefined) throw new Error('there is no page')
    for (const [isArchive, isLast, name] of [
      [true, true, 'standard'],
      [true, false, 'standard'],
      [false, true, 'trial'],
    ] as const) {
      const object = () => env.TENANT.getByName('ten_plan')
      unwrap(await object().purge())
      await evictDurableObject(raw(object()))
      unwrap(await object().takeDump({ ...page, isLast, ...(isArchive && { isArchive }) }))
      await startedAnew(object())
      const { plan, ceilings } = unwrap(await object().budgets())
      expect(plan.name).toBe(name)
      expect(ceilings.runMicroUsd).toBe(7_000_000)
    }
  })

  test('has its audit, which verifies and goes on, its money and its plan', async () => {
    const from = env.TENANT.getByName('ten_from')
    const auditOf = (stub: typeof from) => createObjectAudit(() => stub)
    await auditOf(from).record([actOf(), actOf(), actOf()])
    unwrap(await from.settle(undefined, [], false))
    unwrap(await from.setCeilings({ ...unwrap(await from.budgets()).ceilings, runMicroUsd: 7_000_000 }))
    const pages = await pagesOf(from)
    unwrap(await from.purge())
    await evictDurableObject(raw(from))
    const to = await copyPages(pages, () => env.TENANT.getByName('ten_from'))
    const keys = await createAuditSigner(env).publicKeys()
    expect(unwrap(await to.budgets()).ceilings.runMicroUsd).toBe(7_000_000)
    await auditOf(to).record([actOf()])
    const lines = await auditOf(to).lines(0, 99)
    expect(lines.filter(({ type }) => type === 'entry')).toHaveLength(4)
    expect(await verify(await exported(auditOf(to), 'ten_from', keys), keys)).toMatchObject({ findings: [], entries: 4 })
  })
})

describe('a run', () => {
  const step = (loose: Record<string, unknown>) =>
    ({ retry: { maxAttempts: 1, initialMs: 10, maxMs: 50 }, onError: { kind: 'fail' }, ...loose }) as unknown as Step
  const workflow: WorkflowVersion = {
    ...{ name: 'test', version: '0123456789abcdef', source: '', createdAt: '2026-11-21T00:00:00.000Z', builtIn: false },
    definition: {
      ...{ name: 'test', title: 'Test', description: '', input: {}, vars: {}, outputs: null },
      steps: [
        step({ id: 'ask', kind: 'approval', title: 'May it?', details: null }),
        step({ id: 'say', kind: 'set', value: { literal: 1 } }),
      ],
    },
  }
  const runOf = (name: string) => env.RUN.getByName(name)

  test('that waits for a person waits on where it is taken, and goes on there', async () => {
    const from = runOf('ten_run/run_a')
    const started = unwrap(await from.start({ tenantId: 'ten_run', runId: 'run_a', workflow, input: {}, trigger: 'api' }))
    expect(started.status).not.toBe('failed')
    await expect.poll(async () => unwrap(await from.get()).approvals.length).toBe(1)
    const parts = partsOf(await pagesOf(from))
    const [events, steps] = [unwrap(await from.events({ after: 0, limit: 100 })), unwrap(await from.steps())]
    unwrap(await from.purge())
    await evictDurableObject(raw(from))
    const to = runOf('ten_run/run_a')
    for (const part of parts) unwrap(await to.takeDump(part))
    unwrap(await to.wake())
    await runInDurableObject(raw(to), async (_, { storage }) => expect(await storage.getAlarm(), 'still until it is awakened').toBeNull())
    unwrap(await to.awaken())
    expect(unwrap(await to.events({ after: 0, limit: 100 }))).toEqual(events)
    expect(unwrap(await to.steps())).toEqual(steps)
    const [approval] = unwrap(await to.get()).approvals
    await to.continue({ approvalId: approval?.id ?? '', decision: 'approve', by: 'usr_1' })
    await expect.poll(async () => unwrap(await to.get()).status).toBe('completed')
  })

  test('whose rows name another tenant or run is refused whole, page by page, and acts for nobody', async () => {
    const from = runOf('ten_run/run_b')
    unwrap(await from.start({ tenantId: 'ten_run', runId: 'run_b', workflow, input: {}, trigger: 'api' }))
    const lines = await linesOf(from)
    const part = { restore: RESTORE, page: 0, isLast: true }
    for (const [name, forged] of [
      ['ten_thief/run_b', lines],
      ['ten_run/run_c', lines],
      ['ten_thief/run_c', lines.replaceAll('run_b', 'run_c')],
    ] as const)
      for (const isLast of [true, false]) {
        const refused = await runOf(name).takeDump({ ...part, isLast, lines: forged })
        expect(refused, name).toMatchObject({ ok: false, error: { code: 'invalid', reason: 'other_owner' } })
        expect(unwrap(await runOf(name).dump('')), 'nothing is left').toMatchObject({ rows: 0, lines: '{"names":[]}\n' })
        expect((await runOf(name).awaken()).ok).toBe(false)
      }
    const none = lines.replace(/(\{"table":"run",[^\n]*\n)\[[^\n]*\n/, '$1')
    expect(await runOf('ten_run/run_d').takeDump({ ...part, lines: none })).toMatchObject({ ok: false, error: { code: 'invalid' } })
  })

  test('that never was has an empty dump, and leaves nothing behind', async () => {
    expect(unwrap(await runOf('ten_run/never').dump(''))).toMatchObject({ rows: 0, lines: '{"names":[]}\n' })
  })
})
