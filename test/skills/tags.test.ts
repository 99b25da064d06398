import { expect, test } from 'vitest'
import { skills } from '../../workers/skills'
import { textDocument } from './corpus/pdf-pages'

const tag = async (text: string, limit = 4) => (await skills.tags.run({ document: textDocument(text), limit }, {})).tags

test('tags stand in the text, each with its place, and are no more than asked for', async () => {
  const text = 'The lease agreement names the notice period. The notice period of the lease agreement is three months.'
  const tags = await tag(text, 2)
  expect(tags).toHaveLength(2)
  for (const { tag: phrase, span } of tags) {
    expect(text.toLowerCase()).toContain(phrase.toLowerCase())
    expect(span && text.slice(span.start, span.end).toLowerCase()).toBe(phrase.toLowerCase())
  }
})

test('function words alone are no tags', async () => {
  expect(await tag('It is what it is, and that is that.')).toEqual([])
})
