import { queryOptions } from '@tanstack/react-query'
import { api } from './client'

const POLL_MS = 5_000
/** Enough for an inbox; as some are decided, others come up. */
const LIMIT = '50'

/** Open approvals of the tenant, the one that waits longest first. */
export const openApprovalsQuery = () =>
  queryOptions({
    queryKey: ['approvals'],
    queryFn: async ({ signal }) => {
      const { items } = await (await api.approvals.$get({ query: { limit: LIMIT } }, { init: { signal } })).json()
      return items.toSorted((a, b) => a.approval.requestedAt.localeCompare(b.approval.requestedAt))
    },
    refetchInterval: POLL_MS,
  })
