import { encodePart, joined, NO_CHAIN, readParts } from '../../workers/domain/backup-parts'
import { BACKUP_FORMAT, type Backups, noCounts, type RestoreProgress } from '../../workers/domain/backups'
import { AppError } from '../../workers/domain/error'

const NOTHING = new Uint8Array()

/** Backups of an installation without rows, objects and files: the file is real, and so is how far a restore is. */
export function createFakeBackups(): Backups {
  const restores = new Map<string, RestoreProgress>()
  const write = (cursor: string, tenantId?: string): ReadableStream<Uint8Array> => {
    if (cursor !== '') throw new AppError('invalid', 'The cursor is none that a backup gave; begin without one.')
    return new ReadableStream({
      start: async (controller) => {
        controller.enqueue(await fileOf(tenantId))
        controller.close()
      },
    })
  }
  const take = async (body: AsyncIterable<Uint8Array>, restoreId: string | undefined, isArchive: boolean): Promise<RestoreProgress> => {
    let progress = restoreId === undefined ? undefined : restores.get(restoreId)
    if (restoreId !== undefined && progress === undefined) throw new AppError('not_found', 'There is no such restore here.')
    for await (const part of readParts(body)) {
      if ('more' in part) continue
      if (part.head.kind === 'manifest') {
        const { id, tenantId } = part.head
        if ((tenantId !== undefined) !== isArchive) throw new AppError('invalid', 'The file is of the other kind.')
        progress = { id, ...(tenantId && { tenantId }), parts: 0, still: 0, isFinished: false, counts: noCounts() }
      }
      if (progress === undefined) throw new AppError('invalid', 'Send the manifest first.')
      progress = { ...progress, parts: part.n + 1, isFinished: part.head.kind === 'end' }
      restores.set(progress.id, progress)
    }
    if (progress === undefined) throw new AppError('invalid', 'The body holds no part of a backup.')
    return progress
  }
  return {
    write,
    writeTenant: (tenantId, _key, cursor) => write(cursor, tenantId),
    take: (body, restoreId) => take(body, restoreId, false),
    takeTenant: (body, restoreId) => take(body, restoreId, true),
  }
}

async function fileOf(tenantId: string | undefined): Promise<Uint8Array> {
  const manifest = {
    id: `bak_${crypto.randomUUID()}`,
    createdAt: new Date().toISOString(),
    migrations: [],
    tables: [],
    ...(tenantId && { tenantId }),
  }
  const first = await encodePart(0, { kind: 'manifest', format: BACKUP_FORMAT, ...manifest }, NOTHING, NO_CHAIN)
  const last = await encodePart(1, { kind: 'end', counts: noCounts() }, NOTHING, first.chain)
  return joined([first.bytes, last.bytes])
}
