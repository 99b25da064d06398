import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import { MAX_WORKFLOW_BYTES, type WorkflowVersion } from '../domain/workflows'
import { noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { etagOf, expectedTags, staleEdit } from './etag'
import { guard } from './guard'
import { listSchema } from './lists'
import { findWorkflow } from './start-run'
import { requirePassedGate } from './workflow-gates'

const WorkflowSummary = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    version: z.string(),
    builtIn: z.boolean(),
    isDraft: z.literal(true).optional().describe('Stored, but never published.'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'WorkflowSummary' })
const WorkflowSchema = WorkflowSummary.extend({
  source: z.string().describe('The YAML text.'),
  definition: z.looseObject({ name: z.string(), title: z.string() }).describe('As runs read it, with defaults filled in.'),
}).meta({ id: 'Workflow' })
const SaveQuery = z.object({
  draft: z
    .stringbool()
    .default(false)
    .describe('True stores a version without publishing it: it runs and is evaluated by its version only.'),
})
const VersionQuery = z.object({ version: z.string().optional().describe('A version; the newest when left out.') })

const EXAMPLE_SOURCE = `name: hello\nsteps:\n  - id: greet\n    set: 'Hello {{ input.name }}'\noutputs:\n  greeting: \${{ steps.greet.output }}\n`

const LIST = documented({
  tag: 'Workflows',
  summary: 'List workflows',
  description: "The tenant's own and the built-in ones, by name.",
  answers: { 200: { description: 'The newest version of each.', body: { schema: listSchema(WorkflowSummary) } } },
  refuses: [],
})

const READ = documented({
  tag: 'Workflows',
  summary: 'One workflow',
  answers: { 200: { description: 'With its YAML text.', body: { schema: WorkflowSchema }, headers: { ETag: 'The version.' } } },
  refuses: ['not_found'],
})

const VERSIONS = documented({
  tag: 'Workflows',
  summary: 'Versions of a workflow',
  answers: { 200: { description: 'Newest first.', body: { schema: listSchema(WorkflowSummary) } } },
  refuses: ['not_found'],
})

/** Workflow definitions: list, read, save, history. */
export function workflowRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'workflows:read'), async (c) => c.json({ items: (await c.get('ports').workflows.list()).map(summaryOf) }))
    .get('/:name', READ, guard(deps, 'workflows:read'), check('query', VersionQuery), async (c) => {
      const workflow = await findWorkflow(c.get('ports'), c.req.param('name'), c.req.valid('query').version)
      return c.json(viewOf(workflow), 200, { ETag: etagOf(workflow.version) })
    })
    .get('/:name/versions', VERSIONS, guard(deps, 'workflows:read'), async (c) => {
      const name = c.req.param('name')
      const versions = await c.get('ports').workflows.versions(name)
      if (versions.length === 0)
        throw new AppError('not_found', `There is no workflow '${name}'; GET /api/v1/workflows lists what there is.`)
      return c.json({ items: versions.map(summaryOf) })
    })
    .put('/:name', SAVE, guard(deps, 'workflows:write'), check('query', SaveQuery), (c) =>
      save(deps, c, c.req.param('name'), c.req.valid('query').draft),
    )
}

const SAVE = documented({
  tag: 'Workflows',
  summary: 'Save a workflow',
  description:
    'The body is the YAML text. It is checked as a whole before anything is stored; each problem comes with line, column and what to write. Runs keep the version they were started with. Where a gate stands, the version must have passed it (409). `If-Match` with the ETag that you read refuses to overwrite a change of somebody else (412).',
  headers: {
    'If-Match': 'ETag of the version that was edited.',
    'If-None-Match': '`*` saves only if the tenant has no workflow of that name.',
  },
  requestBody: { 'application/yaml': { schema: { type: 'string' }, example: EXAMPLE_SOURCE } },
  answers: {
    200: { description: 'Saved as the newest version.', body: { schema: WorkflowSchema }, headers: { ETag: 'The version.' } },
    201: { description: 'Saved; the first of that name.', body: { schema: WorkflowSchema }, headers: { ETag: 'The version.' } },
  },
  refuses: ['invalid', 'conflict', 'too_large'],
})

async function save(deps: ApiDeps, c: Context<ApiEnv>, name: string, isDraft: boolean) {
  const source = await c.req.text()
  if (new TextEncoder().encode(source).length > MAX_WORKFLOW_BYTES)
    throw new AppError('too_large', `A workflow may have ${MAX_WORKFLOW_BYTES / 1_024} KB; split it.`)
  const file = `${name}.yaml`
  const workflow = await deps.parseWorkflow(source, file)
  if (workflow.name !== name) {
    const message = `The text is of workflow '${workflow.name}', the path says '${name}'; make them the same.`
    throw new AppError('invalid', message, { problems: [{ path: 'name', message, file }] })
  }
  const { workflows } = c.get('ports')
  if (isDraft) {
    await workflows.saveDraft(workflow)
    noteChange(c, { after: { version: workflow.version, isDraft: true } })
    return c.json(viewOf(await findWorkflow({ workflows }, name, workflow.version)), 200, { ETag: etagOf(workflow.version) })
  }
  const current = await workflows.find(name)
  const own = current === undefined || current.builtIn ? null : current.version
  const expected = expectedTags(c.req.header('If-Match'))
  if (expected !== undefined && !expected.includes(current?.version ?? '')) throw staleEdit()
  if (c.req.header('If-None-Match') === '*' && own !== null) throw staleEdit()
  if (current?.version !== workflow.version) await requirePassedGate(c.get('ports'), workflow)
  const isConditional = expected !== undefined || c.req.header('If-None-Match') === '*'
  if (!isConditional) await workflows.save(workflow)
  else if (!(await workflows.replace(workflow, own))) throw staleEdit()
  noteChange(c, { before: current && { version: current.version }, after: { version: workflow.version } })
  return c.json(viewOf(workflow), current === undefined ? 201 : 200, { ETag: etagOf(workflow.version) })
}

const summaryOf = ({ name, version, builtIn, isDraft, createdAt, definition: { title, description } }: WorkflowVersion) => ({
  name,
  title,
  description,
  version,
  builtIn,
  ...(isDraft && { isDraft }),
  createdAt,
})

const viewOf = (workflow: WorkflowVersion) => ({ ...summaryOf(workflow), source: workflow.source, definition: definitionOf(workflow) })

/** Typed loosely on purpose: the step tree is recursive, and a typed client of it would be too deep for the compiler. */
const definitionOf = ({
  definition,
}: WorkflowVersion): { name: string; title: string; steps: unknown; input: unknown; vars: unknown; outputs: unknown } => definition
