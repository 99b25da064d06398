import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { answerFile, contentDisposition } from '../../workers/api/download'
import { safeFileName } from '../../workers/domain/documents'
import { createFakeFiles } from '../fakes/files'
import { type Account, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeAll(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const authorization = () => ({ Authorization: `Bearer ${acme.apiKey}` })
async function upload(
  content: string | Uint8Array<ArrayBuffer>,
  name: string,
  type: string,
): Promise<{ id: string; name: string; mediaType: string }> {
  const form = new FormData()
  form.append('file', new File([content], name, { type }))
  const answer = await kit.app.request('/api/v1/documents', { method: 'POST', headers: authorization(), body: form })
  expect(answer.status).toBeLessThan(300)
  return ((await answer.json()) as { document: { id: string; name: string; mediaType: string } }).document
}

describe('an uploaded file', () => {
  it.each([
    ['a page', '<!doctype html><script>alert(1)</script>', 'page.html', 'text/html'],
    [
      'a picture with a script',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
      'x.svg',
      'image/svg+xml',
    ],
    ['a page that says it is a picture', '<html><script>1</script></html>', 'photo.png', 'image/png'],
    ['a script', 'alert(document.domain)', 'a.js', 'text/javascript'],
    ['a PDF', '%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript >> >>', 'x.pdf', 'application/pdf'],
  ])('that is %s is only ever saved: no page of ours shows or runs it', async (_, content, name, type) => {
    const { id } = await upload(content, name, type)
    const answer = await kit.app.request(`/api/v1/documents/${id}/content`, { headers: authorization() })
    expect(answer.headers.get('Content-Disposition')).toMatch(/^attachment; /)
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(answer.headers.get('Content-Security-Policy')).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    )
    expect(answer.headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin')
    expect(answer.headers.get('X-Frame-Options')).toBe('DENY')
    expect(answer.headers.get('Cache-Control')).toBe('private, no-store')
    expect(answer.headers.get('Content-Type')).not.toMatch(/javascript|svg/)
    expect(await answer.text()).toBe(content)
  })

  it('has the type that its content shows, whatever it calls itself', async () => {
    expect((await upload('%PDF-1.7', 'harmless.txt', 'text/plain')).mediaType).toBe('application/pdf')
    expect((await upload('<html>', 'photo.png', 'image/png')).mediaType).toBe('text/html')
    expect((await upload('MZ\u0090', 'invoice.pdf', 'application/pdf')).mediaType).toBe('application/x-msdownload')
    expect((await upload('plain words', 'evil.pdf', 'application/pdf')).mediaType).toBe('text/plain')
  })

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\win.ini', 'win.ini'],
    ['C:\\temp\\a.txt', 'a.txt'],
    ['/', 'unnamed'],
    ['..', 'unnamed'],
    ['.htaccess', 'htaccess'],
    ['a\0b\u0007.pdf', 'ab.pdf'],
    ['exe\u202efdp.txt', 'exefdp.txt'],
    ['in\u200bvoice\u2060.pdf\ufeff', 'invoice.pdf'],
    ['a\u2028b\u2029c', 'abc'],
    ['NUL.txt', '_NUL.txt'],
    ['com1', '_com1'],
    ['name. . .', 'name'],
    ['half\ud800.txt', 'half\ufffd.txt'],
    [`${'x'.repeat(300)}.pdf`, 'x'.repeat(200)],
    ['grüße ☕.pdf', 'grüße ☕.pdf'],
  ])('called %j is kept as %j', (name, kept) => expect(safeFileName(name)).toBe(kept))
})

describe('Content-Disposition', () => {
  it('is one line of ASCII for every name, and gives the name back', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 60 }),
          fc.string({ maxLength: 40 }),
          fc.constantFrom('a"; x="b', 'a\r\nSet-Cookie: x=1', "a'b(c)*", 'ü%41', '\ud800'),
        ),
        (name) => {
          const header = contentDisposition(name)
          const [, plain, encoded] =
            /^attachment; filename="([^"\\\r\n]*)"; filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]*)$/.exec(header) ?? []
          expect(plain, header).toMatch(/^[\x20-\x7e]*$/)
          expect(plain).not.toContain('%')
          expect(decodeURIComponent(encoded ?? '')).toBe(name.toWellFormed().split(/[\\/]/).at(-1) || 'unnamed')
          expect(() => new Headers({ 'Content-Disposition': header })).not.toThrow()
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

describe('a stored media type', () => {
  it('that is none, or would break the header, is served as bytes', async () => {
    const files = createFakeFiles()
    await files.put('k', new Uint8Array([1]), 'text/plain')
    for (const mediaType of ['text/html\r\nX: y', 'nonsense', '', 'text/html; boundary="x"', 'a'.repeat(300)]) {
      const answer = await answerFile(files, 'k', { name: 'f', mediaType, etag: '"1"' })
      expect(answer.headers.get('Content-Type'), mediaType).toBe('application/octet-stream')
    }
    const known = await answerFile(files, 'k', { name: 'f', mediaType: 'text/csv; charset=utf-8', etag: '"1"' })
    expect(known.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
  })
})
