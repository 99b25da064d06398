import { type AuditAct, AuditOrigin } from '../../workers/domain/audit'
import type { EventType } from '../../workers/domain/runs'
import type { RunState } from './state'

/** Events that are acts: something began or ended, a person decided, or something was done to the outside world. */
const ACTS: readonly EventType[] = [
  'run.started',
  'run.forked',
  'run.completed',
  'run.failed',
  'run.cancelled',
  'run.resumed',
  'approval.decided',
  'effect.settled',
  'effect.failed',
  'effect.unknown',
]
/** Members of their bodies that say what was done, and hold nothing of what it was done with. */
const TOLD = ['workflow', 'version', 'trigger', 'from', 'fromStep', 'approvalId', 'decision', 'effectId', 'kind', 'target', 'by']

type Row = { seq: number; at: string; type: EventType; step_key: string | null; body: string }

const QUESTION_MARKS = ACTS.map(() => '?').join(', ')

/** What the run has done after an event, for the tenant's audit. The log is the outbox: it keeps every act, also when telling fails. */
export function actsAfter(state: RunState, seq: number): AuditAct[] {
  const origin = originOf(state)
  return state.sql
    .exec<Row>(`SELECT seq, at, type, step_key, body FROM events WHERE seq > ? AND type IN (${QUESTION_MARKS}) ORDER BY seq`, seq, ...ACTS)
    .toArray()
    .map((row) => actOf(state.run.id, row, origin))
}

/** The id comes from the run and the number of the event, so telling it twice changes nothing. */
function actOf(runId: string, { seq, at, type, step_key, body }: Row, origin: AuditOrigin): AuditAct {
  const told = Object.entries(JSON.parse(body) as Record<string, unknown>).filter(([name]) => TOLD.includes(name))
  return {
    ...(type === 'run.started' ? origin : { ...origin, actor: { kind: 'system', id: runId }, address: '' }),
    id: `${runId}.${seq}`,
    action: type,
    outcome: type === 'effect.unknown' ? 'unknown' : type.endsWith('failed') ? 'failed' : 'done',
    occurredAt: at,
    resource: { kind: 'run', id: runId },
    ...((told.length > 0 || step_key !== null) && { after: { ...Object.fromEntries(told), ...(step_key !== null && { step: step_key }) } }),
  }
}

/** A run from before this was kept does not know who started it. */
function originOf({ run }: RunState): AuditOrigin {
  if (run.origin == null) return { actor: { kind: 'system', id: run.trigger }, address: '', requestId: '' }
  return AuditOrigin.parse(JSON.parse(run.origin))
}
