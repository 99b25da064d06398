import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadEmergingTagger, loadLexicon } from '../../workers/skills/entities/tagger/load'
import { spansOf } from '../../workers/skills/entities/tagger/model'
import { tokenize } from '../../workers/skills/entities/tagger/tokens'

describe('tokens', () => {
  it('are split as treebanks do, and keep their places', () => {
    const text = "It's Anna-Lena's @home, don't go to www.a.example/x!! U.S. 12.50"
    const tokens = tokenize(text)
    expect(tokens.map((token) => token.text)).toEqual([
      'It',
      "'s",
      'Anna-Lena',
      "'s",
      '@home',
      ',',
      'do',
      "n't",
      'go',
      'to',
      'www.a.example/x!!',
      'U.S.',
      '12.50',
    ])
    for (const { text: word, start, end } of tokens) expect(text.slice(start, end)).toBe(word)
  })

  it('cover every visible character of any text once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const joined = tokenize(text)
          .map((token) => token.text)
          .join('')
        expect(joined.replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''))
      }),
    )
  })
})

describe('labels', () => {
  it('become spans; what continues nothing begins one', () => {
    expect(spansOf(['B-x', 'I-x', 'I-y', 'O', 'I-x', 'B-x'])).toEqual([
      { type: 'x', from: 0, to: 2 },
      { type: 'y', from: 2, to: 3 },
      { type: 'x', from: 4, to: 5 },
      { type: 'x', from: 5, to: 6 },
    ])
  })
})

describe('the tagger of informal names', () => {
  it('finds people and places that no grammar announces', async () => {
    const text = 'omg just saw Justin Bieber at the mall in Toronto lol'
    const spans = (await loadEmergingTagger()).tag(text).map(({ type, start, end }) => `${type}:${text.slice(start, end)}`)
    expect(spans).toEqual(expect.arrayContaining(['person:Justin Bieber', 'location:Toronto']))
  })

  it('takes no longer per word in a long text than in a short one', async () => {
    const spans = (await loadEmergingTagger()).tag('Anna met Bob in Paris.\n'.repeat(4_000))
    expect(spans.length).toBeGreaterThan(4_000)
  })
})

describe('the lexicon', () => {
  it('knows frequent words, names and nothing of gibberish', async () => {
    const lexicon = await loadLexicon()
    expect(lexicon.word('the').rarity).toBeLessThan(3)
    expect(lexicon.word('london').kinds).toBeGreaterThan(0)
    expect(lexicon.word('qwzrtplkx')).toMatchObject({ cluster: -1, kinds: 0 })
    expect(lexicon.phrase('new york')).toBeGreaterThan(0)
  })
})
