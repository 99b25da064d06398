import { Passage } from '../../../domain/citations'
import type { Verify } from '../../../domain/evaluation-metrics'
import { verifyClaim } from '../../../skills/citations/verify'
import { splitSentences } from '../../../skills/sentences'

/**
 * Whether sources bear out each sentence of a text, by the same check as citations of answers go through. Sources are passages, objects
 * with a `text`, or plain texts; anything else bears out nothing.
 */
export const verifySentences: Verify = (text, sources) => {
  const passages = (Array.isArray(sources) ? sources : [sources]).flatMap(passageOf)
  const ids = passages.map(({ id }) => id)
  return splitSentences(text).map((sentence) => verifyClaim({ text: sentence.text, cited: ids }, passages).status !== 'unverified')
}

function passageOf(source: unknown, at: number): Passage[] {
  const passage = Passage.safeParse(source)
  if (passage.success) return [{ ...passage.data, id: `${at}` }]
  const text = typeof source === 'object' && source !== null && 'text' in source ? source.text : source
  if (typeof text !== 'string') return []
  return [
    { id: `${at}`, documentId: `${at}`, name: `${at}`, text, context: '', span: { page: 1, start: 0, end: text.length, quote: text } },
  ]
}
