import { describe, expect, test } from 'vitest'
import { readCases, storeCases } from '../../workers/domain/dataset-cases'
import { readDataset, sealDataset } from '../../workers/domain/datasets'
import { createFakeFiles } from '../fakes/files'

const one = { id: 'a', input: { text: 'x' }, expected: 1, tags: ['t'] }

const deep = (inner: string) => `{"id":"b","input":${'['.repeat(50_000)}${inner}${']'.repeat(50_000)}}`

describe('the text of a dataset', () => {
  test('is a list, an object with cases, or a case a line', () => {
    const lines = `${JSON.stringify(one)}\n\n${JSON.stringify({ id: 'b', input: 1 })}\r\n`
    expect(readDataset(lines)).toEqual([one, { id: 'b', input: 1, tags: [] }])
    expect(readDataset(JSON.stringify([one]))).toEqual([one])
    expect(readDataset(JSON.stringify({ cases: [one] }))).toEqual([one])
    expect(readDataset(JSON.stringify(one))).toEqual([one])
  })

  test.each([
    ['no case', '[]', { path: '' }],
    ['the same id twice', JSON.stringify([one, one]), { path: 'cases[1].id' }],
    ['a case without input', JSON.stringify([{ id: 'a' }]), { path: 'cases[0].input' }],
    ['a member that is none', JSON.stringify([{ ...one, expect: 1 }]), { path: 'cases[0]' }],
    ['a line that is no JSON', `${JSON.stringify(one)}\nnonsense`, { line: 2 }],
    ['a line that is nested too deeply', `${JSON.stringify(one)}\n${deep(JSON.stringify(one))}`, { line: 2 }],
    ['one line that is nested too deeply', deep(JSON.stringify(one)), { line: 1 }],
    ['a whole that is nested too deeply', `[\n${deep('1')}\n]`, { line: 2 }],
    ['a forbidden key on a line', `${JSON.stringify(one)}\n{"id":"b","input":{"__proto__":{"x":1}}}`, { line: 2 }],
    ['a wrong case on a line', `${JSON.stringify(one)}\n{"id":""}`, { line: 2 }],
  ])('is refused for %s, with its place', (_, text, problem) => {
    expect(() => readDataset(text)).toThrowError(
      expect.objectContaining({ code: 'invalid', problems: expect.arrayContaining([expect.objectContaining(problem)]) }),
    )
  })

  test('is refused beyond 5,000 cases', () => {
    const many = Array.from({ length: 5_001 }, (_, at) => ({ id: `${at}`, input: 0 }))
    expect(() => readDataset(JSON.stringify(many))).toThrowError(expect.objectContaining({ code: 'too_large' }))
  })
})

test('the version is that of the cases, not of the way they were written', async () => {
  const version = async (text: string) => (await sealDataset(readDataset(text))).version
  expect(await version(JSON.stringify([one]))).toBe(
    await version(JSON.stringify({ tags: ['t'], expected: 1, input: { text: 'x' }, id: 'a' })),
  )
  expect(await version(JSON.stringify([one]))).not.toBe(await version(JSON.stringify([{ ...one, expected: 2 }])))
})

test('cases are read from any place to any place', async () => {
  const files = createFakeFiles()
  const { version, cases } = await sealDataset(
    readDataset(JSON.stringify(Array.from({ length: 250 }, (_, at) => ({ id: `${at}`, input: at })))),
  )
  await storeCases(files, { name: 'd', version }, cases)
  expect(files.keys()).toHaveLength(3)
  const ids = async (from: number, count: number) =>
    (await readCases(files, { name: 'd', version }, from, count)).map(({ id }) => Number(id))
  expect(await ids(95, 10)).toEqual([95, 96, 97, 98, 99, 100, 101, 102, 103, 104])
  expect(await ids(240, 20)).toEqual([240, 241, 242, 243, 244, 245, 246, 247, 248, 249])
  await expect(readCases(files, { name: 'gone', version }, 0, 1)).rejects.toMatchObject({ code: 'not_found' })
})
