import { describe, expect, it } from 'vitest'
import { extractEmbedded } from '../../../workers/skills/extract/embedded'
import { textDocument } from '../corpus/pdf-pages'
import { FOREIGN_INVOICES } from './foreign-invoices'

describe('invoices of vendors and countries that nothing was learned from', () => {
  it.each(FOREIGN_INVOICES.map((invoice) => [invoice.title, invoice] as const))('reads %s', (_, { text, expected }) => {
    const { fields } = extractEmbedded({ document: textDocument(text), class: 'invoice' })
    expect(Object.fromEntries(fields.map((field) => [field.name, field.normalized]))).toMatchObject(expected)
  })
})
