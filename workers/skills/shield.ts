import type { PiiFinding, Placeholder } from '../domain/guardrails'
import type { Shield } from '../domain/models'

/**
 * Masks the personal data of several texts, the same value by the same placeholder in all of them. A name that is found in one text is
 * masked in the others too; a piece of `framing` stays readable wherever it stands.
 */
export const shield: Shield = async (texts, framing = []) => {
  // Loaded when it is wanted: most tenants' models are inside, or need no mask.
  const [{ findPiiTogether }, { mask, unmask }] = await Promise.all([import('./pii/find'), import('./pii/mask')])
  let placeholders: Placeholder[] = []
  const found = await findPiiTogether(texts)
  const masked = texts.map((text, index) => {
    const result = mask(text, spare(text, found[index] ?? [], framing), placeholders)
    placeholders = result.placeholders
    return result.text
  })
  return { texts: masked, unmask: (text) => unmask(text, placeholders) }
}

/** Findings without what of them is framing. */
function spare(text: string, findings: readonly PiiFinding[], framing: readonly string[]): PiiFinding[] {
  const kept = framing.flatMap((piece) => occurrences(text, piece)).toSorted((a, b) => a.start - b.start)
  return findings.flatMap((finding) => {
    const rest: PiiFinding[] = []
    let at = finding.start
    for (const { start, end } of [...kept, { start: finding.end, end: finding.end }]) {
      if (end < at || start > finding.end) continue
      const piece = text.slice(at, Math.max(at, start))
      if (/[\p{L}\p{N}]/u.test(piece)) rest.push({ ...finding, start: at, end: at + piece.length, text: piece })
      at = Math.max(at, end)
    }
    return rest
  })
}

function occurrences(text: string, piece: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  if (piece === '') return found
  for (let start = text.indexOf(piece); start >= 0; start = text.indexOf(piece, start + piece.length))
    found.push({ start, end: start + piece.length })
  return found
}
