import type { Step } from '../api/types'

/** A step of which only the names are known, as in a run of one agent alone that has no workflow to read. */
export const bareStep = (id: string, agent: string, operation: string): Step => ({
  kind: 'agent',
  id,
  agent,
  operation,
  input: {},
  retry: { maxAttempts: 1, initialMs: 0, factor: 1, maxMs: 0, jitter: 0, on: [] },
  onError: { kind: 'fail' },
})
