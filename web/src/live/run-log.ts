import type { EventType, RunEvent, StepStatus } from '../api/types'

/** What a viewer has seen of a run: events in order, without gaps, from `firstSeq` to `lastSeq`. */
export interface RunLog {
  events: RunEvent[]
  lastSeq: number
  /** Newest status that the events tell, by step key. */
  steps: Record<string, StepStatus>
}

export const EMPTY_LOG: RunLog = { events: [], lastSeq: 0, steps: {} }

const STEP_STATUS: Partial<Record<EventType, StepStatus>> = {
  'step.scheduled': 'pending',
  'step.started': 'running',
  'step.progress': 'running',
  'step.completed': 'completed',
  'step.failed': 'failed',
  'step.retrying': 'retrying',
  'step.skipped': 'skipped',
  'step.cancelled': 'cancelled',
  'approval.requested': 'waiting',
  'wait.started': 'waiting',
}

export type Appended = { ok: true; log: RunLog } | { ok: false; missingAfter: number }

/**
 * Adds one event. What was seen already changes nothing; an event that leaves a gap is refused with the seq to
 * resume after, so that a log shown is never incomplete in the middle.
 */
export function appendEvent(log: RunLog, event: RunEvent): Appended {
  if (event.seq <= log.lastSeq) return { ok: true, log }
  if (log.lastSeq > 0 && event.seq > log.lastSeq + 1) return { ok: false, missingAfter: log.lastSeq }
  const status = STEP_STATUS[event.type]
  return {
    ok: true,
    log: {
      events: [...log.events, event],
      lastSeq: event.seq,
      steps: status !== undefined && event.stepKey !== undefined ? { ...log.steps, [event.stepKey]: status } : log.steps,
    },
  }
}

/** Progress events tell only the log; everything else changes what the API answers about the run. */
export const changesRun = (type: EventType): boolean => type !== 'step.progress' && type !== 'model.called'

/** No event follows these unless a person resumes the run. */
export const endsRun = (type: EventType): boolean => type === 'run.completed' || type === 'run.failed' || type === 'run.cancelled'
