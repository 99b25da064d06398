import { describe, expect, test } from 'vitest'
import type { DatasetRecord, Datasets } from '../../workers/domain/datasets'
import type { EvaluationRecord, Evaluations } from '../../workers/domain/evaluations'
import type { WorkflowStore } from '../../workers/domain/stores'
import type { WorkflowGate, WorkflowGates } from '../../workers/domain/workflow-gates'
import { workflowVersion } from './ports'

export interface EvaluationStores {
  datasets: Datasets
  evaluations: Evaluations
  gates: WorkflowGates
  workflows: WorkflowStore
}

const minute = (n: number) => new Date(Date.UTC(2026, 10, 21, 9, n)).toISOString()
let counter = 0
const fresh = () => `ten_evaluations_${Date.now()}_${++counter}`

const dataset = (name: string, version: string, at = 0): DatasetRecord => ({
  name,
  version,
  cases: 3,
  bytes: 10,
  createdAt: minute(at),
  createdBy: 'anna',
})
const evaluation = (id: string, more: Partial<EvaluationRecord> = {}): EvaluationRecord => ({
  id,
  runId: `run_${id}`,
  dataset: 'd',
  datasetVersion: 'v1',
  cases: 3,
  target: { workflow: 'w', version: 'x', vars: {} },
  metrics: [{ kind: 'cost', name: 'cost' }],
  batchSize: 5,
  simulated: ['tell'],
  createdAt: minute(0),
  createdBy: 'anna',
  ...more,
})
const SUMMARY = { cases: 3, failed: 0, costMicroUsd: 1, metrics: [], tags: {} }

/** What every implementation of the stores of evaluations keeps to. `make` gives the stores of the named tenant. */
export function describeEvaluationStores(title: string, make: (tenantId: string) => EvaluationStores): void {
  describe(title, () => {
    test('the newest version of a dataset is the one saved last, also when it was there before', async () => {
      const { datasets } = make(fresh())
      for (const version of ['v1', 'v2', 'v1']) await datasets.save(dataset('d', version))
      expect((await datasets.find('d'))?.version).toBe('v1')
      expect((await datasets.versions('d')).map(({ version }) => version)).toEqual(['v1', 'v2'])
      expect(await datasets.find('d', 'v2')).toEqual(dataset('d', 'v2'))
      await datasets.remove('d')
      expect(await datasets.find('d')).toBeUndefined()
      expect(await datasets.versions('d')).toEqual([])
    })

    test('datasets are listed once each, page by page, and of one tenant only', async () => {
      const [mine, theirs] = [make(fresh()).datasets, make(fresh()).datasets]
      for (const [at, name] of ['a', 'b', 'c'].entries()) await mine.save(dataset(name, 'v1', at))
      await mine.save(dataset('c', 'v2', 3))
      const first = await mine.list({ limit: 2 })
      expect(first.items.map(({ name, version }) => `${name} ${version}`)).toEqual(['c v2', 'b v1'])
      expect((await mine.list({ limit: 2, cursor: first.nextCursor })).items.map(({ name }) => name)).toEqual(['a'])
      expect((await theirs.list({ limit: 9 })).items).toEqual([])
      expect(await theirs.find('a')).toBeUndefined()
    })

    test('an evaluation is found as it was inserted, and ends once', async () => {
      const tenant = fresh()
      const { evaluations } = make(tenant)
      const row = evaluation(`evl_${tenant}`)
      await evaluations.insert(row)
      expect(await evaluations.find(row.id)).toEqual(row)
      expect(await make(fresh()).evaluations.find(row.id)).toBeUndefined()
      await evaluations.finish(row.id, { summary: SUMMARY, endedAt: minute(1) })
      await evaluations.finish(row.id, { summary: { ...SUMMARY, cases: 9 }, endedAt: minute(2) })
      expect(await evaluations.find(row.id)).toEqual({ ...row, summary: SUMMARY, endedAt: minute(1) })
      await evaluations.remove(row.id)
      expect(await evaluations.find(row.id)).toBeUndefined()
    })

    test('evaluations are listed newest first, by dataset, workflow, version and whether they ended', async () => {
      const { evaluations } = make(fresh())
      await evaluations.insert(evaluation('evl_1'))
      await evaluations.insert(evaluation('evl_2', { createdAt: minute(1), target: { workflow: 'w', version: 'y', vars: {} } }))
      await evaluations.insert(evaluation('evl_3', { createdAt: minute(2), dataset: 'e', target: { skill: 'classify', config: {} } }))
      await evaluations.finish('evl_1', { summary: SUMMARY, endedAt: minute(3) })
      const ids = async (query: object) => (await evaluations.list({ limit: 9, ...query })).items.map(({ id }) => id)
      expect(await ids({})).toEqual(['evl_3', 'evl_2', 'evl_1'])
      expect(await ids({ dataset: 'd' })).toEqual(['evl_2', 'evl_1'])
      expect(await ids({ workflow: 'w', workflowVersion: 'x' })).toEqual(['evl_1'])
      expect(await ids({ ended: true })).toEqual(['evl_1'])
      expect(await ids({ ended: false })).toEqual(['evl_3', 'evl_2'])
      const { nextCursor } = await evaluations.list({ limit: 1 })
      expect(await ids({ cursor: nextCursor })).toEqual(['evl_2', 'evl_1'])
    })

    test('a workflow has one gate, the last one put', async () => {
      const [mine, theirs] = [make(fresh()).gates, make(fresh()).gates]
      const gate: WorkflowGate = {
        ...{ workflow: 'w', dataset: 'd', createdAt: minute(0), createdBy: 'anna' },
        rules: [{ metric: { kind: 'cost', name: 'cost' }, max: 1 }],
      }
      await mine.put(gate)
      await mine.put({ ...gate, dataset: 'e' })
      expect(await mine.find('w')).toEqual({ ...gate, dataset: 'e' })
      expect(await theirs.find('w')).toBeUndefined()
      expect([await mine.standingOn('d'), await mine.standingOn('e'), await theirs.standingOn('e')]).toEqual([[], ['w'], []])
      await mine.remove('w')
      expect(await mine.find('w')).toBeUndefined()
    })

    test('a draft is found by its version only, until it is published', async () => {
      const { workflows } = make(fresh())
      const [first, draft] = [workflowVersion('w', 'v1'), workflowVersion('w', 'v2')]
      await workflows.saveDraft(draft)
      expect(await workflows.find('w')).toBeUndefined()
      expect(await workflows.list()).toEqual([])
      expect(await workflows.find('w', 'v2')).toEqual({ ...draft, isDraft: true })
      expect(await workflows.replace(first, null)).toBe(true)
      await workflows.saveDraft(first)
      expect(await workflows.find('w')).toEqual(first)
      expect((await workflows.versions('w')).map(({ version }) => version)).toEqual(['v1', 'v2'])
      expect(await workflows.replace(draft, 'v1')).toBe(true)
      expect(await workflows.find('w')).toEqual(draft)
    })
  })
}
