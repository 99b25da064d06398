import { AppError } from '../../workers/domain/error'
import {
  BUILT_IN_VERSION,
  type PromptOutcome,
  type PromptResult,
  type PromptStore,
  type PromptVersion,
  splitByWeight,
} from '../../workers/domain/prompts'

/** Prompts in memory. */
export function createFakePrompts(now = '2026-11-21T09:00:00.000Z'): PromptStore {
  const stored = new Map<string, PromptVersion[]>()
  const uses = new Map<string, { name: string; version: number; counts: Record<PromptResult, number> }>()
  const versions = (name: string) => stored.get(name) ?? []
  return {
    names: async () => [...stored.keys()],
    versions: async (name) => versions(name).toSorted((a, b) => b.version - a.version),
    async choose({ name, text }, runId) {
      const key = `${runId}/${name}`
      const version = uses.get(key)?.version ?? splitByWeight(versions(name), name, runId)?.version ?? BUILT_IN_VERSION
      if (runId !== undefined && !uses.has(key)) uses.set(key, { name, version, counts: { answered: 0, repaired: 0, failed: 0 } })
      return { version, text: versions(name).find((candidate) => candidate.version === version)?.text ?? text }
    },
    async record({ name, runId, version, result }) {
      if (runId === undefined) return
      const use = uses.get(`${runId}/${name}`) ?? { name, version, counts: { answered: 0, repaired: 0, failed: 0 } }
      use.counts[result] += 1
      uses.set(`${runId}/${name}`, use)
    },
    async save(name, { text, note, tests, weight }, createdBy, expected) {
      const known = versions(name)
      const newest = Math.max(BUILT_IN_VERSION, ...known.map(({ version }) => version))
      if (expected !== undefined && expected !== newest) return undefined
      const builtIn: PromptVersion = { name, version: BUILT_IN_VERSION, weight: 100, tests: [], createdAt: now }
      const others = (known.length === 0 ? [builtIn] : known).map((version) => (weight === 'all' ? { ...version, weight: 0 } : version))
      const saved: PromptVersion = {
        name,
        version: newest + 1,
        text,
        weight: weight === 'all' ? 100 : weight,
        tests,
        createdAt: now,
        createdBy,
        ...(note !== undefined && { note }),
      }
      stored.set(name, [...others, saved])
      return saved
    },
    async setWeights(name, weights) {
      const known = versions(name)
      const unknown = Object.keys(weights).find((version) => !known.some((candidate) => String(candidate.version) === version))
      if (unknown !== undefined) throw new AppError('not_found', `There is no version ${unknown} of '${name}'; GET its versions.`)
      const next = known.map((version) => ({ ...version, weight: weights[version.version] ?? version.weight }))
      if (next.every(({ weight }) => weight === 0))
        throw new AppError('invalid', 'No version would be left to use; give one a weight above 0.')
      stored.set(name, next)
    },
    async outcomes(name) {
      const sums = new Map<number, PromptOutcome>()
      for (const use of [...uses.values()].filter((candidate) => candidate.name === name)) {
        const sum = sums.get(use.version) ?? { version: use.version, runs: 0, answered: 0, repaired: 0, failed: 0 }
        sum.runs += 1
        for (const result of ['answered', 'repaired', 'failed'] as const) sum[result] += use.counts[result]
        sums.set(use.version, sum)
      }
      return [...sums.values()].sort((a, b) => a.version - b.version)
    },
  }
}
