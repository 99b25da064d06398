import { describe, expect, test } from 'vitest'
import { patternTerms, termsOf } from '../../../workers/skills/classify/learn/terms'

describe('patterns of words', () => {
  test('tell an order of words that pairs of neighbours do not show apart', () => {
    const [question, promise] = [patternTerms(['can', 'you', 'send']), patternTerms(['you', 'can', 'send'])]
    expect(question.filter((term) => promise.includes(term))).toEqual([])
  })

  test('see through one word in the middle', () => {
    const [one, other] = [patternTerms(['please', 'kindly', 'send']), patternTerms(['please', 'just', 'send'])]
    expect(one.filter((term) => other.includes(term))).toHaveLength(1)
  })

  test('are read only where they are asked for', () => {
    const sample = { text: 'please send it', marks: [] }
    expect(termsOf(sample, ['words', 'pieces']).patterns).toEqual([])
    expect(termsOf(sample, ['patterns']).patterns).toHaveLength(6)
  })
})
