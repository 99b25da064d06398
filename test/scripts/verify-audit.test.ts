import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actOf, exported, verify, verifyTexts } from '../contracts/audit'
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
  const signedAt = lines.findLast(({ type }) => type === 'checkpoint')?.at
  expect(await verify(lines, keys)).toMatchObject({
    tenantId: 'ten_1',
    entries: 10,
    checkpoints: 3,
    signedThrough: 10,
    signedAt,
    findings: [],
  })
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

/** The same lines as texts, with the one of that number written in another way. */
const texts = (seq: number, write: (text: string) => string) =>
  lines.map((line, index) => (index === at(seq) ? write(JSON.stringify(line)) : JSON.stringify(line)))
const checkpointAt = (seq: number) => lines.find((line) => line.type === 'checkpoint' && line.seq === seq)

test('a member that stands twice in its line is found, at any depth, also in the first line and in a checkpoint', async () => {
  const kindsOf = async (some: string[]) => (await verifyTexts(some, keys)).findings.map(({ kind }) => kind)
  expect(await kindsOf(texts(3, (text) => text))).toEqual([])
  expect(await kindsOf(texts(3, (text) => text.replace('{', '{"outcome":"forged",')))).toEqual(['malformed'])
  expect(await kindsOf(texts(3, (text) => text.replace('"actor":{', '"actor":{"id":"usr_forged",')))).toEqual(['malformed'])
  for (const place of [0, lines.findIndex(({ type }) => type === 'checkpoint')]) {
    const forged = lines.map((line, index) =>
      index === place ? JSON.stringify(line).replace('{', '{"tenantId":"x",') : JSON.stringify(line),
    )
    expect(await kindsOf(forged), String(place)).toEqual(['malformed'])
  }
})

test('a line that is no object, and a first line in the middle, are found', async () => {
  for (const text of ['null', '7', '"x"', '{'])
    expect(
      (await verifyTexts([...texts(3, (same) => same), text], keys)).findings.map(({ kind }) => kind),
      text,
    ).toEqual(['malformed'])
  expect(await kindsIn([...lines, lines[0] ?? {}])).toEqual(['reordered'])
})

test('a tail that was cut off is found, with the head, without it and with an older one, wherever a newer checkpoint is left', async () => {
  const [head = {}] = lines
  const older = { ...head, head: checkpointAt(4) }
  expect(await kindsIn(lines.slice(0, at(8)))).toEqual(['cut_tail'])
  expect(await kindsIn(lines.slice(1, at(8)))).toEqual(['no_head'])
  expect(await kindsIn(lines.slice(1, at(5)))).toEqual(['no_head'])
  expect(await kindsIn([{ ...head, head: null }, ...lines.slice(1, at(5))])).toEqual(['no_head'])
  expect(await kindsIn([older, ...lines.slice(1, at(8))])).toEqual(['unsigned_tail'])
  expect(await kindsIn([older, ...lines.slice(1)])).toEqual(['old_head', 'unsigned_tail'])
  expect(await kindsIn([older, ...lines.slice(1, at(8)), checkpointAt(10) ?? {}])).toEqual(['old_head', 'unsigned_tail', 'cut_tail'])
})

test('entries that were chained on after the signed end are found', async () => {
  const audit = createFakeAudit('ten_1', createTestClock())
  await audit.record(Array.from({ length: 4 }, () => actOf()))
  const short = await exported(audit, 'ten_1', keys)
  await audit.record([actOf()])
  expect(await kindsIn([...short, ...(await audit.lines(4, 1)).map((line) => ({ ...line }))])).toEqual(['unsigned_tail'])
})

test('an export without entries proves nothing, and is not taken for a whole one', async () => {
  expect(await kindsIn([{ ...lines[0], head: null }])).toEqual(['no_head', 'no_checkpoint'])
  expect(await kindsIn([])).toEqual(['no_head', 'no_checkpoint'])
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
    text: expect.stringMatching(
      /10 entries, 3 checkpoints, signed through entry 10 at 20\d\d-[\s\S]*From entry 1 to entry 10 nothing is changed[\s\S]*cannot show[\s\S]*--contains/,
    ),
  })
  expect(run(lines)).toMatchObject({ status: 0, text: expect.stringContaining('--keys is needed') })
  expect(run(changed(3, { address: '198.51.100.9' }), '--keys', trusted)).toMatchObject({
    status: 1,
    text: expect.stringContaining('changed'),
  })
  expect(run(lines.slice(1)).status).toBe(2)
  expect(run(lines.slice(1), '--keys', trusted)).toMatchObject({ status: 1, text: expect.stringContaining('no_head') })
})

test('with --contains a shorter or other chain than the one that was signed before is found', () => {
  const trusted = join(folder, 'jwks.json')
  const earlier = join(folder, 'checkpoint.json')
  writeFileSync(trusted, JSON.stringify({ keys }))
  writeFileSync(earlier, JSON.stringify(lines.findLast(({ type }) => type === 'checkpoint')))
  const shorter = [{ ...lines[0], head: checkpointAt(4) }, ...lines.slice(1, at(5))]
  expect(run(shorter, '--keys', trusted).status).toBe(0)
  expect(run(shorter, '--keys', trusted, '--contains', earlier)).toMatchObject({ status: 1, text: expect.stringContaining('cut_tail') })
  writeFileSync(earlier, JSON.stringify(checkpointAt(4), undefined, 2))
  expect(run(lines, '--keys', trusted, '--contains', earlier).status).toBe(0)
  writeFileSync(earlier, JSON.stringify(lines[at(4)]))
  expect(run(lines, '--keys', trusted, '--contains', earlier)).toMatchObject({ status: 1, text: expect.stringContaining('malformed') })
})
