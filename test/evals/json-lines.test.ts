import { expect, it } from 'vitest'
import { anObject, readJsonLines } from '../../evals/json-lines'

it('leaves out a broken line, says which, and counts the rest', () => {
  const said: string[] = []
  const rows = readJsonLines('{"id":1}\n{"id":\n\n7\n{"id":2}\n', 'gold.jsonl', anObject<{ id: number }>, (line) => said.push(line))
  expect(rows).toEqual([{ id: 1 }, { id: 2 }])
  expect(said).toEqual([expect.stringMatching(/^gold\.jsonl:2 is left out: /), 'gold.jsonl:4 is left out: it is no JSON object'])
})

it('fails a file of which nothing can be read, and takes an empty one for empty', () => {
  expect(() => readJsonLines('{\n[', 'gold.jsonl', anObject, () => undefined)).toThrow('None of the 2 lines of gold.jsonl can be read.')
  expect(readJsonLines('\n', 'gold.jsonl', anObject)).toEqual([])
})
