import type { Idempotency } from '../domain/idempotency'
import type { TenantVault } from './tenant-vault'

/** A sealed answer takes the place of an answer's body. */
const HEADER = 'sealed:'

/**
 * Idempotency keys of one tenant with the kept answers sealed: an answer may show a secret once, and repeats what stands in documents.
 * The key is bound, so an answer opens for its own key only.
 */
export function createSealedIdempotency(idempotency: Idempotency, vault: Pick<TenantVault, 'sealContent' | 'open'>): Idempotency {
  return {
    ...idempotency,
    claim: async (claim) => {
      const outcome = await idempotency.claim(claim)
      if (outcome.kind !== 'done' || !outcome.answer.body.startsWith(HEADER)) return outcome
      const body = new TextDecoder().decode(await vault.open(outcome.answer.body.slice(HEADER.length), purposeOf(claim.key)))
      return { kind: 'done', answer: { ...outcome.answer, body } }
    },
    finish: async (key, { body, ...answer }) => {
      const sealed = body === '' ? '' : `${HEADER}${await vault.sealContent(new TextEncoder().encode(body), purposeOf(key))}`
      await idempotency.finish(key, { ...answer, body: sealed })
    },
  }
}

const purposeOf = (key: string): string => `idempotency/${key}`
