import { like } from 'drizzle-orm'
import { CompactSign } from 'jose'
import * as z from 'zod'
import type { AuditSigner } from '../domain/audit'
import { SIGNING_KEY_AGE_MS } from '../domain/auth'
import { AppError } from '../domain/error'
import { createHeld } from '../domain/held'
import { canonicalJson } from '../domain/json'
import { openD1 } from './d1'
import { signingKeys } from './schema'
import { importSigningKey, newPrivateJwk, type SigningKey } from './signing-keys'
import type { Vault } from './vault'

/** Names of these keys; those of access tokens begin otherwise, so neither purpose ever takes a key of the other. */
export const AUDIT_KEY_PREFIX = 'audit/'
/** Another isolate may have made a new key; the old one signs as well. */
const MEMORY_MS = 10 * 60_000

/** Checkpoints say what they are, so that no other verifier takes one for something of its own. */
const TYPE = 'steward-audit-checkpoint+jws'

type Dated = SigningKey & { createdAt: string }

/**
 * The keys that sign checkpoints of audits (ES256), sealed in D1 with the master key. A new one is made after 90 days. Old ones are
 * never deleted: what they signed must stay provable.
 */
export function createD1AuditKeys(binding: D1Database, master: Vault, clock: { now(): Date }): AuditSigner {
  const known = createHeld<Dated[]>()
  const keys = () => known.get(clock.now().getTime(), MEMORY_MS, () => load(binding, master, clock))
  return {
    sign: async (claim) => {
      const signer = (await keys()).at(-1)
      if (signer === undefined) throw new AppError('unavailable', 'The key of the audit could not be stored; try again.')
      return await new CompactSign(new TextEncoder().encode(canonicalJson(claim)))
        .setProtectedHeader({ alg: 'ES256', kid: signer.kid, typ: TYPE })
        .sign(signer.privateKey)
    },
    publicKeys: async () => (await keys()).map(({ publicJwk }) => publicJwk),
  }
}

/** All keys, oldest first, after one was made where none is young enough. */
async function load(binding: D1Database, master: Vault, clock: { now(): Date }): Promise<Dated[]> {
  const found = await readAll(binding, master)
  const newest = found.at(-1)
  const now = clock.now()
  if (newest !== undefined && now.getTime() - Date.parse(newest.createdAt) < SIGNING_KEY_AGE_MS) return found
  // Named after its predecessor, so that of many isolates at once only one makes it.
  const name = `${AUDIT_KEY_PREFIX}${newest === undefined ? 'first' : `after/${newest.createdAt}`}`
  const sealed = await master.seal(new TextEncoder().encode(JSON.stringify(await newPrivateJwk())), purposeOf(name))
  await openD1(binding).insert(signingKeys).values({ name, sealed, createdAt: now.toISOString() }).onConflictDoNothing()
  return await readAll(binding, master)
}

async function readAll(binding: D1Database, master: Vault): Promise<Dated[]> {
  const rows = await openD1(binding)
    .select()
    .from(signingKeys)
    .where(like(signingKeys.name, `${AUDIT_KEY_PREFIX}%`))
    .orderBy(signingKeys.createdAt)
  return await Promise.all(
    rows.map(async ({ name, sealed, createdAt }) => {
      const plain = new TextDecoder().decode(await master.open(sealed, purposeOf(name)))
      return { ...(await importSigningKey(Jwk.parse(JSON.parse(plain)))), createdAt }
    }),
  )
}

const purposeOf = (name: string): string => `signing-key/${name}`
const Jwk = z.looseObject({ kty: z.string() })
