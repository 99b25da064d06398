import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client'
import { useSession } from '../api/session'
import type { ApprovalView } from '../api/types'
import { type Standing, standingOf } from './standing'

/** The reader's own id is asked for once, and only where an approval bars anybody. */
export function useStanding(approval: ApprovalView): Standing {
  const session = useSession()
  const own = useQuery({
    queryKey: ['own-account', session?.tenant, session?.email],
    queryFn: async ({ signal }) => await (await api.account.$get({}, { init: { signal } })).json(),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: approval.barred !== undefined && approval.barred.length > 0,
  })
  return standingOf(approval, own.data?.id, own.isError)
}
