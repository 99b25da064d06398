import { expect, it } from 'vitest'
import { formatsFor } from '../../workers/reports/render/formats'
import { showable } from '../../workers/reports/render/pdf/faces'
import { fieldText } from '../../workers/reports/sections/field-value'

it('joined letters are shown as the letters that the font has', () => {
  const known = new Set(Array.from('Oficelsaft ', (character) => character.codePointAt(0) ?? 0))
  expect(showable('O\ufb03ce \ufb01le sta\ufb00', known)).toBe('Office file staff')
})

it('a text field is shown by what it means, without its surroundings in the document', () => {
  const field = { name: 'currency', value: '$4.11', normalized: 'USD' }
  expect(fieldText(field, formatsFor('en'))).toBe('USD')
})
