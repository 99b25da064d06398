import type { CachedAnswer, ModelCache } from '../domain/model-cache'
import type { TenantVault } from './tenant-vault'

/** A sealed answer takes the place of an answer's text. */
const HEADER = 'sealed:'

/**
 * Earlier answers of one tenant with their texts sealed: an answer repeats what stands in documents. The questions of equal meaning stay
 * readable, because they are compared. An entry that does not open is none.
 */
export function createSealedModelCache(cache: ModelCache, vault: Pick<TenantVault, 'sealContent' | 'open'>): ModelCache {
  return {
    ...cache,
    find: async (key, now) => {
      const found = await cache.find(key, now)
      return found && (await opened(vault, found))
    },
    listMeanings: async (scope, now) => {
      const known = await cache.listMeanings(scope, now)
      const answers = await Promise.all(known.map(async (meaning) => ({ meaning, answer: await opened(vault, meaning.answer) })))
      return answers.flatMap(({ meaning, answer }) => (answer === undefined ? [] : [{ ...meaning, answer }]))
    },
    store: async (entry) => {
      const { text, json, ...rest } = entry.answer
      const plain = new TextEncoder().encode(JSON.stringify({ text, ...(json !== undefined && { json }) }))
      const sealed = await vault.sealContent(plain, PURPOSE)
      await cache.store({ ...entry, answer: { ...rest, text: `${HEADER}${sealed}` } })
    },
  }
}

const PURPOSE = 'model-answer'

async function opened(vault: Pick<TenantVault, 'open'>, answer: CachedAnswer): Promise<CachedAnswer | undefined> {
  if (!answer.text.startsWith(HEADER)) return answer
  const plain = new TextDecoder().decode(await vault.open(answer.text.slice(HEADER.length), PURPOSE))
  const { text, json } = JSON.parse(plain) as Pick<CachedAnswer, 'text' | 'json'>
  return { ...answer, text, ...(json !== undefined && { json }) }
}
