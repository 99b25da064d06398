import { startOf, writeBackup } from './backup'
import type { Backups } from './domain/backups'
import type { Env } from './env'
import { takeParts } from './restore'

/** Backups and archives of this installation, for the HTTP door. */
export function createBackups(env: Env): Backups {
  return {
    write: (cursor) => streamOf(writeBackup(env, {}, startOf(cursor))),
    writeTenant: (tenantId, archiveKey, cursor) => streamOf(writeBackup(env, { tenantId, archiveKey }, startOf(cursor))),
    take: (body, restoreId) => takeParts(env, { restoreId }, body),
    takeTenant: (body, restoreId, terms) => takeParts(env, { restoreId, ...terms }, body),
  }
}

/** Reads on only as fast as the other side takes. */
const streamOf = (pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await pieces.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    cancel: async () => void (await pieces.return(undefined)),
  })
