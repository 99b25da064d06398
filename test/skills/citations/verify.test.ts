import { describe, expect, it } from 'vitest'
import { type Claim, verifyClaim } from '../../../workers/skills/citations/verify'
import { passagesOf } from '../sources'

const PASSAGES = passagesOf({
  a: 'Berger & Sohn delivers 40 pumps on 3 April 2026. The price is 12.500,00 EUR. The buyer may not return used pumps.',
  b: 'The annual turnover of Berger & Sohn grew by 8 percent to 3.2 million euros in 2025.',
})
const verify = (text: string, more: Partial<Claim> = {}) => verifyClaim({ text, cited: ['chk_a'], ...more }, PASSAGES)

describe('a claim', () => {
  it.each([
    ['in the source’s own words', 'The price is 12.500,00 EUR.', 'chk_a'],
    ['with another way of writing the amount', 'The price is EUR 12,500.', 'chk_a'],
    ['with another way of writing the date', 'Berger & Sohn delivers 40 pumps on 2026-04-03.', 'chk_a'],
    ['with other quotation marks and white space', 'The  price\nis 12.500,00 EUR', 'chk_a'],
    ['with the number in words', 'Berger & Sohn delivers forty pumps on 3 April.', 'chk_a'],
    ['in other words', 'The turnover of Berger & Sohn was 3,200,000 EUR in 2025, 8 % more.', 'chk_b'],
  ])('is verified %s', (_, text, cited) => {
    expect(verify(text, { cited: [cited] })).toMatchObject({ status: 'verified', problems: [], citations: [{ passageId: cited }] })
  })

  it.each([
    ['another amount', 'The price is 12,600.00 EUR.', '12,600.00 EUR'],
    ['another currency', 'The price is 12,500.00 USD.', '12,500.00 USD'],
    ['a percentage in place of a number', 'Berger & Sohn delivers 40 % pumps on 3 April 2026.', '40 %'],
    ['another day', 'Berger & Sohn delivers 40 pumps on 4 April 2026.', '4 April 2026'],
    ['a denial left out', 'The buyer may return used pumps.', 'denies'],
    ['something else', 'The pumps are painted blue by hand.', 'does not say so'],
  ])('is not verified with %s', (_, text, problem) => {
    const checked = verify(text)
    expect(checked.status).toBe('unverified')
    expect(checked.problems.join(' ')).toContain(problem)
  })

  const LEASE = passagesOf({
    a: 'The lease was signed by Anna Keller on the third Monday of May. The notice period is six months. Two thirds of the tenants agreed. Prices rose by 5 percent. Rent is due on the first day of each month.',
    b: 'Der Umsatz stieg 2025 um 8 Prozent auf 3,2 Millionen Euro. Die Kündigungsfrist beträgt sechs Wochen.',
  })
  it.each([
    ['another name', 'The lease was signed by Bernd Keller on the third Monday of May.', 'Bernd'],
    ['another place in a row', 'The lease was signed by Anna Keller on the first Monday of May.', 'number 1'],
    ['another measure of the same number', 'The notice period is six weeks.', 'months'],
    ['another share', 'One third of the tenants agreed.', 'One third'],
    ['half for two thirds', 'Half of the tenants agreed.', 'Half of'],
    ['the opposite direction', 'Prices fell by 5 percent.', 'opposite of “fell”'],
    ['another day of the month', 'Rent is due on the second day of each month.', 'number 2'],
    ['the opposite direction in German', 'Der Umsatz sank 2025 um 8 Prozent auf 3,2 Millionen Euro.', 'sank'],
    ['another measure in German', 'Die Kündigungsfrist beträgt sechs Monate.', 'weeks'],
  ])('is not verified when it is turned round by %s', (_, text, problem) => {
    const checked = verifyClaim({ text, cited: ['chk_a', 'chk_b'] }, LEASE)
    expect(checked.status).toBe('unverified')
    expect(checked.problems.join(' ')).toContain(problem)
  })

  it.each([
    ['an ordinal in digits', 'Rent is due on the 1st day of each month.'],
    ['a name in another order', 'Anna Keller signed the lease on the third Monday of May.'],
    ['more of the name than the sentence has', 'The notice period for the lease is six months.'],
    ['German nouns in other words', 'Sechs Wochen beträgt die Kündigungsfrist.'],
  ])('is verified with %s', (_, text) => {
    expect(verifyClaim({ text, cited: ['chk_a', 'chk_b'] }, LEASE)).toMatchObject({ status: 'verified', problems: [] })
  })

  it('is repaired when another passage bears it out than the one it cites', () => {
    expect(verify('The price is 12.500,00 EUR.', { cited: ['chk_b'] })).toMatchObject({
      status: 'repaired',
      citations: [{ passageId: 'chk_a' }],
    })
    expect(verify('The price is 12.500,00 EUR.', { cited: ['made up'] })).toMatchObject({ status: 'repaired' })
  })

  it('is repaired when its quote stands nowhere, though the passage bears it out', () => {
    expect(verify('The price is 12.500,00 EUR.', { quotes: ['price of the pumps: 12.500,00 EUR'] }).status).toBe('repaired')
  })

  it('without any source is unverified', () => {
    expect(verifyClaim({ text: 'The price is 5 EUR.', cited: [] }, [])).toMatchObject({ status: 'unverified', support: 0, citations: [] })
  })

  it('cut out of a longer figure is not verified', () => {
    expect(verify('grew by 8 percent to 3', { cited: ['chk_b'] }).status).toBe('unverified')
  })

  it('has citations whose quote is the text at their place', () => {
    for (const text of ['The price is EUR 12,500.', 'Pumps that were used may not be returned by the buyer.']) {
      const [citation] = verify(text).citations
      const source = PASSAGES.find(({ id }) => id === citation!.passageId)!
      expect(source.text.slice(citation!.span.start, citation!.span.end)).toBe(citation!.span.quote)
    }
  })
})
