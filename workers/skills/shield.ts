import type { Placeholder } from '../domain/guardrails'
import type { Shield } from '../domain/models'

/** Masks the personal data of several texts, the same value by the same placeholder in all of them. */
export const shield: Shield = async (texts) => {
  // Loaded when it is wanted: most tenants' models are inside, or need no mask.
  const [{ findPii }, { mask, unmask }] = await Promise.all([import('./pii/find'), import('./pii/mask')])
  let placeholders: Placeholder[] = []
  const masked: string[] = []
  for (const text of texts) {
    const result = mask(text, await findPii(text), placeholders)
    placeholders = result.placeholders
    masked.push(result.text)
  }
  return { texts: masked, unmask: (text) => unmask(text, placeholders) }
}
