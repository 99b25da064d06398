import { ok, type Result, refuse } from './error'
import type { Plan } from './plans'
import type { RunTrigger } from './runs'

/** `interactive`: somebody waits for it. `batch`: it may wait for room. */
export const RUN_PRIORITIES = ['interactive', 'batch'] as const
export type RunPriority = (typeof RUN_PRIORITIES)[number]

/** What a run is when nobody said: mail and schedules have nobody in front of the screen. */
export const PRIORITY_OF = {
  api: 'interactive',
  upload: 'interactive',
  webhook: 'interactive',
  agent: 'interactive',
  fork: 'interactive',
  email: 'batch',
  schedule: 'batch',
} as const satisfies Record<RunTrigger, RunPriority>

/** Runs of a tenant that are at work or wait for room. */
export interface Load {
  active: Record<RunPriority, number>
  pending: Record<RunPriority, number>
  startedToday: number
}

/**
 * Whether a run may start now or has to wait for room. Nobody overtakes: while a run of its own or a higher priority waits, a new one
 * waits too. Refuses `rate_limited` when the day's runs are used up (until midnight UTC) or too many wait already.
 */
export function decideAdmission(plan: Plan, load: Load, priority: RunPriority, at: Date): Result<'start' | 'wait'> {
  if (load.startedToday >= plan.runsPerDay)
    return refuse(
      'rate_limited',
      `The plan '${plan.name}' has ${plan.runsPerDay} runs a day and they are used up; take a larger plan or go on tomorrow (UTC).`,
      {
        reason: 'plan_runsPerDay',
        retryAfterMs: untilMidnight(at),
      },
    )
  const waiting = load.pending.interactive + load.pending.batch
  const isBehind = load.pending.interactive > 0 || (priority === 'batch' && load.pending.batch > 0)
  if (!isBehind && hasRoom(plan, load, priority)) return ok('start')
  if (waiting >= plan.pendingRuns)
    return refuse(
      'rate_limited',
      `${waiting} runs wait for room, as many as the plan '${plan.name}' lets wait; try again when some have ended.`,
      {
        reason: 'plan_pendingRuns',
        retryAfterMs: PENDING_RETRY_MS,
      },
    )
  return ok('wait')
}

/** Room for one more run at work. */
export function hasRoom(plan: Plan, { active }: Pick<Load, 'active'>, priority: RunPriority): boolean {
  if (active.interactive + active.batch >= plan.concurrentRuns) return false
  return priority === 'interactive' || active.batch < plan.batchRuns
}

/** The priority whose longest-waiting run starts next: interactive before batch; undefined when none may. */
export function nextPriority(plan: Plan, load: Pick<Load, 'active' | 'pending'>): RunPriority | undefined {
  return RUN_PRIORITIES.find((priority) => load.pending[priority] > 0 && hasRoom(plan, load, priority))
}

/** A run that has to wait seldom waits less than this. */
const PENDING_RETRY_MS = 10_000

const untilMidnight = (at: Date): number => Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1) - at.getTime()
