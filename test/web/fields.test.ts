import { describe, expect, it } from 'vitest'
import type { StepView } from '../../web/src/api/types'
import { readFieldSets, readSummaries } from '../../web/src/documents/fields'
import { markText, spanRectangles } from '../../web/src/documents/highlight'

const step = (key: string, output: StepView['output']): StepView => ({
  key,
  stepId: key,
  scope: '',
  kind: 'agent',
  status: 'completed',
  attempt: 1,
  output,
  costMicroUsd: 0,
})
const span = { documentId: 'doc_1', page: 2, start: 4, end: 9, quote: '42.00' }

describe('fields of a run', () => {
  it('come from whatever step gave them', () => {
    const sets = readFieldSets([
      step('ingest', { pages: 2 }),
      step('read_it', {
        class: 'invoice',
        fields: [{ name: 'totalGross', value: '42.00', normalized: 42, currency: 'EUR', confidence: 0.9, span, source: 'label' }],
        missing: ['iban'],
      }),
    ])
    expect(sets).toEqual([
      {
        stepKey: 'read_it',
        documentId: 'doc_1',
        className: 'invoice',
        fields: [{ name: 'totalGross', value: '42.00', currency: 'EUR', confidence: 0.9, spans: [span] }],
        missing: ['iban'],
      },
    ])
  })

  it('leave out what has not the shape of a field', () => {
    expect(readFieldSets([step('extract', { fields: ['x', { name: 7 }], missing: [] })])[0]?.fields).toEqual([])
    expect(readFieldSets([step('other', { fields: 'none' }), step('nothing', undefined)])).toEqual([])
  })

  it('are shown once where a step that computes passes them on', () => {
    const found = step('extract', { fields: [], missing: ['iban'] })
    expect(readFieldSets([found, { ...found, key: 'result', kind: 'set' }])).toHaveLength(1)
  })

  it('keep a field without a place', () => {
    const [set] = readFieldSets([step('extract', { fields: [{ name: 'currency', value: 'EUR', span: { page: 1 } }] })])
    expect(set?.fields[0]?.spans).toEqual([])
  })

  it('come with the summaries', () => {
    expect(readSummaries([step('a', {}), step('b', { summary: 'Short.' }), step('c', { summary: '' })])).toEqual(['Short.'])
  })
})

describe('a span on its page', () => {
  const boxes = [
    { x: 10, y: 20, width: 100, height: 12, start: 0, end: 10 },
    { x: 10, y: 40, width: 50, height: 12, start: 11, end: 16 },
  ]

  it('covers the part of each box that it names', () => {
    expect(spanRectangles({ boxes }, { start: 5, end: 13 })).toEqual([
      { x: 60, y: 20, width: 50, height: 12 },
      { x: 10, y: 40, width: 20, height: 12 },
    ])
  })

  it('is one mark for the words of a line', () => {
    const words = [
      { x: 10, y: 20, width: 40, height: 12, start: 0, end: 6 },
      { x: 54, y: 20.5, width: 30, height: 12, start: 7, end: 10 },
      { x: 10, y: 40, width: 50, height: 12, start: 11, end: 16 },
    ]
    expect(spanRectangles({ boxes: words }, { start: 0, end: 16 })).toEqual([
      { x: 10, y: 20, width: 74, height: 12.5 },
      { x: 10, y: 40, width: 50, height: 12 },
    ])
  })

  it('covers nothing outside', () => {
    expect(spanRectangles({ boxes }, { start: 16, end: 20 })).toEqual([])
  })
})

describe('marked text', () => {
  it('gives the whole text again', () => {
    const pieces = markText('The total is 42.00.', [
      { start: 13, end: 18 },
      { start: 4, end: 9 },
    ])
    expect(pieces.map(({ text }) => text).join('')).toBe('The total is 42.00.')
    expect(pieces.filter(({ marked }) => marked).map(({ text }) => text)).toEqual(['total', '42.00'])
  })

  it('marks overlapping spans once and stays inside the text', () => {
    const pieces = markText('abcdef', [
      { start: 1, end: 4 },
      { start: 2, end: 99 },
    ])
    expect(pieces.map(({ text }) => text).join('')).toBe('abcdef')
    expect(pieces.filter(({ marked }) => marked).map(({ text }) => text)).toEqual(['bcd', 'ef'])
  })
})
