import { describe, expect, it } from 'vitest'
import { skills } from '../../workers/skills'
import type { RewriteStyle } from '../../workers/skills/rewrite/schema'

const rewrite = (text: string, style: RewriteStyle) => skills.rewrite.run({ text, style }, {})

describe('rewriting without a model', () => {
  it.each([
    ['shorter', 'Due to the fact that it is late, we are able to help.', 'Because it is late, we can help.'],
    ['shorter', 'Please note that the very first part is basically done. It is done. It is done.', 'The first part is done. It is done.'],
    ['shorter', 'The house (an old one) has rooms (12).', 'The house has rooms (12).'],
    ['formal', "Hi Anna, I'm sorry, we can't come! Thanks.", 'Dear Anna, I am sorry, we cannot come. Thank you.'],
    ['plain', 'We utilised it prior to May and terminated it forthwith.', 'We used it before May and ended it at once.'],
  ] as const)('makes a text %s: %j', async (style, text, expected) => {
    expect((await rewrite(text, style)).text).toBe(expected)
  })

  it('leaves what a negation makes the point, and words with another meaning', async () => {
    for (const text of ['It is not really done.', 'Das ist nicht eigentlich neu.', 'Thanks to you it works.'])
      expect((await rewrite(text, text.startsWith('Thanks') ? 'formal' : 'shorter')).text).toBe(text)
  })

  it('cuts a long sentence where two stand in one, and a short one not', async () => {
    const long = `${'word '.repeat(20)}ends here; another thought begins and goes on to its own end.`
    expect((await rewrite(long, 'plain')).text).toContain('here. Another')
    expect((await rewrite('One; two.', 'plain')).text).toBe('One; two.')
  })

  it('keeps every figure, says what it did and what it cannot', async () => {
    const answer = await rewrite('In order to pay 1,200.50 EUR by 2024-05-01, call 12 34 (really).', 'shorter')
    expect(answer).toMatchObject({ lostFigures: [], addedFigures: [], provider: 'embedded' })
    expect(answer.changes).toContain('wordy phrases shortened')
    expect(answer.left.join()).toContain('Without a model')
  })

  it('changes nothing and says so when there is nothing to change', async () => {
    expect(await rewrite('All is well.', 'shorter')).toMatchObject({ text: 'All is well.', changes: [] })
  })
})

describe('what rewriting leaves alone', () => {
  it('says first that nothing was changed, and what it would take', async () => {
    for (const style of ['shorter', 'formal', 'plain'] as const) {
      const { text, changes, left } = await rewrite('Die Rechnung wurde am 3. Mai bezahlt.', style)
      expect({ text, changes }).toEqual({ text: 'Die Rechnung wurde am 3. Mai bezahlt.', changes: [] })
      expect(left[0]).toMatch(/^Nothing was changed: .* needs a model\.$/)
    }
  })

  it.each([
    [
      'shorter',
      'In order to pay, bring papers (Ausweis, Vertrag) and cash (not cards).',
      'To pay, bring papers (Ausweis, Vertrag) and cash (not cards).',
    ],
    ['shorter', 'We met prior to noon, i.e. at approx. eleven.', 'We met before noon, i.e. at approx. eleven.'],
    ['formal', "Hey guys, we can't come ASAP.", 'Dear all, we cannot come as soon as possible.'],
    [
      'formal',
      'Hallo Herr Klein, das klappt leider nicht. LG Tom',
      'Sehr geehrter Herr Klein, das ist leider nicht möglich. Mit freundlichen Grüßen Tom',
    ],
  ] as const)('names, exceptions, abbreviations and German stay: %s %j', async (style, text, expected) => {
    expect((await rewrite(text, style)).text).toBe(expected)
  })

  it('says that du stays', async () => {
    expect((await rewrite('Hi Petra, kannst du mal eben kommen? Danke dir!', 'formal')).left.join()).toContain('du or ihr')
  })
})
