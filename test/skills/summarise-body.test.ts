import { expect, it } from 'vitest'
import { parseDocument } from '../../workers/agents/ingestion/parse'
import { summariseEmbedded } from '../../workers/skills/summarise/embedded'
import { tagEmbedded } from '../../workers/skills/tags/embedded'

const parse = (text: string, name: string) => parseDocument(new TextEncoder().encode(text), name)

it('the summary and tags of a mail are about its body, not its header', async () => {
  const document = await parse(
    'From: Ada Lovelace <ada@example.com>\r\nTo: bob@example.com\r\nSubject: Boiler\r\nContent-Type: text/plain\r\n\r\nThe boiler room needs new valves before the winter begins. The boiler room is cold.\r\n',
    'a.eml',
  )
  expect(summariseEmbedded({ document, class: 'other', style: 'short' }).summary).toMatch(/^The boiler room needs/)
  const tags = (await tagEmbedded({ document, limit: 10 })).tags
  expect(tags.map(({ tag }) => tag).join(' ')).not.toMatch(/lovelace|example|from/i)
  for (const { tag, span } of tags) expect(span?.quote.replace(/\s+/g, ' ')).toBe(tag)
})

it('the summary of a table says how large it is and what its columns are', async () => {
  const document = await parse('id,name,amount\n1,Ada,5\n2,Bob,7\n', 'a.csv')
  const { summary, sentences } = summariseEmbedded({ document, class: 'other', style: 'short' })
  expect(summary).toBe('a.csv: 2 rows, 3 columns: id, name, amount.')
  expect(sentences[0]?.spans[0]?.quote).toContain('id')
})
