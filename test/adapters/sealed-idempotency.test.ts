import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSealedIdempotency } from '../../workers/adapters/sealed-idempotency'
import { createVault } from '../../workers/adapters/vault'
import type { StoredAnswer } from '../../workers/domain/idempotency'
import { createFakeIdempotency } from '../fakes/idempotency'

const CLAIM = {
  key: 'k1',
  fingerprint: 'f',
  runId: 'run_1',
  at: '2026-11-21T09:00:00.000Z',
  expiresAt: '2026-11-22T09:00:00.000Z',
  abandonedBefore: '2026-11-21T08:00:00.000Z',
}
const ANSWER = { status: 201, mediaType: 'application/json', body: '{"key":"stw_abcdefgh_secret"}' }

function stage() {
  const kept = new Map<string, StoredAnswer>()
  const rows = createFakeIdempotency()
  const box = createVault(new Uint8Array(createHash('sha256').update('key').digest()))
  const watched = {
    ...rows,
    finish: async (key: string, answer: StoredAnswer) => {
      kept.set(key, answer)
      await rows.finish(key, answer)
    },
  }
  return { rows, kept, sealed: createSealedIdempotency(watched, { sealContent: box.seal, open: box.open }) }
}

test('a kept answer comes back as it was, and is not stored in plain', async () => {
  const { kept, sealed } = stage()
  await sealed.claim(CLAIM)
  await sealed.finish('k1', ANSWER)
  expect(JSON.stringify([...kept])).not.toMatch(/secret|stw_/)
  expect(await sealed.claim(CLAIM)).toEqual({ kind: 'done', answer: ANSWER })
})

test('an answer that was moved to another key does not open', async () => {
  const { rows, kept, sealed } = stage()
  await sealed.claim(CLAIM)
  await sealed.finish('k1', ANSWER)
  await rows.claim({ ...CLAIM, key: 'k2' })
  await rows.finish('k2', kept.get('k1') ?? ANSWER)
  await expect(sealed.claim({ ...CLAIM, key: 'k2' })).rejects.toMatchObject({ code: 'internal' })
})

test('an answer of before and one without a body need no key', async () => {
  const { rows, sealed } = stage()
  await rows.claim(CLAIM)
  await rows.finish('k1', ANSWER)
  expect(await sealed.claim(CLAIM)).toEqual({ kind: 'done', answer: ANSWER })
  await sealed.claim({ ...CLAIM, key: 'k2' })
  await sealed.finish('k2', { ...ANSWER, body: '' })
  expect(await sealed.claim({ ...CLAIM, key: 'k2' })).toMatchObject({ answer: { body: '' } })
})
