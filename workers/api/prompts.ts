import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import {
  BUILT_IN_VERSION,
  type BuiltInPrompt,
  diffLines,
  PromptDraft,
  PromptName,
  PromptTest,
  type PromptVersion,
  renderPrompt,
  runPromptTests,
  variablesOf,
} from '../domain/prompts'
import { noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { etagOf, expectedTags, staleEdit } from './etag'
import { guard } from './guard'
import { listSchema } from './lists'

const PromptVersionSchema = z
  .object({
    name: z.string(),
    version: z.int(),
    text: z.string(),
    builtIn: z.boolean(),
    weight: z.int().describe('Share of the runs that use it, relative to the other versions.'),
    note: z.string().optional(),
    tests: z.array(PromptTest),
    createdAt: z.iso.datetime().optional(),
    createdBy: z.string().optional(),
  })
  .meta({ id: 'PromptVersion' })
const Outcome = z.object({
  version: z.int(),
  runs: z.int(),
  answered: z.int().describe('Answers that fitted at once.'),
  repaired: z.int().describe('Answers that fitted after a round of repair.'),
  failed: z.int().describe('Answers that did not fit.'),
})
const PromptSchema = z
  .object({
    name: z.string(),
    variables: z.array(z.string()).describe('What `{{ name }}` may name; `task` is the built-in text as the skill made it.'),
    versions: z.array(PromptVersionSchema),
    outcomes: z.array(Outcome),
  })
  .meta({ id: 'Prompt' })
const PromptSummary = z.object({ name: z.string(), newest: z.int(), live: z.array(z.object({ version: z.int(), weight: z.int() })) })
const Check = z.object({ name: z.string(), passed: z.boolean(), message: z.string().optional() })
const DiffLine = z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() })
const NameParam = z.object({ name: PromptName })
const Version = z.coerce.number().int().min(1)

const LIST = documented({
  tag: 'Prompts',
  summary: 'List prompts',
  description: 'Each question that skills ask of models, by name, with the versions that are in use.',
  answers: { 200: { description: 'By name.', body: { schema: listSchema(PromptSummary) } } },
  refuses: [],
})
const READ = documented({
  tag: 'Prompts',
  summary: 'One prompt with its versions',
  description: 'Version 1 is the built-in one. `outcomes` tells what became of the questions of each version.',
  answers: { 200: { description: 'Newest first.', body: { schema: PromptSchema }, headers: { ETag: 'The newest version.' } } },
  refuses: ['not_found'],
})
const SAVE = documented({
  tag: 'Prompts',
  summary: 'Save a version',
  description:
    'The next version. Its tests must pass and its variables must be known, or nothing is saved. With `weight` it shares the runs with the other versions (an A/B test); without, it takes their place. Runs that have begun keep the version they use.',
  headers: { 'If-Match': 'ETag of the prompt that was edited.' },
  answers: { 201: { description: 'Saved.', body: { schema: PromptVersionSchema }, headers: { ETag: 'The version.' } } },
  refuses: ['invalid', 'not_found', 'conflict', 'too_large'],
})
const WEIGHTS = documented({
  tag: 'Prompts',
  summary: 'Split runs between versions',
  description: 'Weights by version; a version that is not named keeps its own. A run gets the same version each time.',
  answers: { 204: { description: 'Holds for runs that begin from now on.' } },
  refuses: ['invalid', 'not_found'],
})
const DIFF = documented({
  tag: 'Prompts',
  summary: 'Compare two versions',
  answers: { 200: { description: 'Line by line.', body: { schema: z.object({ lines: z.array(DiffLine) }) } } },
  refuses: ['invalid', 'not_found'],
})
const TEST = documented({
  tag: 'Prompts',
  summary: 'Test a text',
  description: 'Renders a text or a version with variables and runs tests on it. Nothing is saved and no model is asked.',
  answers: {
    200: {
      description: 'What it comes to.',
      body: { schema: z.object({ rendered: z.string(), passed: z.boolean(), checks: z.array(Check) }) },
    },
  },
  refuses: ['invalid', 'not_found'],
})
const Trial = z.object({
  text: PromptDraft.shape.text.optional(),
  version: Version.optional(),
  variables: z.record(z.string(), z.string()).default({}),
  tests: z.array(PromptTest).max(50).optional().describe("Left out: the version's own."),
})

