import { beforeEach, describe, expect, test } from 'vitest'
import type { OpenRequest } from '../../workers/domain/data-subjects'
import { SHIPPED_RULES } from '../../workers/domain/retention'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

const EMAIL = 'canaria.vogelsang@birds.example'
let kit: Kit
let acme: Account
let rival: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  rival = await createAccount(kit, 'rival')
})
const ask = (method: string, path: string, body?: unknown, account = acme) => call(kit, account, method, `/api/v1${path}`, body)
const withRole = async (role: string): Promise<Account> => {
  const { key } = (await ask('POST', '/api-keys', { name: role, role })).body
  return { ...acme, apiKey: key }
}

describe('retention', () => {
  test('the shipped rules hold until a tenant saves its own, which others do not see', async () => {
    expect((await ask('GET', '/retention')).body).toEqual(SHIPPED_RULES)
    expect(SHIPPED_RULES.events).toEqual({ cachedAnswers: 30, receivedMails: 90, signIns: 7, usage: 365 })
    const rules = { documents: { default: null, classes: { invoice: 3_650 } }, runs: { default: 90, workflows: { audit: null } } }
    expect(await ask('PUT', '/retention', rules)).toMatchObject({ status: 200, body: { ...rules, events: SHIPPED_RULES.events } })
    expect((await ask('GET', '/retention')).body).toMatchObject(rules)
    expect((await ask('GET', '/retention', undefined, rival)).body).toEqual(SHIPPED_RULES)
    const { items } = (await ask('GET', '/audit?action=putApiV1Retention')).body
    expect(items).toMatchObject([{ before: SHIPPED_RULES, after: rules }])
  })

  test.each([
    ['no day', { documents: { default: 0 } }],
    ['half a day', { runs: { default: 1.5 } }],
    ['a name that is none', { documnts: {} }],
    ['an event that is none', { events: { logs: 3 } }],
    ['a class without a name', { documents: { classes: { '': 3 } } }],
  ])('rules with %s are refused with the place', async (_, rules) => {
    const refused = await ask('PUT', '/retention', rules)
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid', problems: [expect.anything()] } })
    expect((await ask('GET', '/retention')).body).toEqual(SHIPPED_RULES)
  })
})

describe('a legal hold', () => {
  const start = async () => (await ask('POST', '/runs', { workflow: 'document-intake', input: { documentId: 'doc_x' } })).body.id

  test('on a run is placed with its reason, listed, replaced and lifted', async () => {
    const id = await start()
    expect(await ask('PUT', `/runs/${id}/hold`, { reason: 'case 7' })).toMatchObject({
      status: 200,
      body: { kind: 'run', id, reason: 'case 7' },
    })
    await ask('PUT', `/runs/${id}/hold`, { reason: 'case 8' })
    expect((await ask('GET', '/legal-holds')).body.items).toMatchObject([
      { id, reason: 'case 8', placedBy: expect.stringMatching(/^key_/) },
    ])
    expect((await ask('DELETE', `/runs/${id}/hold`)).status).toBe(204)
    expect((await ask('DELETE', `/runs/${id}/hold`)).status).toBe(404)
    expect((await ask('GET', '/legal-holds')).body.items).toEqual([])
  })

  test('needs a reason and a thing of the tenant', async () => {
    const id = await start()
    expect((await ask('PUT', `/runs/${id}/hold`, { reason: ' x ' })).status).toBe(400)
    expect((await ask('PUT', `/runs/${id}/hold`, { reason: 'case 7' }, rival)).status).toBe(404)
    expect((await ask('PUT', `/documents/doc_${'0'.repeat(32)}/hold`, { reason: 'case 7' })).status).toBe(404)
    expect((await ask('GET', '/legal-holds', undefined, rival)).body.items).toEqual([])
  })
})

