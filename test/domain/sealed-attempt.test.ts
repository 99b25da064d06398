import { describe, expect, test } from 'vitest'
import { ok } from '../../workers/domain/error'
import type { AttemptObject } from '../../workers/domain/run-control'
import { hidingTitles, openInput, openStep } from '../../workers/domain/sealed-attempt'
import { createFakeReports } from '../fakes/reports'
import { createFakeSealedFields } from '../fakes/tenant-keys'

const fields = createFakeSealedFields()

/** Keeps what it is told. */
function scribe() {
  const told: unknown[] = []
  const tell = async (...what: unknown[]) => {
    told.push(what)
    return ok(null)
  }
  const run: AttemptObject = {
    claim: async () => ok({ operation: 'x', input: null, attempt: 1, leaseMs: 1 }),
    report: tell,
    progress: tell,
    beginEffect: async (...what) => {
      told.push(what)
      return ok({ decision: 'settled' as const, receipt: { to: what[2].target } })
    },
    settleEffect: tell,
    failEffect: tell,
    unknownEffect: tell,
  }
  return { run, told }
}
const step = (input: unknown) => ({ operation: 'x', input, attempt: 1, leaseMs: 1_000 })

describe('a step with sealed values', () => {
  test('is given its values, and whatever it says of them is sealed again', async () => {
    const token = await fields.seal('jane@doe.example')
    const { run, told } = scribe()
    const opened = await openStep(run, step({ to: token }), fields)
    expect(opened.step.input).toEqual({ to: 'jane@doe.example' })
    await opened.run.progress('s', 't', 'Writing to jane@doe.example')
    const begun = await opened.run.beginEffect('s', 't', { key: 'k', kind: 'mail', target: 'jane@doe.example' })
    expect(begun).toEqual(ok({ decision: 'settled', receipt: { to: 'jane@doe.example' } }))
    await opened.run.settleEffect('k', { accepted: ['jane@doe.example'] })
    await opened.run.failEffect('k', { code: 'unavailable', message: 'jane@doe.example refused' })
    await opened.run.unknownEffect('k', 'jane@doe.example went silent')
    await opened.run.report('s', 't', { status: 'completed', output: { sent: 'to jane@doe.example' }, notes: { to: 'jane@doe.example' } })
    await opened.run.report('s', 't', { status: 'failed', error: { code: 'invalid', message: 'No mailbox jane@doe.example' } })
    expect(JSON.stringify(told)).not.toContain('jane@')
    expect(JSON.stringify(told).split(token).length - 1).toBe(8)
    const reports = createFakeReports()
    const record = { id: 'rep_1', runId: 'run_1', title: 'For jane@doe.example', formats: [], createdAt: '' }
    await hidingTitles(reports, opened).insert(record)
    expect((await reports.find('rep_1'))?.title).toBe(`For ${token}`)
  })

  test('an extraction is sealed by its schema, in its output and its notes', async () => {
    const { run, told } = scribe()
    const opened = await openStep(run, step({ schema: { properties: { name: { 'x-pii': true } } } }), fields)
    const output = { fields: [{ name: 'name', value: 'Jane Doe', normalized: 'Jane Doe' }] }
    await opened.run.report('s', 't', { status: 'completed', output, notes: { found: 'Jane Doe' } })
    expect(JSON.stringify(told)).not.toContain('Jane')
    expect(opened.hide('Error: Jane Doe')).not.toContain('Jane')
  })

  test('without any, step and run are the very same', async () => {
    const { run } = scribe()
    const plain = step({ schema: { properties: { name: {} } } })
    const opened = await openStep(run, plain, undefined)
    expect(opened.run).toBe(run)
    expect(opened.step).toBe(plain)
    const input = { url: 'https://a.example' }
    expect((await openInput(input, undefined)).input).toBe(input)
  })

  test('where nothing can be sealed it is refused, not left in clear', async () => {
    const { run } = scribe()
    await expect(openStep(run, step({ schema: { properties: { name: { 'x-pii': true } } } }), undefined)).rejects.toMatchObject({
      code: 'unavailable',
    })
    await expect(openInput({ a: await fields.seal('x') }, undefined)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
