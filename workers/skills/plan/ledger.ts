import { isFiller } from './filler'

const WORD = /⟦[a-z]\d+⟧|[\p{L}\d][\p{L}\d'’%€$£&/._-]*[\p{L}\d%€$£]|[\p{L}\d€$£]/gu

/**
 * Which words of a goal something has understood. Invariant: a word that no reader has claimed and that is no filler is given back by
 * `unread`, so nothing of a goal is lost without a word about it.
 */
export class Ledger {
  private readonly read: Uint8Array

  constructor(private readonly text: string) {
    this.read = new Uint8Array(text.length)
  }

  claim(start: number, end: number): void {
    this.read.fill(1, Math.max(0, start), Math.max(0, end))
  }

  /** Stretches between two places that begin and end with a word nobody has claimed. */
  unread(start: number, end: number): string[] {
    const stretches: { from: number; to: number }[] = []
    let isOpen = false
    for (const match of this.text.slice(start, end).matchAll(WORD)) {
      const from = start + match.index
      const to = from + match[0].length
      if (this.isClaimed(from, to)) isOpen = false
      else if (!isFiller(match[0])) {
        const last = stretches.at(-1)
        if (isOpen && last) last.to = to
        else stretches.push({ from, to })
        isOpen = true
      }
    }
    return stretches.map(({ from, to }) => this.text.slice(from, to))
  }

  /** A word counts as understood when any of it was. */
  private isClaimed(from: number, to: number): boolean {
    return this.read.subarray(from, to).some((mark) => mark === 1)
  }
}
