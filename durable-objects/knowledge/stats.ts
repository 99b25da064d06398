import type { CollectionStats } from '../../workers/domain/knowledge'
import { type Generation, readGenerations } from './generations'
import { REEMBEDDING } from './reembedding'
import { lastErrorOf } from './upkeep'
import { UPLOADING } from './uploading'

/** How much a collection holds and what is being done to it. */
export function readStats(sql: SqlStorage, hasRemote: boolean): CollectionStats {
  const { active, next } = readGenerations(sql)
  const { documents, chunks } = sql
    .exec<{ documents: number; chunks: number }>('SELECT (SELECT count(*) FROM documents) AS documents, chunks FROM totals')
    .one()
  const making = next ?? (active && doneOf(sql, active) < chunks ? active : undefined)
  const lastError = lastErrorOf(sql, hasRemote && making === undefined ? UPLOADING : REEMBEDDING)
  return {
    documents,
    chunks,
    sizeBytes: sql.databaseSize,
    ...(active && { encoder: nameOf(active) }),
    ...(making && {
      reembedding: {
        encoder: nameOf(making),
        doneChunks: doneOf(sql, making),
        startedAt: making.startedAt,
        ...(lastError !== undefined && { lastError }),
      },
    }),
    ...(hasRemote && { vectorsPending: pendingOf(sql) }),
  }
}

const nameOf = ({ model, dimensions }: Generation) => ({ model, dimensions })

const doneOf = (sql: SqlStorage, { generation }: Generation): number =>
  sql.exec<{ count: number }>('SELECT count(*) AS count FROM chunk_vectors WHERE generation = ?', generation).one().count

const pendingOf = (sql: SqlStorage): number =>
  sql.exec<{ count: number }>('SELECT coalesce(sum(size), 0) AS count FROM sketch_packs').one().count
