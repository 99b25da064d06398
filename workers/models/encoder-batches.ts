/** Attention needs memory by the square of the longest text, so a text counts no further than this. About 190 English words. */
export const MAX_TOKENS = 256
const MAX_TEXTS_PER_BATCH = 32
/** Texts of a batch are padded to the longest: texts × longest stays below this, which bounds one pass to about 20 MB. */
const MAX_PADDED_TOKENS = 2_048

/**
 * Groups texts for one pass each, by index. Texts of similar length go together so that little is padding.
 * Every index appears exactly once; a batch is never empty.
 */
export function planBatches(lengths: readonly number[]): number[][] {
  const order = lengths.map((_, index) => index).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b)
  const batches: number[][] = []
  let batch: number[] = []
  for (const index of order) {
    const isFull = batch.length >= MAX_TEXTS_PER_BATCH || (batch.length + 1) * (lengths[index] ?? 0) > MAX_PADDED_TOKENS
    if (batch.length > 0 && isFull) {
      batches.push(batch)
      batch = []
    }
    batch.push(index)
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}
