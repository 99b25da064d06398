import * as z from 'zod'
import { ClassifierName, type ClassifierVersion, classifierKeys, LabelledExample, TrainingReport } from '../../domain/classifiers'
import { fileKeys } from '../../domain/documents'
import { AppError } from '../../domain/error'
import type { Ports } from '../../domain/ports'
import { writeClassifier } from '../../skills/classify/learn/codec'
import { checkExamples, readExamples } from '../../skills/classify/learn/examples'
import { trainClassifier } from '../../skills/classify/learn/train'
import { defineOperation, type StepContext } from '../agent'

/** 20,000 examples of 200 labels, with the encoder: about four minutes of CPU time; waiting for it is counted too. */
const TIMEOUT_MS = 15 * 60_000

/** What a `PUT` left to learn from: the examples themselves, or the document that holds them. */
const wordsAlone = z.boolean().optional()
export const TrainingOrder = z.union([
  z.object({ examples: z.array(LabelledExample), wordsAlone }),
  z.object({ documentId: z.string(), wordsAlone }),
])
export type TrainingOrder = z.infer<typeof TrainingOrder>

/** Trains one version of a classifier. A version that is ready is left as it is; the older one serves until then. */
export const trainClassifierOperation = defineOperation({
  summary: 'Learns a classifier from labelled examples and reports how held-out examples came out.',
  input: z.object({ name: ClassifierName, version: z.string() }),
  output: z.object({ name: z.string(), version: z.string(), report: TrainingReport }),
  example: { name: 'support-topics', version: '0123456789abcdef' },
  timeoutMs: TIMEOUT_MS,
  maxConcurrent: 1,
  async run({ name, version }, context, ports) {
    const row = await ports.classifiers.find(name, version)
    if (row === undefined) throw new AppError('not_found', `There is no version '${version}' of classifier '${name}' to train.`)
    if (row.report) return { name, version, report: row.report }
    const { failure: _failure, endedAt: _endedAt, ...open } = row
    await ports.classifiers.put({ ...open, status: 'training' })
    try {
      return { name, version, report: await learn(open, context, ports) }
    } catch (thrown) {
      const failure = thrown instanceof AppError ? thrown.message : 'Training broke off; the run that trained it says more.'
      await ports.classifiers.put({ ...open, status: 'failed', failure, endedAt: ports.clock.now().toISOString() })
      throw thrown
    }
  },
})

async function learn(row: ClassifierVersion, context: StepContext, ports: Ports): Promise<TrainingReport> {
  const { name, version } = row
  const order = await orderOf(ports, name, version)
  const examples = await examplesOf(ports, order)
  const { classifier, report } = await trainClassifier(examples, {
    ...(order.wordsAlone !== true && { encoder: ports.encoder }),
    signal: context.signal,
    progress: (message, share) => context.progress(message, share),
  })
  const file = writeClassifier(classifier)
  await ports.files.put(classifierKeys.model(name, version), file, 'application/octet-stream')
  const finished = { ...report, modelBytes: file.length }
  const labels = report.labels.length
  await ports.classifiers.put({
    ...row,
    status: 'ready',
    examples: examples.length,
    labels,
    report: finished,
    endedAt: ports.clock.now().toISOString(),
  })
  context.provenance('embedded')
  return finished
}

async function orderOf(ports: Pick<Ports, 'files'>, name: string, version: string): Promise<TrainingOrder> {
  const text = await textOf(ports, classifierKeys.examples(name, version), 'The examples are gone: send them again.')
  return TrainingOrder.parse(JSON.parse(text))
}

async function examplesOf(ports: Pick<Ports, 'files'>, order: TrainingOrder): Promise<LabelledExample[]> {
  if ('examples' in order) return checkExamples(order.examples)
  const absent = `Document '${order.documentId}' is gone: upload the examples again.`
  return readExamples(await textOf(ports, fileKeys.original(order.documentId), absent))
}

async function textOf({ files }: Pick<Ports, 'files'>, key: string, absent: string): Promise<string> {
  const bytes = await files.read(key)
  if (bytes === undefined) throw new AppError('not_found', absent)
  return new TextDecoder().decode(bytes)
}
