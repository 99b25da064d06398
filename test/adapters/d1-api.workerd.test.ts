import { beforeAll, expect, test } from 'vitest'
import { createD1Documents } from '../../workers/adapters/d1-documents'
import { createD1Idempotency } from '../../workers/adapters/d1-idempotency'
import { createD1Identity } from '../../workers/adapters/d1-identity'
import { createD1Workflows } from '../../workers/adapters/d1-workflows'
import { createR2Files } from '../../workers/adapters/r2-files'
import { createScryptPasswords } from '../../workers/adapters/scrypt-passwords'
import { type Account, BUILT_IN, call, createAccount, createKit } from '../api/kit'
import { createFakePorts } from '../fakes/ports'
import { bindings, migrate } from './d1-bindings'

const { DB, FILES } = bindings
const MIB = 1_048_576

const kit = createKit({
  identity: createD1Identity(DB),
  passwords: createScryptPasswords(),
  idempotency: (tenantId) => createD1Idempotency(DB, tenantId),
  portsFor: (tenantId) => ({
    ...createFakePorts({ tenantId }),
    documents: createD1Documents(DB, tenantId),
    files: createR2Files(FILES, tenantId),
    workflows: createD1Workflows(DB, tenantId, [BUILT_IN]),
    clock: { now: () => new Date() },
  }),
  limits: { maxUploadBytes: 24 * MIB },
})

let acme: Account
beforeAll(async () => {
  await migrate()
  acme = await createAccount(kit, 'acme')
})

/** A form whose length nobody knows, in small chunks. */
function slowForm(size: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const head = encoder.encode('--XX\r\nContent-Disposition: form-data; name="file"; filename="big.txt"\r\n\r\n')
  const tail = encoder.encode('\r\n--XX\r\nContent-Disposition: form-data; name="workflow"\r\n\r\ndocument-intake\r\n--XX--\r\n')
  let left = size
  return new ReadableStream({
    start: (controller) => controller.enqueue(head),
    pull: (controller) => {
      const chunk = Math.min(left, 50_021)
      left -= chunk
      controller.enqueue(chunk === 0 ? tail : new Uint8Array(chunk).fill(97))
      if (chunk === 0) controller.close()
    },
  })
}

const upload = (size: number) =>
  kit.app.request('/api/v1/documents', {
    method: 'POST',
    body: slowForm(size),
    headers: { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'multipart/form-data; boundary=XX' },
  })

test('a streamed form of unknown length goes to R2 in parts and starts the workflow that follows the file', async () => {
  const response = await upload(20 * MIB)
  const { document, run } = (await response.json()) as { document: { id: string; size: number }; run: { input: unknown } }
  expect({ status: response.status, size: document.size }).toEqual({ status: 201, size: 20 * MIB })
  expect(run.input).toEqual({ documentId: document.id })
  const original = await kit.app.request(`/api/v1/documents/${document.id}/content`, {
    headers: { Authorization: `Bearer ${acme.apiKey}` },
  })
  expect((await original.arrayBuffer()).byteLength).toBe(20 * MIB)
})

test('a form over the cap is refused while it streams, and nothing of it is stored', async () => {
  const before = (await FILES.list()).objects.length
  const response = await upload(30 * MIB)
  expect(response.status).toBe(413)
  expect(await response.json()).toMatchObject({ code: 'too_large', reason: 'file_too_large' })
  expect((await FILES.list()).objects.length).toBe(before)
})

test('two uploads of the same bytes at once are one document', async () => {
  const answers = await Promise.all([upload(1_000), upload(1_000), upload(1_000)])
  const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { duplicate: boolean; document: { id: string } }[]
  expect(new Set(bodies.map((body) => body.document.id)).size).toBe(1)
  expect(bodies.filter((body) => !body.duplicate)).toHaveLength(1)
})

test('a person signs in with scrypt and D1', async () => {
  const login = (password: string) => call(kit, undefined, 'POST', '/auth/login', { tenant: 'acme', email: acme.email, password })
  expect((await login(acme.password)).status).toBe(200)
  expect((await login('wrong')).status).toBe(401)
})
