import { constants, deflateRawSync, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { deflatedSize } from '../../../workers/agents/ingestion/pdf/deflated-size'
import { encode } from './build-files'
import { outcomeOf } from './outcome'

/** A PDF of one page, with a dictionary and bytes for its content. */
function pdfOf(dictionary: string, content: Uint8Array): Uint8Array {
  const head = `%PDF-1.4
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Count 1 /Kids [3 0 R] >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << >> /Contents 4 0 R >>
endobj
4 0 obj
<< ${dictionary} /Length ${content.length} >>
stream
`
  return Uint8Array.from(Buffer.concat([encode(head), content, encode('\nendstream\nendobj\ntrailer << /Size 5 /Root 1 0 R >>\n%%EOF')]))
}

const spaces = Buffer.alloc(60_000_000, 32)

describe('PDF streams', () => {
  it.each([
    ['deflated', '/Filter /FlateDecode', deflateSync(spaces)],
    ['deflated under an escaped name', '/Filter /Fl#61teDecode', deflateSync(spaces)],
    ['deflated, its filter named elsewhere', '/Filter 9 0 R', deflateSync(spaces)],
    ['deflated twice', '/Filter [/FlateDecode /FlateDecode]', deflateSync(deflateSync(spaces))],
    ['deflated and written as hexadecimal figures', '/Filter [/ASCIIHexDecode /FlateDecode]', encode(deflateSync(spaces).toString('hex'))],
    ['deflated, called a picture of nine pixels', '/Subtype /Image /Width 3 /Height 3 /Filter /FlateDecode', deflateSync(spaces)],
  ])('that unpack too far are refused before they are unpacked: %s', async (_, dictionary, content) => {
    expect((await outcomeOf(pdfOf(dictionary, content), 'bomb.pdf')).reason).toBe('zip_bomb')
  })

  it('of an ordinary size are read', async () => {
    expect((await outcomeOf(pdfOf('/Filter /FlateDecode', deflateSync(spaces.subarray(0, 30_000_000))), 'a.pdf')).reason).toBeUndefined()
  })
})

describe('the size of deflated bytes', () => {
  const text = Buffer.from(Array.from({ length: 30_000 }, (_, index) => `line ${index * 7919} of many\n`).join(''))
  it.each([
    ['stored', { level: 0 }],
    ['fixed codes', { strategy: constants.Z_FIXED }],
    ['own codes', { level: 9 }],
  ])('is counted without unpacking them: %s', (_, options) => {
    const packed = Buffer.concat([deflateRawSync(text, options), Buffer.from('endstream endobj')])
    expect(deflatedSize(packed, 0, Number.MAX_SAFE_INTEGER)).toBe(text.length)
    expect(deflatedSize(packed, 0, 1_000)).toBeGreaterThan(1_000)
  })
})

describe('a mail of many parts', () => {
  it('is read up to a bound that its warnings name', async () => {
    const part = '--b1\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="a.txt"\r\n\r\nhello\r\n'
    const mail = `From: a@example.com\r\nSubject: parts\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b1"\r\n\r\n${part.repeat(520)}--b1--\r\n`
    const { document } = await outcomeOf(encode(mail), 'many.eml')
    expect(document?.unread).toContain('Only the first 500 of 520 parts of the mail were read; 20 were left out.')
    expect(document?.embedded).toHaveLength(500)
  })
})

describe('JSON', () => {
  it('that nests too deep is refused with that reason', async () => {
    const { reason } = await outcomeOf(encode('['.repeat(2_000) + ']'.repeat(2_000)), 'deep.json')
    expect(reason).toBe('too_large')
    expect((await outcomeOf(encode('{"text": "[[[[ \\" [[["}'), 'a.json')).reason).toBeUndefined()
  })
})
