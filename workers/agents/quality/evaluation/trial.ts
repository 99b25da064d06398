/** What one case gave. */
export interface Trial {
  output: unknown
  provider?: string
  degraded?: boolean
  /** Of a case that is a run: what it cost and how long it took by its own record. */
  run?: { id: string; costMicroUsd: number; latencyMs: number }
}
