import { describe, expect, it } from 'vitest'
import { summariseEmbedded } from '../../workers/skills/summarise/embedded'
import { tagEmbedded } from '../../workers/skills/tags/embedded'
import { textDocument } from './corpus/pdf-pages'
import { CONTRACT, GERMAN_INVOICE, NEWS } from './fixtures'

const summarise = (text: string, style: 'short' | 'long' | 'bullets' = 'short') =>
  summariseEmbedded({ document: textDocument(text), documentId: 'doc_1', style })

describe('summarise', () => {
  it("states an invoice's surest fields in its language, each with its place", () => {
    const { summary, sentences } = summarise(GERMAN_INVOICE)
    expect(summary).toBe(
      'Rechnung 2024-0815 von Muster Werkzeuge GmbH an Erika Beispiel, vom 2024-04-03, Betrag 255,85 EUR, fällig 2024-04-17.',
    )
    expect(sentences[0]?.spans.map((span) => span.quote)).toEqual([
      '2024-0815',
      'Muster Werkzeuge GmbH',
      'Erika Beispiel',
      '03.04.2024',
      '255,85 €',
      '17.04.2024',
    ])
  })

  it('leads a contract with its parties', () => {
    expect(summarise(CONTRACT).summary).toContain('between Bluefin Robotics, Inc. and Harbor Analytics LLC, effective 2019-03-25')
  })

  it('takes whole sentences of the text, in order, the opening among them', () => {
    const { sentences } = summarise(NEWS)
    expect(sentences).toHaveLength(2)
    for (const { text, spans } of sentences) {
      expect(NEWS.replace(/\s+/g, ' ')).toContain(text)
      expect(NEWS.slice(spans[0]?.start, spans[0]?.end)).toBe(spans[0]?.quote)
    }
    expect(sentences[0]?.text).toContain('council approved the plan')
  })

  it('writes one point a line when asked', () => {
    expect(
      summarise(NEWS, 'bullets')
        .summary.split('\n')
        .every((line) => line.startsWith('• ')),
    ).toBe(true)
  })

  it('shows the beginning of what has no sentence, and nothing of what has no text', () => {
    expect(summarise('a  b\n1  2').summary).toBe('a b 1 2')
    expect(summarise('').summary).toBe('')
  })
})

describe('tags', () => {
  it('finds the phrases a text is about, with their places', async () => {
    const { tags } = await tagEmbedded({ document: textDocument(NEWS), documentId: 'doc_1', limit: 6 })
    expect(tags.map((tag) => tag.tag.toLowerCase())).toEqual(expect.arrayContaining(['tram line']))
    for (const { tag, span } of tags) expect(NEWS.slice(span?.start, span?.end).replace(/\s+/g, ' ')).toBe(tag)
  })

  it('gives none for empty text', async () => {
    expect((await tagEmbedded({ document: textDocument(''), limit: 5 })).tags).toEqual([])
  })
})
