import { describe, expect, it } from 'vitest'
import { relations } from '../../workers/skills/relations'
import { findRelations } from '../../workers/skills/relations/embedded'
import { textDocument } from './corpus/pdf-pages'

const stated = async (text: string) =>
  (await findRelations(relations.input.parse({ document: textDocument(text) }))).relations.map(
    ({ type, head, tail }) => `${head.name} ${type} ${tail.name}`,
  )

describe('relations', () => {
  it('are read from the sentence that states them', async () => {
    const text = 'Angela Merkel works for Northwind Supplies Ltd in London. The weather was fine.'
    const { relations: found } = await findRelations(relations.input.parse({ document: textDocument(text) }))
    expect(found.filter(({ type }) => type === 'works_for')).toMatchObject([
      {
        type: 'works_for',
        head: { name: 'Angela Merkel' },
        tail: { name: 'Northwind Supplies Ltd' },
        span: { quote: 'Angela Merkel works for Northwind Supplies Ltd in London.' },
      },
    ])
  })

  it('tell seat from mention', async () => {
    expect(await stated('Northwind Supplies Ltd is based in London.')).toEqual(['Northwind Supplies Ltd based_in London'])
    expect(await stated('Northwind Supplies Ltd exports to London.')).toEqual([])
  })

  it('are not read across sentences', async () => {
    expect(await stated('Angela Merkel was there. Northwind Supplies Ltd is a company.')).toEqual([])
  })

  it('use the entities that are given', async () => {
    const document = textDocument('Zorblax works for Quuxcorp.')
    const entity = (type: 'person' | 'organisation', text: string) => ({
      type,
      text,
      normalized: text,
      count: 1,
      span: { page: 1, start: 0, end: 1, quote: text },
    })
    const { relations: found } = await findRelations(
      relations.input.parse({ document, entities: [entity('person', 'Zorblax'), entity('organisation', 'Quuxcorp')] }),
    )
    expect(found).toMatchObject([{ type: 'works_for', head: { name: 'Zorblax' }, tail: { name: 'Quuxcorp' } }])
  })
})
