import { AppError } from '../../../domain/error'
import { SearchQuery } from '../../../domain/knowledge'
import type { Ports } from '../../../domain/ports'
import type { StepContext } from '../../agent'
import type { Trial } from './trial'

const DEFAULT_LIMIT = 10

/** One search of a collection: the hits, and `documents`, the ids of their documents in order, each once. */
export async function trySearch(collection: string, input: Record<string, unknown>, context: StepContext, ports: Ports): Promise<Trial> {
  const query = SearchQuery.safeParse({ limit: DEFAULT_LIMIT, ...input })
  if (!query.success)
    throw new AppError(
      'invalid',
      'The input of the case is no search; write { "text": "…" } and what POST /collections/{id}/search takes.',
      {
        problems: query.error.issues.map((issue) => ({ path: `input.${issue.path.join('.')}`, message: issue.message })),
      },
    )
  const payer = { ...(ports.purse && { purse: ports.purse }), onCall: context.charge }
  const { hits, trace } = await ports.knowledge.search(collection, query.data, { payer })
  return {
    output: {
      documents: [...new Set(hits.map(({ documentId }) => documentId))],
      hits: hits.map(({ chunkId, documentId, name, score, text }) => ({ chunkId, documentId, name, score, text })),
    },
    provider: 'embedded',
    degraded: trace.degraded !== undefined,
  }
}
