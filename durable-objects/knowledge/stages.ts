import type { RetrievalStage, StageName } from '../../workers/domain/knowledge'

/** The stages of one search as they happen. A stage that runs once a question adds up. */
export interface Stages {
  measure<T>(name: StageName, work: () => T): T
  /** As `measure`, for a part whose result is not what the stage gives on. */
  time<T>(name: StageName, work: () => T): T
  /** Marks a stage as one that had nothing to do. */
  skip(name: StageName, reason: string): void
  /** Notes how many passages a stage gave on. */
  note(name: StageName, candidates: number): void
  /** Marks a stage as failed and gives nothing found. */
  without(name: StageName, reason: string): { numbers: number[]; products: Map<number, number> }
  list(): RetrievalStage[]
}

export function createStages(now: () => number = () => performance.now()): Stages {
  const stages = new Map<StageName, RetrievalStage>()
  const open = (name: StageName): RetrievalStage => {
    const stage = stages.get(name) ?? { name, status: 'done', ms: 0 }
    stages.set(name, stage)
    return stage
  }
  const time = <T>(name: StageName, work: () => T): T => {
    const startedAt = now()
    const result = work()
    open(name).ms += now() - startedAt
    return result
  }
  return {
    time,
    measure(name, work) {
      const result = time(name, work)
      const stage = open(name)
      const found = countOf(result)
      if (found !== undefined) stage.candidates = (stage.candidates ?? 0) + found
      return result
    },
    skip(name, reason) {
      Object.assign(open(name), { status: 'skipped', reason })
    },
    note(name, candidates) {
      open(name).candidates = candidates
    },
    without(name, reason) {
      Object.assign(open(name), { status: 'failed', reason })
      return { numbers: [], products: new Map() }
    },
    list: () => [...stages.values()],
  }
}

function countOf(result: unknown): number | undefined {
  if (Array.isArray(result)) return result.length
  return typeof result === 'object' && result !== null && 'numbers' in result && Array.isArray(result.numbers)
    ? result.numbers.length
    : undefined
}
