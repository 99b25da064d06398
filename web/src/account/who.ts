import { queryOptions } from '@tanstack/react-query'
import { api } from '../api/client'

/** Who the sign-in is, and what it lacks of the second factor that the company asks for. */
export const whoQuery = () =>
  queryOptions({
    queryKey: ['who'],
    queryFn: async ({ signal }) => await (await api.auth.verify.$get(undefined, { init: { signal } })).json(),
  })
