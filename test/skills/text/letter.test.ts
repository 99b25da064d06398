import { expect, test } from 'vitest'
import { withoutLetterParts } from '../../../workers/skills/text/letter'
import { textDocument } from '../corpus/pdf-pages'

const body = (text: string): string => {
  const [page] = withoutLetterParts(textDocument(text).pages)
  expect(page?.text).toHaveLength(text.length)
  return (page?.text ?? '').trim().replace(/\s+/g, ' ')
}

test.each([
  ['Hi Tom,\n\nthe pump leaks.\n\nKind regards,\nSusan Miller\nFacility Management', 'the pump leaks.'],
  ['Sehr geehrte Frau Klein,\n\ndie Miete steigt.\n\nMit freundlichen Grüßen\nJan Roth', 'die Miete steigt.'],
  [
    'Alpha Ltd\n12 Dock Road\nLeeds\n\nSubject: Rent\n\nDear Ms Hall,\nthe rent rises.\nYours sincerely\nB. Lee',
    'Subject: Rent the rent rises.',
  ],
  ['Hello,\nall is done.\n\nOn 3 May Ann wrote:\n> Is it done?', 'all is done.'],
  ['Hello,\nall is done.\n\nFrom: Ann\nSent: Monday\nTo: Bo\nSubject: Done?\n\nIs it done?', 'all is done.'],
  ['The committee met on Monday. Dear to all of us is the library.', 'The committee met on Monday. Dear to all of us is the library.'],
  ['Regards\nAnn', 'Regards Ann'],
  ['# Notes\n---\nSigned: ______________\n______\nPage two.', '# Notes --- Signed: ______________ ______ Page two.'],
  ['Hallo,\nalles gut.\n-- \nAnn | Tel. 1', 'alles gut.'],
])('of %j only the matter is left, at its place', (text, expected) => {
  expect(body(text)).toBe(expected)
})

test('a long text after a closing is an annex and stays', () => {
  const annex = Array.from({ length: 20 }, (_, row) => `Annex line ${row}`).join('\n')
  expect(body(`Dear all,\nsee the annex.\nRegards\n${annex}`)).toContain('Annex line 19')
})
