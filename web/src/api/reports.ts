import { queryOptions } from '@tanstack/react-query'
import { api } from './client'
import type { ReportFormat } from './types'

export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: ['report', id],
    queryFn: async ({ signal }) => await (await api.reports[':id'].$get({ param: { id } }, { init: { signal } })).json(),
  })

/** A written report in one format; it never changes. */
export const reportBytesQuery = (id: string, format: ReportFormat) =>
  queryOptions({
    queryKey: ['report', id, format],
    queryFn: async ({ signal }) => await (await api.reports[':id'][':format'].$get({ param: { id, format } }, { init: { signal } })).blob(),
    staleTime: Number.POSITIVE_INFINITY,
  })
