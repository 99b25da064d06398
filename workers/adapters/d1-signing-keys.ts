import { inArray, like } from 'drizzle-orm'
import * as z from 'zod'
import { SIGNING_KEY_AGE_MS, SIGNING_KEY_LEAD_MS } from '../domain/auth'
import { AppError } from '../domain/error'
import { createHeld } from '../domain/held'
import { signerAt, verifiersAt } from '../domain/signing-keys'
import { openD1 } from './d1'
import { signingKeys } from './schema'
import { importSigningKey, newPrivateJwk, type SigningKey, type SigningKeys } from './signing-keys'
import type { Vault } from './vault'

/** The first key of an installation. Later ones are `access/<when>`. */
const FIRST = 'access'
/** Well below the lead of a new key, so every isolate knows a key before it signs. */
const MEMORY_MS = SIGNING_KEY_LEAD_MS / 3
/** An unknown key id makes the set be read again, but no more often than this: anyone can send one. */
const RETRY_MS = 30_000

type Stored = SigningKey & { name: string; createdAt: string }

/** Keys that are made here and kept in D1, sealed with the master key: for an installation where nobody set a secret. */
export interface KeptSigningKeys extends SigningKeys {
  /** Makes a key now: it is published at once and signs after the lead time. Gives its id. */
  rotate(): Promise<string>
  /** Makes a new key when the newest is old, and deletes those whose tokens have all expired. Of many who do so at once one does. */
  tend(): Promise<{ made: number; deleted: number }>
}

export function createD1SigningKeys(binding: D1Database, master: Vault, clock: { now(): Date }): KeptSigningKeys {
  const rows = openRows(binding, master, clock)
  const now = () => clock.now().getTime()
  const known = createHeld<Stored[]>()
  const keys = (maxAgeMs: number) => known.get(now(), maxAgeMs, () => firstOrAll(rows))
  const find = async (kid: string, maxAgeMs: number) => verifiersAt(await keys(maxAgeMs), now()).find((key) => key.kid === kid)
  return {
    signer: async () => {
      const signer = signerAt(await keys(MEMORY_MS), now())
      if (signer === undefined) throw notStored()
      return signer
    },
    find: async (kid) => (await find(kid, MEMORY_MS)) ?? (await find(kid, RETRY_MS)),
    published: async () => verifiersAt(await keys(MEMORY_MS), now()),
    rotate: async () => {
      await keys(MEMORY_MS)
      const name = `${FIRST}/${clock.now().toISOString()}`
      await rows.make(name)
      known.letGo()
      const made = (await keys(MEMORY_MS)).find((key) => key.name === name)
      if (made === undefined) throw notStored()
      return made.kid
    },
    tend: async () => {
      const done = await tendRows(rows, now())
      known.letGo()
      return done
    },
  }
}

/** The keys, after the first has been made where there was none. */
async function firstOrAll(rows: Rows): Promise<Stored[]> {
  const found = await rows.readAll()
  if (found.length > 0) return found
  await rows.make(FIRST)
  // Read back also when just made: another isolate may have been first.
  return await rows.readAll()
}

async function tendRows(rows: Rows, now: number): Promise<{ made: number; deleted: number }> {
  const all = await rows.readAll()
  const newest = Math.max(...all.map(({ createdAt }) => Date.parse(createdAt)))
  const isDue = all.length > 0 && now - newest >= SIGNING_KEY_AGE_MS
  // Named after its predecessor, so that of two sweeps at once only one makes it.
  if (isDue) await rows.make(`${FIRST}/after/${new Date(newest).toISOString()}`)
  const good = new Set(verifiersAt(all, now).map((key) => key.name))
  const old = all.map((key) => key.name).filter((name) => !good.has(name))
  if (old.length > 0) await rows.delete(old)
  return { made: isDue ? 1 : 0, deleted: old.length }
}

type Rows = ReturnType<typeof openRows>

/** The sealed keys. Making one under a name that is there does nothing. */
function openRows(binding: D1Database, master: Vault, clock: { now(): Date }) {
  const db = openD1(binding)
  const purposeOf = (name: string) => `signing-key/${name}`
  return {
    readAll: async (): Promise<Stored[]> => {
      // Keys of other purposes stand in the same table.
      const rows = await db
        .select()
        .from(signingKeys)
        .where(like(signingKeys.name, `${FIRST}%`))
      return await Promise.all(
        rows.map(async ({ name, sealed, createdAt }) => ({
          ...(await openKey(await master.open(sealed, purposeOf(name)))),
          name,
          createdAt,
        })),
      )
    },
    make: async (name: string): Promise<void> => {
      const sealed = await master.seal(new TextEncoder().encode(JSON.stringify(await newPrivateJwk())), purposeOf(name))
      await db.insert(signingKeys).values({ name, sealed, createdAt: clock.now().toISOString() }).onConflictDoNothing()
    },
    delete: async (names: string[]): Promise<void> => {
      await db.delete(signingKeys).where(inArray(signingKeys.name, names))
    },
  }
}

const notStored = () => new AppError('unavailable', 'The signing key could not be stored; try again.')
const Jwk = z.looseObject({ kty: z.string() })
const openKey = async (plain: Uint8Array): Promise<SigningKey> =>
  await importSigningKey(Jwk.parse(JSON.parse(new TextDecoder().decode(plain))))
