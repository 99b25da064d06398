import { describe, expect, it } from 'vitest'
import { findPii } from '../../workers/skills/pii/find'
import { PROSE, readMarks } from './pii-prose'

/** As the evaluation counts: half of the characters. */
const COVERED = 0.5

interface Stretch {
  start: number
  end: number
}

function coverage({ start, end }: Stretch, others: readonly Stretch[]): number {
  let covered = 0
  for (let at = start; at < end; at += 1) if (others.some((other) => at >= other.start && at < other.end)) covered += 1
  return covered / (end - start)
}

async function judged(marked: string) {
  const { text, spans } = readMarks(marked)
  const found = await findPii(text)
  const quote = ({ start, end, type }: Stretch & { type: string }) => `${type}: ${text.slice(start, end)}`
  return {
    wanted: spans.length,
    found: found.length,
    missed: spans.filter((span) => coverage(span, found) < COVERED).map(quote),
    wrong: found.filter((finding) => coverage(finding, spans) < COVERED).map(quote),
    typed: spans.filter((span) => found.some((finding) => finding.type === span.type && coverage(span, [finding]) > 0.9)).length,
  }
}

const texts = Object.entries(PROSE).map(([name, marked]) => ({ name, marked }))

describe('personal data in prose', () => {
  it('is found and told from what is none in letters, contracts, invoices and mails', async () => {
    const all = await Promise.all(texts.map(async ({ name, marked }) => ({ name, ...(await judged(marked)) })))
    const sum = (count: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + count(one), 0)
    const wanted = sum((one) => one.wanted)
    const detail = JSON.stringify(
      all.flatMap(({ name, missed, wrong }) => (missed.length + wrong.length > 0 ? [{ name, missed, wrong }] : [])),
    )
    expect(1 - sum((one) => one.missed.length) / wanted, detail).toBeGreaterThanOrEqual(0.92)
    expect(1 - sum((one) => one.wrong.length) / sum((one) => one.found), detail).toBeGreaterThanOrEqual(0.85)
    expect(sum((one) => one.typed) / wanted, detail).toBeGreaterThanOrEqual(0.85)
  })

  it.each(texts)('is no address and no number that the text does not hold: $name', async ({ marked }) => {
    const { missed, wrong } = await judged(marked)
    const formed = /^(?:address|phone|postcode|tax_id|iban|identity_number|social_security|credit_card|email|bank_account)/
    expect({ missed: missed.filter((one) => formed.test(one)), wrong: wrong.filter((one) => formed.test(one)) }).toEqual({
      missed: [],
      wrong: [],
    })
  })
})

describe('money, decimals, headings and numbers of papers', () => {
  it.each([
    'The invoice total is 507.60 GBP and the deposit was 149.50 GBP.',
    'Our order 4711-0815 costs 12.000 EUR.',
    'Der Preis beträgt 1.234,56 EUR, die Rate 99,90 €.',
    'Bestellnummer 0815 47110 vom Lager, Artikel-Nr. 030 1234567.',
    '1. Term\n2. Termination\n4. Governing law',
    'Invoice 2024-10234, customer number 55 667788, contract 0171-2345678-9.',
    'I like coffee and tea.',
  ])('are nobody’s telephone, address or nationality: %s', async (text) => {
    const types = (await findPii(text)).map(({ type }) => type)
    expect(types.filter((type) => ['phone', 'address', 'postcode', 'nationality'].includes(type))).toEqual([])
  })
})

describe('German forms', () => {
  it.each([
    ['Die Kanzlei sitzt Musterstr. 5a, 20095 Hamburg im Hof.', 'address', 'Musterstr. 5a, 20095 Hamburg'],
    ['Sie wohnt jetzt Am Alten Markt 3, 24103 Kiel.', 'address', 'Am Alten Markt 3, 24103 Kiel'],
    ['Der Laden ist am Goetheplatz 12 im Erdgeschoss.', 'address', 'Goetheplatz 12'],
    ['Lieferung an: Fischergasse 9\n89073 Ulm', 'address', 'Fischergasse 9\n89073 Ulm'],
    ['Telefon 040/123456', 'phone', '040/123456'],
    ['Mobil: 0151-23456789', 'phone', '0151-23456789'],
    ['Fax +49 89 1234-56', 'phone', '+49 89 1234-56'],
    ['Die Steuernummer ist 181/815/08155.', 'tax_id', '181/815/08155'],
    ['Seine Steuer-Identifikationsnummer: 12 345 678 901', 'tax_id', '12 345 678 901'],
    ['Ihr Personalausweis mit der Nummer L01X00T471 ist abgelaufen.', 'identity_number', 'L01X00T471'],
    ['My identity card number is T22000129, valid for ten years.', 'identity_number', 'T22000129'],
    ['Konto: IBAN DE00 1234 5678 9012 3456 78', 'iban', 'DE00 1234 5678 9012 3456 78'],
  ])('%s', async (text, type, value) => {
    expect((await findPii(text)).map((finding) => `${finding.type}: ${finding.text}`)).toContain(`${type}: ${value}`)
  })
})
