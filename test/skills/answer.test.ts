import { describe, expect, it } from 'vitest'
import type { Encoder } from '../../workers/domain/models'
import { skills } from '../../workers/skills'
import { LEARNED_WITH } from '../../workers/skills/answer/weights'
import type { SkillContext } from '../../workers/skills/skill'
import { scriptedModel } from './scripted-model'
import { passagesOf } from './sources'

const LEASE = passagesOf({
  'lease.pdf':
    'The tenant rents the rooms on the second floor of Harbour House. The monthly rent is 2,450.00 EUR and is due on the third working day. The notice period is six months to the end of a quarter.',
  'handbook.pdf':
    'Employees may work from home on two days a week. Anna Keller leads the office in Lyon. Travel expenses are paid within 14 days after the receipt was handed in.',
  'minutes.pdf':
    'The board met in Rotterdam on 12 May 2026. It approved the purchase of the warehouse because the old building floods every winter.',
})

const ask = async (question: string, passages = LEASE, context: SkillContext = {}, more: object = {}) =>
  await skills.answer.run(skills.answer.input.parse({ question, passages, ...more }), context)

describe('an embedded answer', () => {
  it.each([
    ['How high is the monthly rent?', 'The monthly rent is 2,450.00 EUR', '2,450.00 EUR', 'lease.pdf'],
    ['Who leads the office in Lyon?', 'Anna Keller leads the office in Lyon.', 'Anna Keller', 'handbook.pdf'],
    ['When did the board meet in Rotterdam?', 'The board met in Rotterdam', '12 May 2026', 'minutes.pdf'],
    ['How many days a week may employees work from home?', 'work from home on two days a week', 'two', 'handbook.pdf'],
    ['Where did the board meet on 12 May 2026?', 'The board met in Rotterdam', 'Rotterdam', 'minutes.pdf'],
  ])('quotes the sentence that answers: %s', async (question, quoted, short, name) => {
    const answered = await ask(question)
    expect(answered).toMatchObject({ abstained: false, provider: 'embedded', degraded: false })
    expect(answered.answer).toContain(quoted)
    expect(answered.short?.text).toContain(short)
    const [sentence] = answered.sentences
    expect(sentence).toMatchObject({ status: 'verified', support: 1 })
    const span = sentence!.citations[0]!.span
    const source = LEASE.find((passage) => passage.documentId === span.documentId)!
    expect(source.name).toBe(name)
    expect(source.text.slice(span.start, span.end)).toBe(span.quote)
    const exact = answered.short!.citation.span
    expect(source.text.slice(exact.start, exact.end)).toBe(answered.short!.text)
  })

  it('answers why with the statement, without a short answer cut out of it', async () => {
    expect((await ask('Why did the board approve the purchase of the warehouse?')).answer).toContain('because the old building floods')
  })

  it.each([
    'Who is the chief executive of the bank?',
    'How many ships are in the port?',
    'When was the school founded?',
    'What is the boiling point of ethanol?',
  ])('abstains when the sources do not say: %s', async (question) => {
    expect(await ask(question)).toMatchObject({ abstained: true, reason: 'not_stated', sentences: [], answer: 'The sources do not say.' })
  })

  const FACTS = passagesOf({
    'report.pdf':
      'Vela Corporation was founded in 1987 by Ingrid Halvorsen. In 2022 the revenue of Vela was 41.2 million euros, in 2023 it was 47.9 million euros. Its net profit was 3 million euros in 2023.',
    'lease.pdf': 'The lease starts on 1 July 2026. The notice period is three months.',
    'history.pdf': 'Napoleon was born in Ajaccio on 15 August 1769.',
  })
  it.each([
    ['the opposite', 'When does the lease end?'],
    ['the opposite', 'When did Napoleon die?'],
    ['the opposite', 'What was the net loss of Vela in 2023?'],
    ['another year', 'What was the net profit of Vela in 2021?'],
  ])('does not take a sentence for an answer that says %s: %s', async (_, question) => {
    expect((await ask(question, FACTS)).short).toBeUndefined()
  })

  it.each([
    ['What was the revenue of Vela in 2022?', '41.2 million euros'],
    ['What was the revenue of Vela in 2023?', '47.9 million euros'],
    ['When does the lease start?', '1 July 2026'],
    ['When was Napoleon born?', '15 August 1769'],
  ])('gives what belongs to what is asked: %s', async (question, short) => {
    expect((await ask(question, FACTS)).short?.text).toContain(short)
  })

  it.each([
    ['The notice period is six months, right?', 'six months', 'three months'],
    ['Was Vela Corporation founded in 1990?', '1990', '1987'],
  ])('says what a question takes for granted wrongly: %s', async (question, asked, found) => {
    expect((await ask(question, FACTS)).premise).toMatchObject({ asked, found })
  })

  it('abstains without sources, and does not ask a model then', async () => {
    const model = scriptedModel()
    expect(await ask('Who leads the office?', [], { chatModel: model })).toMatchObject({
      abstained: true,
      reason: 'no_sources',
      provider: 'embedded',
    })
  })

  it('abstains in the language of the question', async () => {
    expect((await ask('Wer ist der Geschäftsführer der Bank und seit wann?')).answer).toBe('Die Quellen sagen dazu nichts.')
  })

  it('says so when the question takes a wrong figure for granted', async () => {
    const answered = await ask('Why does the notice period of three months end with a quarter?')
    expect(answered).toMatchObject({ abstained: false, premise: { asked: 'three months', found: 'six months' } })
    expect(answered.answer).toContain('The question says three months; the source says six months.')
    expect(answered.premise?.citation.span.quote).toContain('six months')
  })

  it('follows the source where it contradicts common knowledge', async () => {
    const passages = passagesOf({ 'atlas.txt': 'The capital of France is Lyon. It has three rivers.' })
    expect((await ask('What is the capital of France?', passages)).short?.text).toBe('Lyon')
  })

  it('shows both sides when sources contradict each other', async () => {
    const passages = passagesOf({
      'contract.pdf': 'The warranty period for the pumps is 24 months from delivery.',
      'offer.pdf': 'The warranty period for the pumps is 36 months from delivery.',
    })
    const answered = await ask('How long is the warranty period for the pumps?', passages)
    expect(answered.contradictions).toHaveLength(1)
    expect(answered.contradictions[0]?.sides.map(({ value }) => value).sort()).toEqual(['24 months', '36 months'])
    expect(answered.answer).toContain('The sources disagree')
  })

  it('goes on by words and says so when the encoder is dead or silent', async () => {
    const dead: Encoder = { model: LEARNED_WITH, dimensions: 2, embed: async () => Promise.reject(new Error('The encoder is not there.')) }
    const answered = await ask('Who leads the office in Lyon?', LEASE, { encoder: dead })
    expect(answered).toMatchObject({ abstained: false, warnings: [expect.stringContaining('The encoder is not there.')] })
  })
})

