import { describe, expect, it } from 'vitest'
import { diffLines, type PromptTest, renderPrompt, runPromptTests, splitByWeight } from '../../workers/domain/prompts'

describe('a prompt', () => {
  it('takes its variables once, as they are, and refuses one that it has no value for', () => {
    expect(renderPrompt('As {{ a }} and {{b}}.', { a: '{{ b }}', b: '$& 2' })).toBe('As {{ b }} and $& 2.')
    expect(() => renderPrompt('{{ toString }}', { a: 'x' })).toThrow(/variables are: a/)
  })

  it('is tested by what it says, does not say, and by its length', () => {
    const tests: PromptTest[] = [
      { name: 'says it', variables: {}, contains: ['one of: a, b'], lacks: [] },
      { name: 'hides it', variables: { labels: 'secret' }, contains: [], lacks: ['secret'] },
      { name: 'is short', variables: {}, contains: [], lacks: [], maxCharacters: 3 },
    ]
    expect(runPromptTests('one of: {{ labels }}', tests, { labels: 'a, b' }).map(({ passed }) => passed)).toEqual([true, false, false])
  })
})

describe('an A/B split', () => {
  const versions = [
    { version: 1, weight: 80 },
    { version: 2, weight: 20 },
    { version: 3, weight: 0 },
  ]

  it('gives a run the same version each time, and runs the versions by weight', () => {
    const runs = Array.from({ length: 5_000 }, (_, at) => `run_0192f${at.toString(16).padStart(8, '0')}`)
    const chosen = runs.map((run) => splitByWeight(versions, 'p', run)?.version)
    expect(runs.map((run) => splitByWeight(versions.toReversed(), 'p', run)?.version)).toEqual(chosen)
    const share = chosen.filter((version) => version === 2).length / runs.length
    expect(share).toBeGreaterThan(0.17)
    expect(share).toBeLessThan(0.23)
    expect(chosen).not.toContain(3)
  })

  it('is independent between prompts, and outside a run the heaviest is taken', () => {
    const runs = Array.from({ length: 1_000 }, (_, at) => `run_${at}`)
    const both = runs.filter((run) => splitByWeight(versions, 'p', run)?.version === 2 && splitByWeight(versions, 'q', run)?.version === 2)
    expect(both.length).toBeLessThan(100)
    expect(splitByWeight(versions, 'p', undefined)?.version).toBe(1)
  })
})

it('a diff shows what went, what came and what stayed', () => {
  expect(diffLines('a\nb\nc', 'a\nx\nc\nd')).toEqual([
    { kind: 'same', text: 'a' },
    { kind: 'removed', text: 'b' },
    { kind: 'added', text: 'x' },
    { kind: 'same', text: 'c' },
    { kind: 'added', text: 'd' },
  ])
})
