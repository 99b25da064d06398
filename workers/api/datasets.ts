import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { keysOfCases, readCases, storeCases } from '../domain/dataset-cases'
import { DATASET_LIMITS, DatasetCase, DatasetName, type DatasetRecord, readDataset, sealDataset } from '../domain/datasets'
import { AppError } from '../domain/error'
import { decodeCursor, encodeCursor } from '../domain/pages'
import type { DoorPorts } from '../domain/stores'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { etagOf } from './etag'
import { guard } from './guard'
import { listSchema, PageQuery, pageSchema } from './lists'
import { nameOf } from './who'

/** R2 takes as many keys in one deletion. */
const DELETE_AT_ONCE = 1_000
const NameParam = z.object({ name: DatasetName })
const VersionQuery = z.object({ version: z.string().max(64).optional().describe('A version; the newest when left out.') })

const DatasetSchema = z
  .object({
    name: z.string(),
    version: z.string().describe('Hash of the cases: the same cases are the same version.'),
    cases: z.int(),
    bytes: z.int().describe('Of the text that was sent.'),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
  })
  .meta({ id: 'Dataset' }) satisfies z.ZodType<DatasetRecord>
const CaseSchema = DatasetCase.extend({
  input: z.unknown(),
  expected: z.unknown().optional(),
  hash: z.string().describe('Of input and expectation.'),
}).meta({ id: 'DatasetCase' })

const EXAMPLE = `${JSON.stringify({ id: 'q1', input: { text: 'When is it due?' }, expected: { documents: ['doc_1'] }, tags: ['easy'] })}\n`

const LIST = documented({
  tag: 'Evaluations',
  summary: 'List datasets',
  answers: { 200: { description: 'The newest version of each, last saved first.', body: { schema: pageSchema(DatasetSchema) } } },
  refuses: ['invalid'],
})
const SAVE = documented({
  tag: 'Evaluations',
  summary: 'Save a dataset',
  description: `The body is JSON (a list of cases, or \`{"cases": [...]}\`) or JSON lines, up to ${DATASET_LIMITS.cases} cases and 5 MB. A case is \`{id, input, expected?, tags?}\`. Earlier versions stay, so that evaluations can still be compared.`,
  requestBody: {
    'application/json': { schema: { type: 'array', items: { type: 'object' } } },
    'application/x-ndjson': { schema: { type: 'string' }, example: EXAMPLE },
  },
  answers: {
    200: { description: 'Saved as the newest version.', body: { schema: DatasetSchema }, headers: { ETag: 'The version.' } },
    201: { description: 'Saved; the first of that name.', body: { schema: DatasetSchema }, headers: { ETag: 'The version.' } },
  },
  refuses: ['invalid', 'too_large'],
})
const READ = documented({
  tag: 'Evaluations',
  summary: 'One dataset',
  answers: {
    200: {
      description: 'With its versions, newest first.',
      body: { schema: DatasetSchema.extend({ versions: listSchema(DatasetSchema).shape.items }).meta({ id: 'DatasetWithVersions' }) },
      headers: { ETag: 'The version.' },
    },
  },
  refuses: ['invalid', 'not_found'],
})
const CASES = documented({
  tag: 'Evaluations',
  summary: 'Cases of a dataset',
  answers: { 200: { description: 'In the order in which they were sent.', body: { schema: pageSchema(CaseSchema) } } },
  refuses: ['invalid', 'not_found'],
})
const REMOVE = documented({
  tag: 'Evaluations',
  summary: 'Delete a dataset',
  description: 'With all versions. Results of evaluations stay. Refused while a gate of a workflow stands on it.',
  answers: { 204: { description: 'Deleted.' } },
  refuses: ['invalid', 'not_found', 'conflict'],
})

