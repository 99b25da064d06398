import { describe, expect, it } from 'vitest'
import { detectFormat } from '../../../workers/agents/ingestion/detect'
import { AppError } from '../../../workers/domain/error'
import { docxOf, encode, xlsxOf, zipOf } from './build-files'

const refusalOf = (bytes: Uint8Array, name: string): AppError => {
  try {
    detectFormat(bytes, name)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('detectFormat', () => {
  it.each([
    ['pdf', encode('%PDF-1.7\n'), 'a.txt'],
    ['pdf', encode('junk before\n%PDF-1.4\n'), 'a.pdf'],
    ['docx', docxOf(''), 'a.zip'],
    ['xlsx', xlsxOf(''), 'a.docx'],
    ['odt', zipOf({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '<a/>' }), 'a'],
    ['zip', zipOf({ 'a.txt': 'x' }), 'a.docx'],
    ['image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'a.pdf'],
    ['image', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'a'],
    ['rtf', encode('{\\rtf1\\ansi hello}'), 'a.doc'],
    ['html', encode('<!doctype html><title>x</title>'), 'a.txt'],
    ['html', encode('<!-- a comment --><div>hello</div>'), 'a.xml'],
    ['xml', encode('<?xml version="1.0"?><Invoice><ID>1</ID></Invoice>'), 'a.txt'],
    ['json', encode('{"a": [1, 2]}'), 'a.txt'],
    ['json', encode('{"a": 1}\n{"a": 2}\n'), 'a.log'],
    ['eml', encode('Subject: Hi\r\nFrom: a@b.c\r\n\r\nText'), 'a.txt'],
    ['eml', encode('From a@b.c Mon Jun 01 10:00:00 2009\n\nText'), 'a'],
    ['csv', encode('a;b;c\n1;2;3\n4;5;6\n'), 'a.txt'],
    ['csv', encode('just one column\nof words\n'), 'a.csv'],
    ['markdown', encode('# Title\n\n- one\n- two\n\n**bold**'), 'a.txt'],
    ['text', encode('Dear Sir, thank you.\nKind regards, Ada'), 'a.txt'],
    ['text', Uint8Array.of(0xff, 0xfe, 0x48, 0, 0x69, 0), 'a.txt'],
  ])('recognises %s by its content', (format, bytes, name) => {
    expect(detectFormat(bytes, name).format).toBe(format)
  })

  it.each([
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 1)],
    ['a program', encode('\u007fELF\u0001\u0001')],
    ['unknown bytes', Uint8Array.from({ length: 300 }, (_, index) => (index * 37) % 256)],
    ['a binary workbook', zipOf({ '[Content_Types].xml': '<Types/>', 'xl/workbook.bin': 'x' })],
  ])('refuses %s and lists what is supported', (_, bytes) => {
    const refusal = refusalOf(bytes, 'thing.bin')
    expect(refusal).toMatchObject({ code: 'invalid', reason: 'unsupported_type' })
    expect(refusal.message).toContain('pdf, docx, xlsx, pptx')
  })

  it('refuses nothing and blanks as empty', () => {
    expect(refusalOf(new Uint8Array(), 'a.pdf').reason).toBe('empty')
    expect(refusalOf(encode(' \n\t'), 'a.txt').reason).toBe('empty')
  })

  it('refuses a zip file without its end as truncated', () => {
    expect(refusalOf(docxOf('').subarray(0, 200), 'a.docx').reason).toBe('truncated')
  })

  it('refuses plain text under the name of a binary format as corrupt', () => {
    expect(refusalOf(encode('This is not a PDF at all.'), 'invoice.pdf').reason).toBe('corrupt')
  })
})
