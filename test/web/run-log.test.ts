import { describe, expect, it } from 'vitest'
import type { EventType, RunEvent } from '../../web/src/api/types'
import { appendEvent, EMPTY_LOG, type RunLog } from '../../web/src/live/run-log'

const event = (seq: number, type: EventType = 'step.progress', stepKey?: string): RunEvent => ({
  seq,
  at: '2026-01-01T00:00:00.000Z',
  type,
  ...(stepKey !== undefined && { stepKey }),
  body: null,
  hash: `h${seq}`,
  prevHash: `h${seq - 1}`,
})

const logOf = (...events: RunEvent[]): RunLog =>
  events.reduce((log, next) => {
    const appended = appendEvent(log, next)
    if (!appended.ok) throw new Error(`event ${next.seq} left a gap`)
    return appended.log
  }, EMPTY_LOG)

describe("a viewer's log of a run", () => {
  it('keeps events in order and remembers the last seq', () => {
    const log = logOf(event(1), event(2), event(3))
    expect(log.events.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(log.lastSeq).toBe(3)
  })

  it('takes in nothing twice', () => {
    const log = logOf(event(1), event(2))
    expect(appendEvent(log, event(2))).toEqual({ ok: true, log })
    expect(appendEvent(log, event(1))).toEqual({ ok: true, log })
  })

  it('refuses an event after a gap and says where to resume', () => {
    expect(appendEvent(logOf(event(1), event(2)), event(5))).toEqual({ ok: false, missingAfter: 2 })
  })

  it('may begin in the middle, as the log of a rolled run does', () => {
    expect(logOf(event(5_001)).lastSeq).toBe(5_001)
  })

  it('follows each step by its newest event', () => {
    const log = logOf(
      event(1, 'step.started', 'read'),
      event(2, 'step.started', 'index'),
      event(3, 'step.completed', 'read'),
      event(4, 'step.retrying', 'index'),
    )
    expect(log.steps).toEqual({ read: 'completed', index: 'retrying' })
  })
})
