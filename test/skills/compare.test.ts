import { describe, expect, it } from 'vitest'
import type { ParsedDocument } from '../../workers/domain/documents'
import { skills } from '../../workers/skills'
import type { SkillContext } from '../../workers/skills/skill'
import { textDocument } from './corpus/pdf-pages'
import { scriptedModel } from './scripted-model'

const LEASE = `The tenant rents the rooms on the second floor. The monthly rent is 2,450.00 EUR. The notice period is six months.

Pets are allowed with the consent of the landlord. The tenant cleans the stairs every second week.`

const run = async (before: ParsedDocument, after: ParsedDocument, context: SkillContext = {}) =>
  await skills.compare.run(skills.compare.input.parse({ before, after, beforeId: 'doc_old', afterId: 'doc_new' }), context)
const versions = async (before: string, after: string, context?: SkillContext) =>
  await run(textDocument(before), textDocument(after), context)

describe('comparing two versions', () => {
  it('finds nothing when only white space and quotation marks differ', async () => {
    const found = await versions(LEASE, LEASE.replaceAll(' rents ', '\nrents  '))
    expect(found).toMatchObject({ identical: true, changes: [], summary: 'The two versions say the same.' })
  })

  it('names what was changed, added and removed, with both places', async () => {
    const after =
      LEASE.replace('2,450.00 EUR', '2,600.00 EUR').replace('Pets are allowed with the consent of the landlord. ', '') +
      ' Smoking in the stairwell is forbidden.'
    const found = await versions(LEASE, after)
    expect(found.counts).toEqual({ added: 1, removed: 1, changed: 1, moved: 0, same: 3 })
    expect(found.changes.map(({ kind }) => kind)).toEqual(['changed', 'removed', 'added'])
    const [changed, removed, added] = found.changes
    expect(changed).toMatchObject({
      before: { documentId: 'doc_old', quote: 'The monthly rent is 2,450.00 EUR.' },
      after: { documentId: 'doc_new', quote: 'The monthly rent is 2,600.00 EUR.' },
      figures: [{ before: '2,450.00 EUR', after: '2,600.00 EUR' }],
    })
    expect(removed).toMatchObject({ before: { quote: 'Pets are allowed with the consent of the landlord.' } })
    expect(removed?.after).toBeUndefined()
    expect(added).toMatchObject({ after: { quote: 'Smoking in the stairwell is forbidden.' } })
    for (const [text, span] of [
      [LEASE, changed?.before],
      [after, changed?.after],
      [LEASE, removed?.before],
      [after, added?.after],
    ] as const)
      expect(text.slice(span!.start, span!.end)).toBe(span!.quote)
    expect(found.summary).toContain('“The monthly rent is …” changed from 2,450.00 EUR to 2,600.00 EUR')
  })

  it('shows the words of a change, which together are both versions', async () => {
    const { changes } = await versions('The tenant pays the costs of the heating.', 'The landlord pays half the costs of the heating.')
    const words = changes[0]!.words!
    expect(
      words
        .filter(({ kind }) => kind !== 'added')
        .map(({ text }) => text)
        .join(''),
    ).toBe('The tenant pays the costs of the heating.')
    expect(
      words
        .filter(({ kind }) => kind !== 'removed')
        .map(({ text }) => text)
        .join(''),
    ).toBe('The landlord pays half the costs of the heating.')
    expect(words.filter(({ kind }) => kind === 'removed')).toEqual([{ kind: 'removed', text: 'tenant ' }])
  })

  it('does not call an amount changed that is only written otherwise', async () => {
    const { changes } = await versions('Der Betrag ist 1.190,00 EUR netto.', 'Der Betrag ist EUR 1190 netto.')
    expect(changes).toEqual([])
  })

  it('tells a moved sentence from one that is gone and one that is new', async () => {
    const [first, second, third] = [
      'The rent is due on the first day.',
      'The tenant pays a deposit of two rents.',
      'Repairs are paid by the landlord alone.',
    ]
    const found = await versions(`${first} ${second} ${third}`, `${third} ${first} ${second}`)
    expect(found.counts).toMatchObject({ added: 0, removed: 0, changed: 0, moved: 1 })
  })

  it('names the section of a change and compares tables row by row', async () => {
    const document = (price: string): ParsedDocument => {
      const text = `Prices\nApples\t1.20\nPears\t${price}\nPlums\t3.10`
      const parsed = textDocument(text)
      return {
        ...parsed,
        blocks: [
          { kind: 'heading', level: 1, page: 1, start: 0, end: 6 },
          { kind: 'table', page: 1, start: 7, end: text.length, table: 0 },
        ],
      }
    }
    const { changes } = await run(document('2.20'), document('2.60'))
    expect(changes).toMatchObject([
      { section: 'Prices', kind: 'changed', before: { quote: 'Pears\t2.20' }, figures: [{ before: '2.20', after: '2.60' }] },
    ])
  })

  it('stays exact and quick on long versions with few changes', async () => {
    const sentences = Array.from({ length: 6_000 }, (_, index) => `Clause ${index + 1} binds party ${(index * 7) % 1_000} for good.`)
    const changed = sentences.with(3_000, 'Clause 3001 binds nobody for good.').toSpliced(10, 1)
    const found = await versions(sentences.join('\n\n'), changed.join('\n\n'))
    expect(found.counts).toMatchObject({ removed: 1, changed: 1, added: 0, moved: 0 })
  })
})

describe('the summary of a model', () => {
  const after = LEASE.replace('2,450.00 EUR', '2,600.00 EUR')

  it('replaces the list in words, the changes stay those that were found', async () => {
    const model = scriptedModel({ sentences: [{ text: 'The rent rises from 2.450 € to 2.600 €.', changes: [1] }] })
    const found = await versions(LEASE, after, { chatModel: model })
    expect(found).toMatchObject({ provider: 'scripted', summary: 'The rent rises from 2.450 € to 2.600 €.', counts: { changed: 1 } })
  })

  it('loses sentences with figures that stand in no change', async () => {
    const model = scriptedModel({ sentences: [{ text: 'The rent rises by 10 %.', changes: [1] }] })
    const found = await versions(LEASE, after, { chatModel: model })
    expect(found.summary).toContain('“The monthly rent is …” changed from 2,450.00 EUR to 2,600.00 EUR')
    expect(found.warnings).toHaveLength(1)
  })

  it('is not asked for when nothing changed', async () => {
    expect(await versions(LEASE, LEASE, { chatModel: scriptedModel() })).toMatchObject({ identical: true, provider: 'embedded' })
  })
})