const rent = { text: 'The rent is 2.450 € a month.', places: [{ source: 1, quote: 'The monthly rent is 2,450.00 EUR' }] }
const said = (more: object = {}) => ({ answered: true, sentences: [rent], premise: null, contradictions: [], ...more })

describe('an answer of a model', () => {
  it('is verified sentence by sentence, amounts in any way of writing', async () => {
    const model = scriptedModel(said())
    const answered = await ask('How high is the rent?', LEASE, { chatModel: model })
    expect(answered).toMatchObject({ provider: 'scripted', degraded: false, abstained: false, warnings: [] })
    expect(answered.sentences).toMatchObject([
      { status: 'verified', citations: [{ passageId: 'chk_lease.pdf', span: { quote: 'The monthly rent is 2,450.00 EUR' } }] },
    ])
    const prompt = JSON.stringify(model.requests[0]?.messages)
    expect(prompt).toContain('[source 1: lease.pdf, page 1]')
    expect(prompt).toContain('How high is the rent?')
  })

  it('loses the sentences that no source bears out, or shows them as unverified', async () => {
    const wrong = { text: 'The rent is 2,600 EUR a month.', places: [{ source: 1, quote: 'The monthly rent is 2,450.00 EUR' }] }
    const invented = { text: 'Pets are forbidden in the building.', places: [{ source: 2, quote: 'Pets are forbidden' }] }
    const turns = said({ sentences: [rent, wrong, invented] })
    const dropped = await ask('How high is the rent?', LEASE, { chatModel: scriptedModel(turns) })
    expect(dropped.sentences.map(({ text }) => text)).toEqual([rent.text])
    expect(dropped.answer).not.toContain('2,600')
    expect(dropped.warnings[0]).toContain('2 of 3 sentences')
    const marked = await ask('How high is the rent?', LEASE, { chatModel: scriptedModel(turns) }, { unverified: 'mark' })
    expect(marked.sentences.map(({ status }) => status)).toEqual(['verified', 'unverified', 'unverified'])
    expect(marked.sentences[1]?.problems[0]).toContain('2,600 EUR')
  })

  it('that names the wrong source is repaired', async () => {
    const turns = said({ sentences: [{ ...rent, places: [{ source: 3, quote: 'The monthly rent is 2,450.00 EUR' }] }] })
    const answered = await ask('How high is the rent?', LEASE, { chatModel: scriptedModel(turns) })
    expect(answered.sentences).toMatchObject([{ status: 'repaired', citations: [{ passageId: 'chk_lease.pdf' }] }])
  })

  it('of which nothing is borne out is no answer', async () => {
    const turns = said({ sentences: [{ text: 'The building has nine floors.', places: [{ source: 1, quote: 'nine floors' }] }] })
    expect(await ask('How many floors are there?', LEASE, { chatModel: scriptedModel(turns) })).toMatchObject({
      abstained: true,
      reason: 'unverified',
      sentences: [],
    })
  })

  it('shows a premise and a contradiction only where their quotes stand in the sources', async () => {
    const place = { source: 1, quote: 'The notice period is six months' }
    const made = { source: 2, quote: 'three months, as agreed' }
    const turns = said({
      premise: { asked: 'three months', found: 'six months', place },
      contradictions: [
        {
          about: 'notice',
          sides: [
            { value: 'six', place },
            { value: 'three', place: made },
          ],
        },
      ],
    })
    const answered = await ask('Why three months?', LEASE, { chatModel: scriptedModel(turns) })
    expect(answered.premise).toMatchObject({ found: 'six months', citation: { span: { quote: 'The notice period is six months' } } })
    expect(answered.contradictions).toEqual([])
  })
})
