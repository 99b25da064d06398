import { describe, expect, it } from 'vitest'
import { splitSentences } from '../../workers/skills/sentences'
import { NEWS } from './fixtures'

const texts = (text: string) => splitSentences(text).map((sentence) => sentence.text)

describe('sentences', () => {
  it('does not end at abbreviations, initials and day numbers', () => {
    expect(texts('Am 3. März kam Dr. Weber, z. B. mit J. Meier. Dann ging er.')).toEqual([
      'Am 3. März kam Dr. Weber, z. B. mit J. Meier.',
      'Dann ging er.',
    ])
    expect(texts('Mr. Smith of Acme Inc. called. He was glad!')).toEqual(['Mr. Smith of Acme Inc. called.', 'He was glad!'])
  })

  it('goes on over line breaks and ends at blank lines', () => {
    expect(texts('One sentence over\ntwo lines.\n\nA heading\n\nAnother one.')).toEqual([
      'One sentence over\ntwo lines.',
      'A heading',
      'Another one.',
    ])
  })

  it('gives the exact place of each', () => {
    for (const { start, end, text } of splitSentences(NEWS)) expect(NEWS.slice(start, end)).toBe(text)
    expect(splitSentences(NEWS)).toHaveLength(7)
  })
})
