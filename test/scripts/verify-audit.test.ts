import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actOf, exported, verify } from '../contracts/audit'
import { createAuditKey, createFakeAudit, fakeAuditKey } from '../fakes/audit'
import { createTestClock } from '../fakes/clock'

type Lines = Record<string, unknown>[]
const root = join(__dirname, '../..')
let folder: string
let lines: Lines
let keys: object[]

/** Ten entries with checkpoints after the fourth and at the end. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-audit-'))
  keys = [(await fakeAuditKey()).publicJwk]
  const audit = createFakeAudit('ten_1', createTestClock())
  await audit.record(Array.from({ length: 4 }, () => actOf({ before: { a: 1 }, after: { a: 2 } })))
  await audit.checkpoint()
  await audit.record(Array.from({ length: 6 }, () => actOf()))
  lines = await exported(audit, 'ten_1', keys)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (seq: number) => lines.findIndex((line) => line.type === 'entry' && line.seq === seq)
const changed = (seq: number, change: object): Lines => lines.map((line, index) => (index === at(seq) ? { ...line, ...change } : line))
const kindsIn = async (some: Lines, trusted = keys) => (await verify(some, trusted)).findings.map(({ kind }) => kind)

test('a whole export has nothing to find, and is signed to its end', async () => {
  expect(await verify(lines, keys)).toMatchObject({ tenantId: 'ten_1', entries: 10, checkpoints: 3, signedThrough: 10, findings: [] })
})

test.each(['actor', 'address', 'requestId', 'action', 'outcome', 'at', 'before', 'after', 'id'])(
  'a changed %s is found',
  async (member) => {
    const other = { actor: { kind: 'user', id: 'usr_other' }, outcome: 'refused' }[member] ?? 'other'
    expect(await kindsIn(changed(3, { [member]: other }))).toEqual(['changed'])
  },
)

test('a member that was added or taken away is found', async () => {
  expect(await kindsIn(changed(3, { note: 'added' }))).toEqual(['changed'])
  expect(await kindsIn(changed(3, { after: undefined }))).toEqual(['changed'])
})

test('an entry that is missing is found, also the first', async () => {
  for (const seq of [1, 5]) expect(await kindsIn(lines.filter((_, index) => index !== at(seq)))).toEqual(['missing'])
})

test('entries that changed places are found', async () => {
  const swapped = [...lines]
  ;[swapped[at(6)], swapped[at(7)]] = [lines[at(7)] ?? {}, lines[at(6)] ?? {}]
  expect(await kindsIn(swapped)).toContain('reordered')
})

test('an entry that comes twice is found', async () => {
  expect(await kindsIn(lines.toSpliced(at(6), 0, lines[at(6)] ?? {}))).toEqual(['reordered'])
})

test('a tail that was cut off is found by the checkpoint of the export', async () => {
  expect(await kindsIn(lines.slice(0, at(8)))).toEqual(['cut_tail'])
})

test('a chain hashed anew after a change is found by its checkpoints', async () => {
  const { createFakeAudit: create } = await import('../fakes/audit')
  const forged = create('ten_1', createTestClock())
  await forged.record(Array.from({ length: 10 }, () => actOf({ actor: { kind: 'user', id: 'usr_forger' } })))
  const mixed = [lines[0] ?? {}, ...(await forged.lines(0, 99)).map((line) => ({ ...line }))]
  expect(await kindsIn(mixed)).toContain('changed')
})

test('a checkpoint of another key, or that says something else than was signed, is found', async () => {
  const stranger = await createAuditKey()
  const place = lines.findIndex(({ type, seq }) => type === 'checkpoint' && seq === 4)
  const claim = { tenantId: 'ten_1', seq: 4, hash: String(lines[place]?.hash), at: String(lines[place]?.at) }
  const jws = await stranger.sign({ purpose: 'steward-audit-checkpoint', ...claim })
  expect(await kindsIn(lines.with(place, { ...lines[place], jws }))).toEqual(['forged_checkpoint'])
  expect(await kindsIn(lines.with(place, { ...lines[place], hash: 'f'.repeat(64) }))).toEqual(['forged_checkpoint'])
  expect(await kindsIn(lines, [stranger.publicJwk])).toEqual([
    'forged_checkpoint',
    'forged_checkpoint',
    'forged_checkpoint',
    'no_checkpoint',
  ])
})

test('an entry of another tenant is found', async () => {
  const audit = createFakeAudit('ten_2', createTestClock())
  await audit.record([actOf()])
  const [foreign] = await audit.lines(0, 1)
  expect(await kindsIn([...lines, { ...foreign }])).toContain('foreign')
})

function run(some: Lines, ...options: string[]) {
  const file = join(folder, 'audit.ndjson')
  writeFileSync(file, some.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/node'), ['scripts/verify-audit.ts', file, ...options], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, text: stdout + stderr }
}

test('the script ends with 0 for a whole file, 1 for what it finds, and 2 when it cannot check', () => {
  const trusted = join(folder, 'jwks.json')
  writeFileSync(trusted, JSON.stringify({ keys }))
  expect(run(lines, '--keys', trusted)).toMatchObject({
    status: 0,
    text: expect.stringContaining('10 entries, 3 checkpoints, signed through entry 10'),
  })
  expect(run(lines)).toMatchObject({ status: 0, text: expect.stringContaining('--keys is needed') })
  expect(run(changed(3, { address: '198.51.100.9' }), '--keys', trusted)).toMatchObject({
    status: 1,
    text: expect.stringContaining('changed'),
  })
  expect(run(lines.slice(1)).status).toBe(2)
})

test('with --contains a shorter or other chain than the one that was signed before is found', () => {
  const trusted = join(folder, 'jwks.json')
  const earlier = join(folder, 'checkpoint.json')
  writeFileSync(trusted, JSON.stringify({ keys }))
  writeFileSync(earlier, JSON.stringify(lines.findLast(({ type }) => type === 'checkpoint')))
  const shorter = [{ ...lines[0], head: null }, ...lines.slice(1, at(5))]
  expect(run(shorter, '--keys', trusted).status).toBe(0)
  expect(run(shorter, '--keys', trusted, '--contains', earlier)).toMatchObject({ status: 1, text: expect.stringContaining('cut_tail') })
})