/** Prompts: versions, A/B split, diff, tests. */
export function promptRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'workflows:read'), async (c) => c.json({ items: await listed(deps, c) }))
    .get('/:name', READ, guard(deps, 'workflows:read'), check('param', NameParam), async (c) => {
      const { name } = c.req.valid('param')
      const { builtIn, versions } = await found(deps, c, name)
      const body = { name, variables: [...Object.keys(builtIn.variables), 'task'], versions, outcomes: await store(deps, c).outcomes(name) }
      return c.json(body, 200, { ETag: etagOf(versions[0]?.version ?? BUILT_IN_VERSION) })
    })
    .put('/:name', SAVE, guard(deps, 'workflows:write'), check('param', NameParam), check('json', PromptDraft), (c) =>
      save(deps, c, c.req.valid('param').name, c.req.valid('json')),
    )
    .put(
      '/:name/weights',
      WEIGHTS,
      guard(deps, 'workflows:write'),
      check('param', NameParam),
      check('json', z.object({ weights: z.record(z.string().regex(/^\d+$/), z.int().min(0).max(1_000)) })),
      async (c) => {
        noteChange(c, { before: await weightsOf(deps, c, c.req.valid('param').name), after: c.req.valid('json').weights })
        await store(deps, c).setWeights(c.req.valid('param').name, c.req.valid('json').weights)
        return c.body(null, 204)
      },
    )
    .get(
      '/:name/diff',
      DIFF,
      guard(deps, 'workflows:read'),
      check('param', NameParam),
      check('query', z.object({ from: Version, to: Version })),
      async (c) => {
        const { from, to } = c.req.valid('query')
        const { versions } = await found(deps, c, c.req.valid('param').name)
        return c.json({ lines: diffLines(versionOf(versions, from).text, versionOf(versions, to).text) })
      },
    )
    .post('/:name/test', TEST, guard(deps, 'workflows:read'), check('param', NameParam), check('json', Trial), async (c) => {
      const { builtIn, versions } = await found(deps, c, c.req.valid('param').name)
      const { text, version, variables, tests } = c.req.valid('json')
      const subject = version === undefined ? versions[0] : versionOf(versions, version)
      const chosen = text ?? subject?.text ?? builtIn.text
      const filled = { ...defaults(builtIn), ...variables }
      const checks = runPromptTests(chosen, tests ?? subject?.tests ?? [], filled)
      return c.json({ rendered: renderPrompt(chosen, filled), passed: checks.every(({ passed }) => passed), checks })
    })
}

const store = (deps: ApiDeps, c: Context<ApiEnv>) => deps.prompts(c.get('principal').tenantId)

/** Values of the skill's own example. A built-in text without variables is no template, and stands for itself. */
const defaults = ({ text, variables }: BuiltInPrompt): Record<string, string> => ({
  ...variables,
  task: Object.keys(variables).length === 0 ? text : renderPrompt(text, variables),
})

async function listed(deps: ApiDeps, c: Context<ApiEnv>) {
  const prompts = await deps.builtInPrompts()
  return await Promise.all(
    prompts.map(async (builtIn) => {
      const versions = withBuiltIn(builtIn, await store(deps, c).versions(builtIn.name))
      const live = versions.filter(({ weight }) => weight > 0).map(({ version, weight }) => ({ version, weight }))
      return { name: builtIn.name, newest: versions[0]?.version ?? BUILT_IN_VERSION, live }
    }),
  )
}

/** Weights by version, as they stand. */
async function weightsOf(deps: ApiDeps, c: Context<ApiEnv>, name: string): Promise<Record<string, number>> {
  return Object.fromEntries((await store(deps, c).versions(name)).map(({ version, weight }) => [String(version), weight]))
}

async function found(deps: ApiDeps, c: Context<ApiEnv>, name: string) {
  const prompts = await deps.builtInPrompts()
  const builtIn = prompts.find((prompt) => prompt.name === name)
  if (builtIn === undefined)
    throw new AppError('not_found', `There is no prompt '${name}'; have: ${prompts.map((prompt) => prompt.name).join(', ')}.`)
  return { builtIn, versions: withBuiltIn(builtIn, await store(deps, c).versions(name)) }
}

const withBuiltIn = (builtIn: BuiltInPrompt, own: PromptVersion[]) =>
  (own.length === 0 ? [{ name: builtIn.name, version: BUILT_IN_VERSION, weight: 100, tests: [] }] : own).map(
    ({ text, ...version }: PromptVersion | Omit<PromptVersion, 'createdAt'>) => ({
      ...version,
      text: text ?? builtIn.text,
      builtIn: version.version === BUILT_IN_VERSION,
    }),
  )

function versionOf<T extends { version: number }>(versions: T[], version: number): T {
  const known = versions.find((candidate) => candidate.version === version)
  if (known === undefined)
    throw new AppError('not_found', `There is no version ${version}; have: ${versions.map((candidate) => candidate.version).join(', ')}.`)
  return known
}

async function save(deps: ApiDeps, c: Context<ApiEnv>, name: string, draft: PromptDraft) {
  const { builtIn, versions } = await found(deps, c, name)
  const known = defaults(builtIn)
  const unknown = variablesOf(draft.text).filter((variable) => !Object.hasOwn(known, variable))
  if (unknown.length > 0) {
    const message = `there is no variable ${unknown.join(', ')}; have: ${Object.keys(known).join(', ')}`
    throw new AppError('invalid', `The text does not fit: ${message}.`, { problems: [{ path: 'text', message }] })
  }
  const problems = runPromptTests(draft.text, draft.tests, known).flatMap(({ passed, message = '' }, at) =>
    passed ? [] : [{ path: `tests[${at}]`, message }],
  )
  if (problems.length > 0) throw new AppError('invalid', 'Not all tests of the prompt pass; nothing was saved. See problems.', { problems })
  const tags = expectedTags(c.req.header('If-Match'))
  const expected = tags?.map(Number).find(Number.isInteger)
  if (tags !== undefined && expected === undefined) throw staleEdit()
  const saved = await store(deps, c).save(name, draft, c.get('principal').id, expected)
  if (saved === undefined) throw staleEdit()
  noteChange(c, {
    before: versions[0] && { version: versions[0].version, text: versions[0].text },
    after: { version: saved.version, text: draft.text },
  })
  return c.json({ ...saved, text: draft.text, builtIn: false }, 201, { ETag: etagOf(saved.version) })
}
