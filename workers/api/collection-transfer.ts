import { type Context, Hono } from 'hono'
import { EXPORT_FORMAT, EXPORT_VERSION, type ExportEnd, type ExportHeader } from '../domain/collection-export'
import { AppError } from '../domain/error'
import type { DoorPorts } from '../domain/stores'
import { ImportReport, importCollection } from './collection-import'
import { CollectionState, findCollection, nameOfCollection, withId } from './collections'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { contentDisposition } from './download'
import { guard } from './guard'

const NDJSON = 'application/x-ndjson'

const EXPORT = documented({
  tag: 'Collections',
  summary: 'Export a collection',
  description:
    'JSON lines, streamed: the first says format, version and encoder, then one line for each document with all its passages, and at last a line `{"end":true,…}`; without it the text broke off. Vectors are left out: whoever imports makes new ones.',
  answers: { 200: { description: 'The collection.', body: { mediaType: NDJSON, description: 'JSON lines.' } } },
  refuses: ['not_found', 'unavailable'],
})
const IMPORT = documented({
  tag: 'Collections',
  summary: 'Import into a collection',
  description:
    'Takes what an export gave, as it streams in: up to 10,000 documents and the size of an upload. Documents come in place of those with the same id; the others stay. Lines that are no documents are left out and named with their numbers. A broken import is simply sent again: what is there already, word for word, is left as it is. Words are searchable at once, vectors follow in the background.',
  requestBody: { [NDJSON]: { schema: { type: 'string' } } },
  answers: { 200: { description: 'What became of the lines.', body: { schema: ImportReport } } },
  refuses: ['invalid', 'not_found', 'too_large', 'unavailable'],
})
const REEMBED = documented({
  tag: 'Collections',
  summary: 'Make the vectors of a collection anew',
  description:
    'With the encoder that models.yaml names now, in the background; `reembedding` of the collection shows how far it is. The present vectors answer until the new ones are whole. Does nothing when all are of that encoder. A search after a change of the encoder begins it too.',
  answers: {
    202: { description: 'The collection, with `reembedding` where there is something to do.', body: { schema: CollectionState } },
  },
  refuses: ['not_found', 'unavailable'],
})

/** A collection as a whole: out, in, and under another encoder. Mounted beside `collectionRoutes`. */
export function collectionTransferRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/:id/export', EXPORT, guard(deps, 'collections:read'), (c) => exportCollection(c, c.req.param('id')))
    .post('/:id/import', IMPORT, guard(deps, 'collections:write'), async (c) => {
      const name = await nameOfCollection(c.get('ports'), c.req.param('id'))
      const { body } = c.req.raw
      if (body === null) throw new AppError('invalid', 'Send what an export gave as the body.')
      return c.json(await importCollection(c.get('ports'), name, body, deps.limits.maxUploadBytes))
    })
    .post('/:id/reembed', REEMBED, guard(deps, 'collections:write'), async (c) => {
      const name = await nameOfCollection(c.get('ports'), c.req.param('id'))
      await c.get('ports').collections.reembed(name)
      return c.json(withId(await findCollection(c.get('ports'), name)), 202)
    })
}

async function exportCollection(c: Context<ApiEnv>, id: string): Promise<Response> {
  const ports = c.get('ports')
  const { name, documents, chunks, encoder } = await findCollection(ports, id)
  const header: ExportHeader = {
    ...{ format: EXPORT_FORMAT, version: EXPORT_VERSION, name, exportedAt: ports.clock.now().toISOString() },
    ...{ ...(encoder && { encoder }), documents, chunks },
  }
  return c.body(streamOf(exportLines(ports, header)), 200, {
    'Content-Type': NDJSON,
    'Content-Disposition': contentDisposition(`${name}.ndjson`),
    'Cache-Control': 'no-store',
  })
}

async function* exportLines({ collections }: Pick<DoorPorts, 'collections'>, header: ExportHeader): AsyncGenerator<unknown> {
  yield header
  let documents = 0
  for await (const document of collections.export(header.name)) {
    documents += 1
    yield document
  }
  yield { end: true, documents } satisfies ExportEnd
}

/** A line a value, made as they are read; a reader who leaves ends the making. */
function streamOf(values: AsyncGenerator<unknown>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await values.next()
      if (next.done) controller.close()
      else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`))
    },
    cancel: async () => {
      await values.return(undefined)
    },
  })
}
