import type { Context } from 'hono'
import { type ClassifierVersion, classifierKeys, type LabelledExample } from '../domain/classifiers'
import { AppError, unwrap } from '../domain/error'
import type { RunControl } from '../domain/run-control'
import { isTerminal } from '../domain/runs'
import { checkExamples } from '../skills/classify/learn/examples'
import { oneStepWorkflow } from './agents'
import type { ApiDeps, ApiEnv } from './deps'

type Order = ({ examples: LabelledExample[] } | { documentId: string }) & { wordsAlone?: boolean | undefined }
/** Events read to find the last word of the trainer. */
const LAST_EVENTS = 30

/** A version as it stands: what its row cannot know, because a run that dies writes nothing, is asked of the run. */
export async function statusOf(runs: RunControl, version: ClassifierVersion) {
  if (version.status !== 'training') return version
  const found = await runs.get(version.runId)
  if (!found.ok || found.value.status === 'completed') return version
  const run = found.value
  if (isTerminal(run.status)) {
    const failure = run.error?.message ?? 'The run that trained it was cancelled; send the examples again.'
    return { ...version, status: 'failed' as const, failure, ...(run.endedAt && { endedAt: run.endedAt }) }
  }
  const events = await runs.events(version.runId, { after: Math.max(0, run.lastSeq - LAST_EVENTS), limit: LAST_EVENTS })
  const last = events.ok ? events.value.findLast(({ type }) => type === 'step.progress') : undefined
  const progress = progressOf(last?.body)
  return { ...version, ...(progress && { progress }) }
}

function progressOf(body: unknown): { message: string; share?: number } | undefined {
  if (typeof body !== 'object' || body === null || !('message' in body) || typeof body.message !== 'string') return undefined
  const share = 'share' in body && typeof body.share === 'number' ? body.share : undefined
  return { message: body.message, ...(share !== undefined && { share }) }
}

/** Stores the examples and starts their training, unless they are learned or being learned. */
export async function orderTraining(
  deps: ApiDeps,
  c: Context<ApiEnv>,
  name: string,
  order: Order,
): Promise<{ version: ClassifierVersion; isNew: boolean }> {
  const ports = c.get('ports')
  const source = 'examples' in order ? JSON.stringify(checkExamples(order.examples)) : await contentOf(c, order.documentId)
  const version = deps.credentials.hash(order.wordsAlone ? `words alone ${source}` : source).slice(0, 16)
  const createdAt = ports.clock.now().toISOString()
  const known = await ports.classifiers.find(name, version)
  if (known && (await statusOf(c.get('runs'), known)).status !== 'failed') {
    const again = { ...known, createdAt }
    await ports.classifiers.put(again)
    return { version: again, isNew: known.status !== 'ready' }
  }
  await ports.files.put(classifierKeys.examples(name, version), JSON.stringify(order), 'application/json')
  const runId = ports.newId('run')
  const counts = 'examples' in order ? { examples: order.examples.length, labels: labelsIn(order.examples) } : { examples: 0, labels: 0 }
  const row: ClassifierVersion = { name, version, status: 'training', ...counts, runId, createdAt }
  await ports.classifiers.put(row)
  const workflow = oneStepWorkflow(deps, 'analysis', 'train_classifier', ['name', 'version'])
  unwrap(await c.get('runs').start({ runId, workflow, input: { name, version }, trigger: 'api', title: `Train classifier ${name}` }))
  return { version: row, isNew: true }
}

/** A document's bytes by their hash: the same file is the same version. */
async function contentOf(c: Context<ApiEnv>, documentId: string): Promise<string> {
  const document = await c.get('ports').documents.find(documentId)
  if (document === undefined) throw new AppError('not_found', `There is no document '${documentId}': upload the examples first.`)
  return `document ${document.sha256}`
}

const labelsIn = (examples: readonly LabelledExample[]): number =>
  new Set(examples.map(({ label }) => label).filter((label) => label !== null)).size

/** Cancels what is under way and deletes rows and files of all versions. */
export async function removeClassifier(c: Context<ApiEnv>, versions: readonly ClassifierVersion[]): Promise<void> {
  const { classifiers, files } = c.get('ports')
  const [first] = versions
  if (first === undefined) return
  for (const version of versions) if (version.status === 'training') await c.get('runs').cancel(version.runId, c.get('principal').id)
  await classifiers.remove(first.name)
  await files.delete(versions.flatMap(({ name, version }) => [classifierKeys.examples(name, version), classifierKeys.model(name, version)]))
}
