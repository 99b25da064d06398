import { describe, expect, it } from 'vitest'
import { verifySpan } from '../../workers/reports/verification'

const pages = [{ number: 1, text: 'Total  1.190,00 € due. Total\n1.190,00 € (again)' }]
const span = (start: number, end: number, quote: string, page = 1) => ({ page, start, end, quote })

describe('verifySpan', () => {
  it('verifies a quote that stands at its place', () => {
    expect(verifySpan(span(7, 17, '1.190,00 €'), pages).status).toBe('verified')
  })

  it('repairs a quote that stands elsewhere or in other white space, taking the nearest place', () => {
    expect(verifySpan(span(30, 40, '1.190,00 €'), pages)).toEqual({ status: 'repaired', span: span(29, 39, '1.190,00 €') })
    expect(verifySpan(span(0, 3, 'Total 1.190,00 €'), pages)).toEqual({ status: 'repaired', span: span(0, 17, 'Total  1.190,00 €') })
  })

  it('does not verify what is not there, an empty quote or a page that is none', () => {
    expect(verifySpan(span(7, 17, '1.191,00 €'), pages).status).toBe('unverified')
    expect(verifySpan(span(7, 7, ''), pages).status).toBe('unverified')
    expect(verifySpan(span(7, 17, '1.190,00 €', 2), pages).status).toBe('unverified')
  })

  it('takes a quote for text and not for a pattern', () => {
    expect(verifySpan(span(0, 1, '.* (again)'), pages).status).toBe('unverified')
    expect(verifySpan(span(0, 1, '€ (again)'), pages).status).toBe('repaired')
  })
})
