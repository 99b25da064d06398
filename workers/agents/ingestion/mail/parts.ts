import { MAX_MAIL_PARTS } from '../limits'

/** A mail cut after so many parts as are read, and how many there were. */
export interface BoundedMail {
  bytes: Uint8Array
  parts: number
}

/**
 * Cuts a mail at its first part too many, before it is parsed: the parser takes time in the square of the parts. What is cut ends in
 * the delimiter that closes the part list, so that the rest is well formed.
 */
export function boundParts(bytes: Uint8Array): BoundedMail {
  const text = new TextDecoder('latin1').decode(bytes)
  const boundaries = new Set(
    [...text.matchAll(/boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi)].map((match) => match[1] ?? match[2]),
  )
  let parts = 0
  let cut: { at: number; boundary: string } | undefined
  for (const line of text.matchAll(/^--([^\r\n]{1,204}?)[ \t]*$/gm)) {
    const [, boundary = ''] = line
    if (!boundaries.has(boundary)) continue
    if (++parts === MAX_MAIL_PARTS + 1) cut = { at: line.index, boundary }
  }
  if (cut === undefined) return { bytes, parts }
  const end = new TextEncoder().encode(`--${cut.boundary}--\r\n`)
  const kept = new Uint8Array(cut.at + end.length)
  kept.set(bytes.subarray(0, cut.at))
  kept.set(end, cut.at)
  return { bytes: kept, parts }
}
