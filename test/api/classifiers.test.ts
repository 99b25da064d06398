import { beforeEach, expect, test } from 'vitest'
import { analysis } from '../../workers/agents/analysis'
import type { RunEvent } from '../../workers/domain/runs'
import { stepContext } from '../agents/analysis/ports'
import { FOREIGN_EXAMPLES, TOPIC_EXAMPLES } from '../skills/classifiers/topics'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const PATH = '/api/v1/classifiers/topics'
const put = (examples: unknown = TOPIC_EXAMPLES) => call(kit, acme, 'PUT', PATH, { examples })
const tenant = () => kit.tenant(acme.tenantId)
const runOf = (runId: string) => tenant().runs.all.get(runId)!

/** What the queue and the agent do in the background. */
async function trainAsAgent(version: string) {
  await analysis.operations.train_classifier!.run({ name: 'topics', version }, stepContext(), tenant().ports)
}

test('examples are learned in the background, then the classifier answers', async () => {
  const ordered = await put([...TOPIC_EXAMPLES, ...FOREIGN_EXAMPLES])
  expect(ordered).toMatchObject({ status: 202, body: { name: 'topics', status: 'training', labels: 3 } })
  expect(runOf(ordered.body.runId).order).toMatchObject({ input: { name: 'topics', version: ordered.body.version } })
  expect(await call(kit, acme, 'POST', `${PATH}/classify`, { texts: ['x'] })).toMatchObject({ status: 409, body: { reason: 'not_ready' } })
  await trainAsAgent(ordered.body.version)
  expect((await call(kit, acme, 'GET', PATH)).body).toMatchObject({
    status: 'ready',
    serving: ordered.body.version,
    report: { examples: 108 },
  })
  const { body } = await call(kit, acme, 'POST', `${PATH}/classify`, {
    texts: ['Hello, where is my parcel now', 'who won the football match'],
  })
  expect(body).toMatchObject({ version: ordered.body.version, items: [{ label: 'delivery' }, { label: 'none of these' }] })
})

test('progress is shown while it is trained', async () => {
  const { body } = await put()
  const run = runOf(body.runId)
  const event: RunEvent = {
    seq: 2,
    at: '',
    type: 'step.progress',
    body: { message: 'Encoded 64 of 72', share: 0.2 },
    hash: '',
    prevHash: '',
  }
  run.events.push(event)
  run.view.lastSeq = 2
  expect((await call(kit, acme, 'GET', PATH)).body).toMatchObject({
    status: 'training',
    serving: null,
    progress: { message: 'Encoded 64 of 72', share: 0.2 },
  })
})

test('a training whose run died is shown as failed, and the same examples are tried anew', async () => {
  const first = await put()
  const run = runOf(first.body.runId)
  Object.assign(run.view, { status: 'failed', error: { code: 'internal', message: 'The agent did not come back.' } })
  expect((await call(kit, acme, 'GET', PATH)).body).toMatchObject({ status: 'failed', failure: 'The agent did not come back.' })
  const second = await put()
  expect(second).toMatchObject({ status: 202, body: { version: first.body.version, status: 'training' } })
  expect(second.body.runId).not.toBe(first.body.runId)
})

test('the same examples are learned once, and sending old ones again makes their version serve', async () => {
  const first = await put()
  expect((await put()).body.runId).toBe(first.body.runId)
  const bare = await call(kit, acme, 'PUT', '/api/v1/classifiers/bare', { examples: TOPIC_EXAMPLES, wordsAlone: true })
  expect(bare.body.version).not.toBe(first.body.version)
  expect((await call(kit, acme, 'DELETE', '/api/v1/classifiers/bare')).status).toBe(204)
  await trainAsAgent(first.body.version)
  kit.clock.advance(1_000)
  const second = await put([...TOPIC_EXAMPLES, { text: 'one more', label: 'refund' }])
  expect((await call(kit, acme, 'GET', PATH)).body).toMatchObject({
    version: second.body.version,
    status: 'training',
    serving: first.body.version,
  })
  await trainAsAgent(second.body.version)
  expect((await call(kit, acme, 'GET', PATH)).body.serving).toBe(second.body.version)
  kit.clock.advance(1_000)
  expect(await put()).toMatchObject({ status: 200, body: { status: 'ready', version: first.body.version } })
  expect((await call(kit, acme, 'GET', PATH)).body.serving).toBe(first.body.version)
  const { body } = await call(kit, acme, 'GET', `${PATH}/versions`)
  expect(body.items.map(({ version }: { version: string }) => version)).toEqual([first.body.version, second.body.version])
  expect((await call(kit, acme, 'GET', '/api/v1/classifiers')).body.items).toHaveLength(1)
})

test('a large set is given as an uploaded document; the same file is the same version', async () => {
  const uploaded = await kit.app.request('/api/v1/documents', {
    method: 'POST',
    body: TOPIC_EXAMPLES.map((example) => JSON.stringify(example)).join('\n'),
    headers: { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'application/x-ndjson' },
  })
  const documentId = ((await uploaded.json()) as { document: { id: string } }).document.id
  const ordered = await call(kit, acme, 'PUT', PATH, { documentId })
  expect(ordered.status).toBe(202)
  await trainAsAgent(ordered.body.version)
  expect(await call(kit, acme, 'PUT', PATH, { documentId })).toMatchObject({ status: 200, body: { examples: 72, labels: 3 } })
  expect((await call(kit, acme, 'PUT', PATH, { documentId: 'doc_gone' })).status).toBe(404)
})

test('what cannot be learned is refused at once', async () => {
  expect(
    await put([
      { text: 'a', label: 'x' },
      { text: 'b', label: 'x' },
    ]),
  ).toMatchObject({ status: 400 })
  expect(
    await put([
      { text: '', label: 'x' },
      { text: 'b', label: 'y' },
    ]),
  ).toMatchObject({ status: 400 })
  expect(await call(kit, acme, 'PUT', '/api/v1/classifiers/No%20Name', { examples: TOPIC_EXAMPLES })).toMatchObject({ status: 400 })
  expect(tenant().runs.all.size).toBe(0)
})

test('a deleted classifier is gone with its files, and its training is cancelled', async () => {
  const first = await put()
  await trainAsAgent(first.body.version)
  const second = await put([...TOPIC_EXAMPLES, { text: 'one more', label: 'refund' }])
  expect((await call(kit, acme, 'DELETE', PATH)).status).toBe(204)
  expect((await call(kit, acme, 'GET', PATH)).status).toBe(404)
  expect((await call(kit, acme, 'POST', `${PATH}/classify`, { texts: ['x'] })).status).toBe(404)
  for (const { version } of [first.body, second.body])
    for (const file of ['examples.json', 'model.bin'])
      expect(await tenant().ports.files.read(`classifiers/topics/${version}/${file}`)).toBeUndefined()
  expect(runOf(second.body.runId).view.status).toBe('cancelled')
})