describe('a request of a data subject', () => {
  const order = async (kind: 'export' | 'erasure') =>
    (await ask('POST', `/data-subjects/${kind}`, { kind: 'email', identifier: EMAIL })).body as { id: string }

  test('is taken, worked on, and never shows the identifier', async () => {
    const started = await ask('POST', '/data-subjects/erasure', { kind: 'email', identifier: EMAIL.toUpperCase() })
    expect(started).toMatchObject({
      status: 202,
      body: { kind: 'erasure', status: 'working', phase: 'documents', subject: { kind: 'email' } },
    })
    const read = await ask('GET', `/data-subjects/${started.body.id}`)
    expect(read.body).toMatchObject({ status: 'done', findings: [] })
    const listed = await ask('GET', '/data-subjects')
    const certificate = await ask('GET', `/data-subjects/${started.body.id}/certificate`)
    expect(certificate).toMatchObject({ status: 200, body: { id: started.body.id, totals: { erased: 0, redacted: 0, kept: 0 } } })
    for (const { text } of [started, read, listed, certificate]) {
      expect(text).not.toMatch(/canaria/i)
      expect(text).not.toContain('"sealed"')
    }
    const stored = await kit.tenant(acme.tenantId).privacy.requests.find(started.body.id)
    expect(stored?.subject.sha256).toBe(started.body.subject.sha256)
  })

  test('an export is streamed as a file, part after part', async () => {
    const { id } = await order('export')
    const { files } = kit.tenant(acme.tenantId).ports
    const keys = ['a', 'b'].map((name) => `data-subjects/${id}/parts/${name}.ndjson`)
    for (const key of keys) await files.put(key, `${JSON.stringify({ kind: 'document', ref: key })}\n`, 'application/x-ndjson')
    Object.assign(kit.tenant(acme.tenantId).privacy.prefixes, { list: async () => keys })
    const file = await ask('GET', `/data-subjects/${id}/export`)
    expect(file.text.trim().split('\n')).toHaveLength(2)
    expect(file.headers.get('Content-Disposition')).toContain(`export-${id}.ndjson`)
    expect(file.headers.get('Content-Type')).toBe('application/x-ndjson')
    expect((await ask('GET', `/data-subjects/${id}/certificate`)).status, 'an export has no certificate').toBe(404)
  })

  test('is exported for nobody who may not see marked data in clear', async () => {
    const { id } = await order('export')
    await ask('PUT', '/roles/privacy_officer', { description: '', permissions: ['privacy:read', 'privacy:write'] })
    const officer = await withRole('privacy_officer')
    const subject = { kind: 'email', identifier: EMAIL }
    const ordered = await ask('POST', '/data-subjects/export', subject, officer)
    expect(ordered).toMatchObject({ status: 403, body: { code: 'forbidden', detail: expect.stringContaining("'pii:read'") } })
    expect((await ask('GET', `/data-subjects/${id}/export`, undefined, officer)).status).toBe(403)
    expect((await ask('GET', `/data-subjects/${id}`, undefined, officer)).status, 'references may be read').toBe(200)
    expect((await ask('POST', '/data-subjects/erasure', subject, officer)).status).toBe(202)
    await ask('PUT', '/roles/privacy_officer', { description: '', permissions: ['privacy:read', 'privacy:write', 'pii:read'] })
    expect((await ask('POST', '/data-subjects/export', subject, officer)).status).toBe(202)
    expect((await ask('GET', `/data-subjects/${id}/export`, undefined, officer)).status).toBe(200)
  })

  test('is nothing to another tenant, and to roles without the permission', async () => {
    const { id } = await order('erasure')
    for (const path of [`/data-subjects/${id}`, `/data-subjects/${id}/certificate`])
      expect((await ask('GET', path, undefined, rival)).status).toBe(404)
    for (const role of ['client', 'agent']) {
      const other = await withRole(role)
      expect((await ask('POST', '/data-subjects/erasure', { kind: 'email', identifier: EMAIL }, other)).status, role).toBe(403)
      expect((await ask('PUT', '/retention', {}, other)).status, role).toBe(403)
      expect((await ask('GET', '/data-subjects', undefined, other)).status, role).toBe(403)
    }
  })

  test('that is not done gives neither file nor certificate', async () => {
    const { id } = await order('erasure')
    const { requests } = kit.tenant(acme.tenantId).privacy
    const at = (status: OpenRequest['status']) => requests.find(id).then((found) => found && Object.assign(found, { status }))
    await at('working')
    expect(await ask('GET', `/data-subjects/${id}/certificate`)).toMatchObject({ status: 409, body: { reason: 'not_done' } })
    await at('failed')
    expect((await ask('GET', `/data-subjects/${id}/certificate`)).body.detail).toContain('ask anew')
  })

  test.each([
    ['email', 'nobody'],
    ['phone', '110'],
    ['name', 'Anna'],
    ['passport', 'X123'],
  ])('for a %s %j, which would find others or nobody, is refused', async (kind, identifier) => {
    expect((await ask('POST', '/data-subjects/export', { kind, identifier })).status).toBe(400)
  })
})
