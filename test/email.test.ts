import { beforeEach, expect, test } from 'vitest'
import { newDigest } from '../workers/adapters/node-credentials'
import { refuse } from '../workers/domain/error'
import { createEmailHandler } from '../workers/email'
import { BUILT_IN, createAccount, createKit } from './api/kit'
import { createFakeMailLog } from './fakes/mail-log'

const MAX_MAIL_BYTES = 10_000

interface Sent {
  to?: string
  from?: string
  headers?: Record<string, string>
  body?: string
}

async function createDoor() {
  const kit = createKit()
  const { tenantId } = await createAccount(kit, 'acme')
  const mailLog = createFakeMailLog()
  const { ports, runs } = kit.tenant(tenantId)
  const handle = createEmailHandler({
    identity: kit.identity,
    portsFor: () => ports,
    runs: () => runs,
    mailLog: () => mailLog,
    newDigest,
    maxMailBytes: MAX_MAIL_BYTES,
  })
  const send = async ({ to = 'document-intake+acme@in.example', from = 'a@b.example', headers = {}, body = 'hello' }: Sent = {}) => {
    const all = {
      Received: `by hop ${Math.random()}`,
      From: from,
      To: to,
      Subject: 'Invoice 42',
      Date: 'Sat, 21 Nov 2026 09:00:00 +0000',
      'Message-ID': '<1@b.example>',
      ...headers,
    }
    const raw = `${Object.entries(all)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\r\n')}\r\n\r\n${body}`
    const rejected: string[] = []
    const stream = new Blob([raw]).stream()
    const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
    await handle({
      from,
      to,
      headers: new Headers(kept),
      raw: stream,
      rawSize: raw.length,
      setReject: (reason) => void rejected.push(reason),
    })
    return { rejected, raw }
  }
  const documents = async () => (await ports.documents.list({ limit: 99 })).items
  return { kit, send, ports, runs, documents }
}

let door: Awaited<ReturnType<typeof createDoor>>
beforeEach(async () => {
  door = await createDoor()
})

test('a mail is stored as it came and starts a run of the workflow that it was sent to', async () => {
  const { raw } = await door.send()
  const [document] = await door.documents()
  expect(document).toMatchObject({ name: 'Invoice 42.eml', mediaType: 'message/rfc822', source: 'email' })
  expect(new TextDecoder().decode(await door.ports.files.read(document!.fileKey))).toBe(raw)
  const [run] = door.runs.all.values()
  expect(run!.order).toMatchObject({
    workflow: { name: BUILT_IN.name },
    trigger: 'email',
    input: { documentId: document!.id },
    documentId: document!.id,
    title: 'Invoice 42',
  })
})

test.each(['nobody@in.example', 'document-intake+unknown@in.example', 'no-such-workflow+acme@in.example', 'document-intake+acme@', ''])(
  'a mail to %s is rejected at SMTP time and nothing is kept',
  async (to) => {
    expect((await door.send({ to })).rejected).toEqual([expect.stringContaining('550')])
    expect(await door.documents()).toEqual([])
    expect(door.runs.all.size).toBe(0)
  },
)

test('a mail over the cap is rejected', async () => {
  expect((await door.send({ body: 'x'.repeat(MAX_MAIL_BYTES) })).rejected).toEqual([expect.stringContaining('552')])
})

test('the address is read in any case', async () => {
  await door.send({ to: 'Document-Intake+ACME@In.example' })
  expect(door.runs.all.size).toBe(1)
})

test.each([
  ['Auto-Submitted: auto-replied', { headers: { 'Auto-Submitted': 'auto-replied (vacation)' } }],
  ['Precedence: bulk', { headers: { Precedence: 'Bulk' } }],
  ['Precedence: list', { headers: { Precedence: 'list' } }],
  ['a mailing list', { headers: { 'List-Post': '<mailto:list@in.example>' } }],
  ['a mail server', { headers: { From: 'Mail Delivery System <MAILER-DAEMON@b.example>' } }],
  ['X-Auto-Response-Suppress', { headers: { 'X-Auto-Response-Suppress': 'All' } }],
  ['an empty return path', { from: '' }],
  ['a null return path', { from: '<>' }],
])('automatic mail (%s) is stored and starts nothing', async (_, sent) => {
  expect((await door.send(sent)).rejected).toEqual([])
  expect(await door.documents()).toHaveLength(1)
  expect(door.runs.all.size).toBe(0)
})

test('Auto-Submitted: no is mail like any other', async () => {
  await door.send({ headers: { 'Auto-Submitted': 'no' } })
  expect(door.runs.all.size).toBe(1)
})

test('the same mail delivered again by another way starts nothing and is not stored again', async () => {
  await door.send()
  await door.send()
  expect(door.runs.all.size).toBe(1)
  expect(await door.documents()).toHaveLength(1)
  expect(door.ports.files.keys()).toHaveLength(1)
})

test('a mail with a known Message-ID and other content starts nothing, and is kept', async () => {
  await door.send()
  await door.send({ body: 'hello\r\n-- footer' })
  expect(door.runs.all.size).toBe(1)
  expect(await door.documents()).toHaveLength(2)
})

test('a mail without Message-ID is known by its content', async () => {
  const headers = { 'Message-ID': '' }
  await door.send({ headers })
  await door.send({ headers })
  expect(door.runs.all.size).toBe(1)
  await door.send({ headers, body: 'something else' })
  expect(door.runs.all.size).toBe(2)
})

test('two deliveries at once start one run', async () => {
  await Promise.all([door.send(), door.send()])
  expect(door.runs.all.size).toBe(1)
})

test('a delivery that was cut off before the start is finished when the mail comes again', async () => {
  const { start } = door.runs
  door.runs.start = async () => refuse('unavailable', 'The run is being moved.')
  await expect(door.send()).rejects.toMatchObject({ code: 'unavailable' })
  door.runs.start = start
  await door.send()
  await door.send()
  expect(door.runs.all.size).toBe(1)
  expect(await door.documents()).toHaveLength(1)
})

test('an encoded subject names document and run readably, without line breaks or paths', async () => {
  await door.send({ headers: { Subject: '=?UTF-8?B?w5xiZXI=?= =?iso-8859-1?Q?_gr=FC=DF_../x?=' } })
  const [run] = door.runs.all.values()
  expect(run!.order.title).toBe('Über grüß ../x')
  expect((await door.documents())[0]!.name).toBe('x.eml')
})
