import { describe, expect, it } from 'vitest'
import { sentiment } from '../../workers/skills/sentiment'
import { judgeSentiment } from '../../workers/skills/sentiment/embedded'
import { scoreSentence } from '../../workers/skills/sentiment/score'
import { textDocument } from './corpus/pdf-pages'

const judge = (text: string) => judgeSentiment(sentiment.input.parse({ document: textDocument(text) }))

describe('sentiment', () => {
  it.each([
    ['positive', 'We are very happy with the new machine. Great service!'],
    ['negative', 'The delivery was late and the goods were damaged. This is a terrible experience.'],
    ['neutral', 'The invoice has three pages and was sent on Monday.'],
    ['mixed', 'The engineer was excellent and very friendly. The pump is a horrible disaster.'],
    ['positive', 'Wir sind sehr zufrieden und danken Ihnen für die hervorragende Zusammenarbeit.'],
    ['negative', 'Leider ist die Ware beschädigt und Ihr Service ist wirklich schlecht.'],
    ['neutral', 'Die Rechnung hat drei Seiten und wurde am Montag verschickt.'],
  ])('is %s in %j', (expected, text) => {
    expect(judge(text).sentiment).toBe(expected)
  })

  it('is turned by negation and raised by emphasis, in both languages', () => {
    expect(scoreSentence('The service was not good.', 'en').score).toBeLessThan(0)
    expect(scoreSentence('The service was very good!', 'en').score).toBeGreaterThan(scoreSentence('The service was good.', 'en').score)
    expect(scoreSentence('Ich bin nicht zufrieden.', 'de').score).toBeLessThan(0)
    expect(scoreSentence('Good price, but terrible quality.', 'en').score).toBeLessThan(0)
  })

  it('shows the sentences and words that decide, strongest first', () => {
    const text = 'It works. The screen is awful! The box is nice.'
    const { sentences } = judge(text)
    expect(sentences[0]).toMatchObject({ words: ['awful'], span: { quote: 'The screen is awful!' } })
    for (const { span } of sentences) expect(text.slice(span.start, span.end)).toBe(span.quote)
  })
})