/** Datasets: what evaluations run on. */
export function datasetRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'evaluations:read'), check('query', PageQuery), async (c) =>
      c.json(await c.get('ports').datasets.list(c.req.valid('query'))),
    )
    .put('/:name', SAVE, guard(deps, 'evaluations:write'), check('param', NameParam), (c) => save(deps, c, c.req.valid('param').name))
    .get('/:name', READ, guard(deps, 'evaluations:read'), check('param', NameParam), check('query', VersionQuery), async (c) => {
      const { name } = c.req.valid('param')
      const dataset = await findDataset(c.get('ports'), name, c.req.valid('query').version)
      return c.json({ ...dataset, versions: await c.get('ports').datasets.versions(name) }, 200, { ETag: etagOf(dataset.version) })
    })
    .get(
      '/:name/cases',
      CASES,
      guard(deps, 'evaluations:read'),
      check('param', NameParam),
      check('query', PageQuery.extend(VersionQuery.shape)),
      async (c) => {
        const { limit, cursor, version } = c.req.valid('query')
        const dataset = await findDataset(c.get('ports'), c.req.valid('param').name, version)
        const from = placeOf(cursor)
        const items = from >= dataset.cases ? [] : await readCases(c.get('ports').files, dataset, from, limit)
        return c.json(pageUpTo(items, from + items.length, dataset.cases))
      },
    )
    .delete('/:name', REMOVE, guard(deps, 'evaluations:write'), check('param', NameParam), (c) => remove(c, c.req.valid('param').name))
}

/** The newest version of a dataset, or the named one; `not_found` without. */
export async function findDataset({ datasets }: Pick<DoorPorts, 'datasets'>, name: string, version?: string): Promise<DatasetRecord> {
  const dataset = await datasets.find(name, version)
  if (dataset !== undefined) return dataset
  const which = version === undefined ? `dataset '${name}'` : `version '${version}' of dataset '${name}'`
  throw new AppError('not_found', `There is no ${which}; save one with PUT /api/v1/datasets/{name}.`)
}

async function save(deps: ApiDeps, c: Context<ApiEnv>, name: string) {
  const text = await c.req.text()
  const bytes = new TextEncoder().encode(text).length
  const { datasets, files, clock } = c.get('ports')
  const { version, cases } = await sealDataset(readDataset(text))
  const known = await datasets.versions(name)
  const earlier = known.find((each) => each.version === version)
  const createdBy = await nameOf(deps, c.get('principal'))
  const dataset = earlier ?? { name, version, cases: cases.length, bytes, createdAt: clock.now().toISOString(), createdBy }
  await storeCases(files, dataset, cases)
  await datasets.save(dataset)
  return c.json(dataset, known.length === 0 ? 201 : 200, { ETag: etagOf(version) })
}

async function remove(c: Context<ApiEnv>, name: string) {
  const { datasets, files, gates } = c.get('ports')
  const versions = await datasets.versions(name)
  if (versions.length === 0) await findDataset({ datasets }, name)
  const standing = await gates.standingOn(name)
  if (standing.length > 0)
    throw new AppError('conflict', `The gates of ${standing.join(', ')} stand on this dataset; remove or change them first.`)
  await datasets.remove(name)
  const keys = versions.flatMap(keysOfCases)
  for (let at = 0; at < keys.length; at += DELETE_AT_ONCE) await files.delete(keys.slice(at, at + DELETE_AT_ONCE))
  return c.body(null, 204)
}

/** The index that a cursor of a numbered list names. */
export function placeOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const place = Number(decodeCursor(cursor).id)
  if (Number.isInteger(place) && place >= 0) return place
  throw new AppError('invalid', 'The cursor is not one that this list gave; leave it out to start at the first page.')
}

/** A page of a numbered list of `total` items that goes on at `next`. */
export const pageUpTo = <T>(items: T[], next: number, total: number): { items: T[]; nextCursor?: string } =>
  next < total ? { items, nextCursor: encodeCursor({ at: '', id: String(next) }) } : { items }
