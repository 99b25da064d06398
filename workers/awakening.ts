import type { Restore, Restores, StillObject } from './adapters/d1-restores'
import { INSTALLATION } from './domain/audit'
import { OBJECT_CLASSES, type PartHead } from './domain/backups'
import { OTHER_OWNER, STARTS_ANEW } from './domain/dumps'
import { AppError, unwrap } from './domain/error'
import { dumpedObject } from './dumped-objects'
import type { Env } from './env'

/** Objects of one request, a few calls each, and how many at once. */
const PER_REQUEST = 120
const AT_ONCE = 12

type ObjectHead = Extract<PartHead, { kind: 'object' }>

/** Gives a page to its object. Once the object is whole it starts anew, and lies still. */
export async function takeObject(
  { env, restores, restore }: { env: Env; restores: Restores; restore: Restore },
  head: ObjectHead,
  lines: string,
): Promise<void> {
  const { class: kind, tenantId, name, page, isLast, sequences } = head
  if (restore.tenantId !== null && (tenantId !== restore.tenantId || (kind === 'Tenant' && name !== tenantId)))
    throw new AppError('invalid', 'An object is of another tenant.')
  if (name.includes('/')) throw new AppError('invalid', 'An object has a name that none has.')
  const object = { class: kind, tenantId, name }
  const replaces = restore.tenantId === null && kind === 'Tenant' && tenantId === INSTALLATION
  // Before it holds anything: it must be known as long as it lies still.
  if (page === 0) await restores.noteStill(restore.id, object)
  const taken = await dumpedObject(env, object).takeDump({
    restore: restore.id,
    page,
    lines,
    isLast,
    ...(sequences && { sequences }),
    ...(replaces && { replaces }),
    ...(restore.tenantId !== null && { isArchive: true }),
  })
  // What was refused for another's rows has emptied itself, and an object that makes its tables when it starts has to start for them.
  if (kind !== 'Run' && (taken.ok ? isLast : taken.error.reason === OTHER_OWNER)) await startAnew(env, object)
  if (!taken.ok && taken.error.reason === OTHER_OWNER) await restores.forgetStill(restore.id, object)
  unwrap(taken)
}

async function startAnew(env: Env, object: StillObject): Promise<void> {
  try {
    await dumpedObject(env, object).startAnew()
  } catch (thrown) {
    // The instance ends in the middle of the call: this is how that looks from here.
    if (!String(thrown).includes(STARTS_ANEW)) throw thrown
  }
}

/** Lets some objects go on, tenants first, because runs tell them how they are. Gives how many there were to awaken. */
export async function awakenSome(env: Env, restores: Restores, restoreId: string): Promise<number> {
  for (const kind of OBJECT_CLASSES) {
    const still = await restores.listStill(restoreId, kind, PER_REQUEST)
    if (still.length === 0) continue
    const queue = still.values()
    const work = async () => {
      for (const object of queue) {
        unwrap(await dumpedObject(env, object).awaken())
        await restores.forgetStill(restoreId, object)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return still.length
  }
  return 0
}
