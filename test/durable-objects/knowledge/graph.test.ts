import { describe, expect, test } from 'vitest'
import { partition } from '../../../durable-objects/knowledge/graph-communities'
import { nearPairs } from '../../../durable-objects/knowledge/graph-rows'
import { blend } from '../../../durable-objects/knowledge/graph-search'
import { sentencesOf, statementsOf } from '../../../durable-objects/knowledge/graph-summaries'

describe('communities', () => {
  const clique = (names: string[]) => names.flatMap((a, at) => names.slice(at + 1).map((b) => ({ a, b, weight: 1 })))

  test('are what is connected more within than without, the heaviest first, and each time the same', async () => {
    const pairs = [
      ...clique(['a', 'b', 'c', 'd']),
      ...clique(['x', 'y', 'z']),
      { a: 'd', b: 'x', weight: 0.1 },
      { a: 'p', b: 'q', weight: 9 },
    ]
    const found = await partition(pairs)
    expect(found.map(({ members }) => members.map(({ key }) => key))).toEqual([
      ['a', 'b', 'c', 'd'],
      ['x', 'y', 'z'],
    ])
    expect(await partition(pairs)).toEqual(found)
    expect(await partition([])).toEqual([])
  })
})

describe('near pairs', () => {
  const at = (entity: number, start: number) => ({ entity, chunk: 0, start, end: start + 4 })

  test('are those of one passage that stand close, each once by its nearest places', () => {
    expect(nearPairs([at(2, 0), at(1, 10), at(2, 16), at(3, 900)])).toEqual([{ source: 1, target: 2, weight: 1 - 2 / 600 }])
  })

  test('of a list of names are only the nearest', () => {
    const list = Array.from({ length: 60 }, (_, entity) => at(entity, entity * 6))
    const pairs = nearPairs(list)
    expect(pairs).toHaveLength(40)
    expect(pairs.every(({ source, target }) => target - source === 1)).toBe(true)
  })
})

describe('what the graph adds to a ranking', () => {
  test('is at most its weight of the best score, and new passages come in by it', () => {
    const ranked = [
      { number: 1, score: 2 },
      { number: 2, score: 1 },
    ]
    const blended = blend(
      ranked,
      new Map([
        [3, 8],
        [2, 2],
      ]),
      0.5,
    )
    expect(blended).toEqual([
      { number: 1, score: 1 },
      { number: 2, score: 0.625, graph: 0.25 },
      { number: 3, score: 0.5, graph: 1 },
    ])
    expect(blend(ranked, new Map(), 0.5)).toEqual(ranked)
  })
})

describe('sentences', () => {
  test('end where they end, not after a title or an initial', () => {
    const text = 'Mr. Smith met J. Doe of Acme Inc. in May.  They agreed!\nDone.'
    expect(sentencesOf(text).map(({ first, last }) => text.slice(first, last))).toEqual([
      'Mr. Smith met J. Doe of Acme Inc. in May.',
      'They agreed!',
      'Done.',
    ])
  })

  test('go on over a line break that is only layout', () => {
    const text = 'The council has approved the new tram line\nto the harbour. Work begins in May.'
    expect(sentencesOf(text).map(({ first, last }) => text.slice(first, last))).toEqual([
      'The council has approved the new tram line\nto the harbour.',
      'Work begins in May.',
    ])
  })
})

describe('statements', () => {
  const of = (text: string) => statementsOf(text).map(({ first, last }) => text.slice(first, last))

  test('that begin with a pronoun or a connective take along who they are about', () => {
    expect(of('Lumen Boats builds ferries. It is based in Kiel. However, she left the firm. The Aurora runs to Laboe.')).toEqual([
      'Lumen Boats builds ferries.',
      'Lumen Boats builds ferries. It is based in Kiel.',
      'Lumen Boats builds ferries. It is based in Kiel. However, she left the firm.',
      'The Aurora runs to Laboe.',
    ])
  })

  test('are left out where what they lean on stands in another passage or paragraph', () => {
    expect(of('He founded the firm in 1987.\n\nVela makes sensors.\n\nSie ist in Kiel. und so weiter.')).toEqual(['Vela makes sensors.'])
  })
})
