import { expect, test } from 'vitest'
import { answerEmbedded } from '../../workers/skills/answer/embedded'
import { withUnit } from '../../workers/skills/answer/units'

const EN =
  'The Customer shall pay a monthly fee of EUR 1,200. The initial term is 24 months. The interest rate is 4.5 percent. The parcel weighs 2.4 kg. The warranty lasts two years. The notice period is 30 days.'
const DE =
  'Die monatliche Vergütung beträgt 1.200 Euro zuzüglich Umsatzsteuer. Die Kündigungsfrist beträgt drei Monate zum Quartalsende. Der Verbrauch lag bei 3.435 kWh. Die Mindestlaufzeit ist 12 Monate.'

const ask = async (question: string, text: string) => {
  const span = { documentId: 'doc_1', page: 1, start: 0, end: text.length, quote: text }
  return await answerEmbedded({ question, passages: [{ id: 'chk_1', documentId: 'doc_1', name: 'contract.txt', text, context: '', span }] })
}

test.each([
  ['What is the monthly fee?', EN, 'EUR 1,200'],
  ['How long is the notice period?', EN, '30 days'],
  ['How long is the initial term?', EN, '24 months'],
  ['What is the interest rate?', EN, '4.5 percent'],
  ['How heavy is the parcel?', EN, '2.4 kg'],
  ['How long does the warranty last?', EN, 'two years'],
  ['Wie hoch ist die monatliche Vergütung?', DE, '1.200 Euro'],
  ['Wie lang ist die Kündigungsfrist?', DE, 'drei Monate'],
  ['Wie hoch war der Verbrauch?', DE, '3.435 kWh'],
  ['Wie lang ist die Mindestlaufzeit?', DE, '12 Monate'],
])('a short answer keeps its unit: %s', async (question, text, short) => {
  const answered = await ask(question, text)
  expect(answered.short?.text).toBe(short)
  const span = answered.short?.citation.span
  expect(text.slice(span?.start, span?.end)).toBe(short)
})

const candidate = (sentence: string, text: string) => {
  const start = sentence.indexOf(text)
  return { start, end: start + text.length, text }
}

test.each([
  ['with thirty (30) days of notice', '30', 'thirty (30) days'],
  ['with thirty (30) days of notice', 'thirty', 'thirty (30) days'],
  ['for two years', 'years', 'two years'],
  ['at 25 °C or less', '25', '25 °C'],
  ['It took 308 points to win', '308', '308'],
  ['on 4 May 2026 in Bonn', '4 May 2026', '4 May 2026'],
  ['by Ada Byron in Bonn', 'Ada Byron', 'Ada Byron'],
])('what is cut out of `%s` as `%s` becomes `%s`', (sentence, cut, whole) => {
  expect(withUnit(candidate(sentence, cut), sentence).text).toBe(whole)
})
