import * as z from 'zod'
import { BackupCounts } from './domain/backups'

/** Where a backup goes on: what the cursor between two stretches says. It holds nothing that its reader does not know. */
export const BackupPlace = z.object({
  id: z.string().regex(/^bak_[0-9a-f-]{36}$/),
  createdAt: z.iso.datetime(),
  stage: z.int().min(0),
  /** Within the stage: the last thing that was read. */
  after: z.string().max(2_000),
  parts: z.int().min(0),
  chain: z.string().regex(/^[0-9a-f]{64}$/),
  counts: BackupCounts,
})
export type BackupPlace = z.infer<typeof BackupPlace>
