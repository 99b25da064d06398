import type { createClient } from '../scripts/client.ts'
import type { Figure } from './bench.ts'
import type { ChaosReceiver } from './chaos-receiver.ts'

type Client = ReturnType<typeof createClient>

export interface ChaosRun {
  id: string
  status: string
  wakeAt?: string
  error?: { message: string }
  effects: { id: string; key: string; status: string; attempts: number; receipt?: { reconciled?: boolean } }[]
}

const OVERDUE_MS = 60_000
const LIVE = new Set(['running', 'waiting'])

/** Ids of all runs, newest first, or of those with a status; from the list in D1, which wakes no run. */
export async function listRuns(client: Client, status?: string): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const query = new URLSearchParams({ limit: '100', workflow: 'chaos', ...(status && { status }), ...(cursor && { cursor }) })
    const page = await client.get<{ items: { id: string }[]; nextCursor?: string | null }>(`/api/v1/runs?${query}`)
    ids.push(...page.items.map((run) => run.id))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return ids
}

/** A live run whose time to wake is more than a minute past. */
export const isStuck = (run: ChaosRun, now: number): boolean =>
  LIVE.has(run.status) && (run.wakeAt === undefined || now - Date.parse(run.wakeAt) > OVERDUE_MS)

/** What became of everything, and which promises did not hold. */
export function judge(
  runs: readonly ChaosRun[],
  receiver: ChaosReceiver,
  facts: { kills: number; acknowledged: readonly string[]; stuck: number },
) {
  const effects = runs.flatMap((run) => run.effects)
  const counts = [...receiver.deliveries.values()].map(({ count }) => count)
  const unknown = effects.filter((effect) => effect.status === 'unknown')
  const live = runs.filter((run) => LIVE.has(run.status))
  const known = new Set(runs.map((run) => run.id))
  const missing = facts.acknowledged.filter((id) => !known.has(id))
  const notOnce = counts.filter((count) => count !== 1).length
  const unsent = effects.filter((effect) => effect.status === 'settled' && !receiver.deliveries.has(effect.key)).length
  const unsettled = runs.filter((run) => run.status === 'completed' && run.effects.some((effect) => effect.status !== 'settled'))
  const failed = runs.filter((run) => run.status === 'failed')
  const figure = (name: string, value: number): Figure => ({ figure: name, value, unit: 'count', n: runs.length })
  return {
    figures: [
      figure('kills', facts.kills),
      figure('runs', runs.length),
      figure('runs completed', runs.filter((run) => run.status === 'completed').length),
      figure('runs failed', failed.length),
      figure('runs not at an end', live.length),
      figure('acknowledged runs missing', missing.length),
      figure('runs stuck', facts.stuck),
      figure('keys delivered', counts.length),
      figure('keys delivered more than once', notOnce),
      figure('effects settled without a delivery', unsent),
      figure('effects unknown at the end', unknown.length),
      figure('effects attempted again', effects.filter((effect) => effect.attempts > 1).length),
      figure('effects reconciled by asking', effects.filter((effect) => effect.receipt?.reconciled === true).length),
    ],
    broken: [
      ...live.map((run) => `${run.id} is ${run.status}, not at an end`),
      ...missing.map((id) => `${id} was acknowledged and is gone`),
      ...(facts.stuck > 0 ? [`${facts.stuck} runs were stuck: their wake time was more than ${OVERDUE_MS / 1000} s past`] : []),
      ...(notOnce > 0 ? [`${notOnce} keys were delivered more than once`] : []),
      ...(unsent > 0 ? [`${unsent} effects are settled and were never delivered`] : []),
      ...unknown.map((effect) => `effect ${effect.id} is unknown and could have been reconciled`),
      ...unsettled.map((run) => `${run.id} completed with an effect that is not settled`),
      ...failed.map((run) => `${run.id} failed: ${run.error?.message ?? ''}`),
    ],
  }
}
