import { describe, expect, it } from 'vitest'
import { matchKeys } from '../../web/src/keyboard/keys'
import { yamlTokens } from '../../web/src/workflows/yaml-tokens'

const BINDINGS = { '?': 'help', a: 'approve', 'g a': 'approvals', 'g r': 'runs' }

describe('keys', () => {
  it('match alone', () => {
    expect(matchKeys(BINDINGS, '', '?')).toEqual({ kind: 'match', name: 'help' })
  })

  it('begin and end a sequence', () => {
    expect(matchKeys(BINDINGS, '', 'g')).toEqual({ kind: 'prefix', pressed: 'g' })
    expect(matchKeys(BINDINGS, 'g', 'r')).toEqual({ kind: 'match', name: 'runs' })
  })

  it('end a sequence rather than act alone: g a goes to the approvals and approves none', () => {
    expect(matchKeys(BINDINGS, 'g', 'a')).toEqual({ kind: 'match', name: 'approvals' })
  })

  it('are tried alone when they do not go on the sequence', () => {
    expect(matchKeys(BINDINGS, 'g', '?')).toEqual({ kind: 'match', name: 'help' })
    expect(matchKeys(BINDINGS, 'g', 'x')).toEqual({ kind: 'none' })
  })
})

describe('YAML in colour', () => {
  it.each([
    '  - id: read # the first',
    'url: "https://x.test/#a"',
    "when: '${{ steps.a.output > 3 }}'",
    'odd: [1, {a: b}] | >- & *',
    '',
    '$ { " \' :',
  ])('gives the line again: %s', (line) => {
    expect(
      yamlTokens(line)
        .map(({ text }) => text)
        .join(''),
    ).toBe(line)
  })

  it('tells keys, texts and comments apart', () => {
    const kinds = Object.fromEntries(yamlTokens('name: "x" # why').map(({ kind, text }) => [text, kind]))
    expect(kinds).toMatchObject({ name: 'key', '"x"': 'text', '# why': 'comment' })
  })
})
