import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from './client'
import { ApiError } from './problem'
import type { ParsedDocument } from './types'

const PAGE_SIZE = 50

export const documentsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['documents'],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: String(PAGE_SIZE), ...(pageParam !== undefined && { cursor: pageParam }) }
      return await (await api.documents.$get({ query }, { init: { signal } })).json()
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  })

export const documentQuery = (id: string) =>
  queryOptions({
    queryKey: ['document', id],
    queryFn: async ({ signal }) => await (await api.documents[':id'].$get({ param: { id } }, { init: { signal } })).json(),
  })

/** The document as ingestion read it; null while it has not been read, which is an answer and no failure. */
export const parsedQuery = (id: string) =>
  queryOptions({
    queryKey: ['document', id, 'parsed'],
    queryFn: async ({ signal }): Promise<ParsedDocument | null> => {
      try {
        return (await (await api.documents[':id'].parsed.$get({ param: { id } }, { init: { signal } })).json()) as ParsedDocument
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
  })

/** The bytes as they came in. They never change, so they are fetched once. */
export const contentQuery = (id: string) =>
  queryOptions({
    queryKey: ['document', id, 'content'],
    queryFn: async ({ signal }) => await (await api.documents[':id'].content.$get({ param: { id } }, { init: { signal } })).blob(),
    staleTime: Number.POSITIVE_INFINITY,
  })
