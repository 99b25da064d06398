import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from './client'
import { API_ORIGIN } from './reach'
import type { RunEvent, RunStatus, RunView, StepView } from './types'

const PAGE_SIZE = 30
/** While something runs the list follows closely; else it only looks for new runs. The run page itself is pushed. */
const BUSY_POLL_MS = 2_000
const IDLE_POLL_MS = 10_000

export const isTerminal = (status: RunStatus): boolean => status === 'completed' || status === 'failed' || status === 'cancelled'

/** Runs, newest first, page by page. */
export const runsQuery = (status?: RunStatus) =>
  infiniteQueryOptions({
    queryKey: ['runs', status ?? 'all'],
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: String(PAGE_SIZE),
        ...(pageParam !== undefined && { cursor: pageParam }),
        ...(status !== undefined && { status }),
      }
      return await (await api.runs.$get({ query }, { init: { signal } })).json()
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((run) => run.status === 'running')) ? BUSY_POLL_MS : IDLE_POLL_MS,
  })

/** One run. The event stream calls for it anew when something changes. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: async ({ signal }) => await (await api.runs[':id'].$get({ param: { id } }, { init: { signal } })).json(),
  })

export const runStepsQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id, 'steps'],
    queryFn: async ({ signal }) => (await (await api.runs[':id'].steps.$get({ param: { id } }, { init: { signal } })).json()).items,
  })

/** A step's whole output, also where it is too large to stand in the list. One attempt's output never changes. */
export const stepOutputQuery = (id: string, key: string, attempt: number) =>
  queryOptions({
    queryKey: ['step-output', id, key, attempt],
    queryFn: async ({ signal }) =>
      (await (
        await api.runs[':id'].steps[':key'].output.$get({ param: { id, key: encodeURIComponent(key) } }, { init: { signal } })
      ).json()) as StepView['output'],
    staleTime: Number.POSITIVE_INFINITY,
  })

export const runReportsQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id, 'reports'],
    queryFn: async ({ signal }) => (await (await api.runs[':id'].reports.$get({ param: { id } }, { init: { signal } })).json()).items,
  })

export interface Decision {
  runId: string
  approvalId: string
  decision: 'approve' | 'reject'
  comment?: string
}
export const decideApproval = async ({ runId, ...json }: Decision): Promise<RunView> =>
  await (await api.runs[':id'].continue.$put({ param: { id: runId }, json })).json()
/** Says what became of an effect that is `unknown`. */
export const settleEffect = async (id: string, effectId: string, outcome: 'settled' | 'failed'): Promise<RunView> =>
  await (await api.runs[':id'].continue.$put({ param: { id }, json: { effectId, outcome } })).json()
export const resumeRun = async (id: string): Promise<RunView> => await (await api.runs[':id'].resume.$post({ param: { id } })).json()
export const forkRun = async (id: string, fromStep: string): Promise<RunView> =>
  await (await api.runs[':id'].fork.$post({ param: { id }, json: { fromStep } })).json()
export const cancelRun = async (id: string): Promise<RunView> => await (await api.runs[':id'].$delete({ param: { id } })).json()

/** Address of a run's live events after `seq`, with a fresh ticket: a browser cannot send a header on a WebSocket. */
export async function liveAddress(runId: string, after: number): Promise<string> {
  const { ticket } = await (await api.runs[':id'].events.ticket.$post({ param: { id: runId } })).json()
  const url = new URL(`/api/v1/runs/${encodeURIComponent(runId)}/events`, API_ORIGIN)
  url.protocol = url.protocol.replace('http', 'ws')
  url.search = new URLSearchParams({ after: String(after), ticket }).toString()
  return url.href
}

/** A message of the live stream; one that is no event gives undefined. */
export function readEvent(message: string): RunEvent | undefined {
  const value: unknown = JSON.parse(message)
  return typeof value === 'object' && value !== null && 'seq' in value && typeof value.seq === 'number' && 'type' in value
    ? (value as RunEvent)
    : undefined
}
