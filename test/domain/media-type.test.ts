import { expect, test } from 'vitest'
import { sniffMediaType } from '../../workers/domain/media-type'

const bytes = (latin: string) => Uint8Array.from(latin, (character) => character.charCodeAt(0))
const utf8 = (text: string) => new TextEncoder().encode(text)

test.each([
  ['a PDF', bytes('%PDF-1.4'), 'x.txt', 'application/pdf'],
  ['a PNG', bytes('\x89PNG\r\n\x1a\n'), 'x', 'image/png'],
  [
    'a DOCX',
    bytes('PK\x03\x04....[Content_Types].xml....word/document.xml'),
    'x.zip',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  [
    'an XLSX whose members come late',
    bytes('PK\x03\x04....[Content_Types].xml'),
    'x.xlsx',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
  ['a ZIP that calls itself XLSX', bytes('PK\x03\x04....readme.txt'), 'x.xlsx', 'application/zip'],
  ['a mail', utf8('Received: from a\r\nSubject: x\r\n\r\nhi'), 'x.txt', 'message/rfc822'],
  ['HTML', utf8('\ufeff <!DOCTYPE html><p>'), 'x.txt', 'text/html'],
  ['CSV by name', utf8('a;b\n1;2'), 'x.csv', 'text/csv'],
  ['JSON by content', utf8('{"a":1}'), 'x', 'application/json'],
  ['German text', utf8('Grüße'), 'x', 'text/plain'],
  ['Windows-1252 text', bytes('Gr\xfc\xdfe \x80'), 'x', 'text/plain'],
  ['a program', bytes('MZ\x90\0'), 'invoice.pdf', 'application/x-msdownload'],
  ['unknown binary that calls itself CSV', bytes('\0\x01\x02\x03'), 'x.csv', 'application/octet-stream'],
])('%s is told by its content', (_, head, name, mediaType) => {
  expect(sniffMediaType(head, name)).toBe(mediaType)
})
