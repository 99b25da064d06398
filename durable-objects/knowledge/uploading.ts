import { readGenerations } from './generations'
import type { RemoteVectors } from './remote-vectors'
import type { UpkeepTask } from './upkeep'

export const UPLOADING = 'uploading'

/** Keeps a separate vector store in step with the collection; never pending where there is none. */
export function createUploading(sql: SqlStorage, remoteNow: () => RemoteVectors | undefined, now: () => Date): UpkeepTask {
  return {
    name: UPLOADING,
    isPending: () => remoteNow()?.isPending() ?? false,
    async run() {
      const { active, next } = readGenerations(sql)
      const generations = [active, next].filter((generation) => generation !== undefined)
      return (await remoteNow()?.exchange(generations, now())) ?? false
    },
  }
}
