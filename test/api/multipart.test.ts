import { expect, test } from 'vitest'
import { boundaryOf, readMultipart } from '../../workers/api/multipart'

const text = (bytes: Uint8Array[]) => new TextDecoder().decode(new Uint8Array(bytes.flatMap((chunk) => [...chunk])))

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.slice(start, start + size)
}

async function parse(body: string | Uint8Array, boundary: string, size = 7) {
  const parts: { name: string; fileName: string | undefined; content: string }[] = []
  for await (const part of readMultipart(inChunks(typeof body === 'string' ? new TextEncoder().encode(body) : body, size), boundary)) {
    const chunks: Uint8Array[] = []
    for await (const chunk of part.body) chunks.push(chunk)
    parts.push({ name: part.name, fileName: part.fileName, content: text(chunks) })
  }
  return parts
}

const BODY = [
  'a preamble',
  '--B',
  'Content-Disposition: form-data; name="workflow"',
  '',
  'intake',
  '--B  ',
  'content-disposition: form-data; name="file"; filename="a%22b.txt"',
  'Content-Type: text/plain',
  '',
  'line\r\n--Bnot quite\r\n-\r\r\n--',
  '--B--',
  'an epilogue',
].join('\r\n')

test.each([1, 2, 3, 5, 64, 100_000])('parts are the same in chunks of %i bytes', async (size) => {
  const body = BODY.replace('--Bnot', '--Xnot')
  expect(await parse(body, 'B', size)).toEqual([
    { name: 'workflow', fileName: undefined, content: 'intake' },
    { name: 'file', fileName: 'a"b.txt', content: 'line\r\n--Xnot quite\r\n-\r\r\n--' },
  ])
})

test('what FormData writes is read back, bytes and names', async () => {
  const data = new FormData()
  data.append('note', 'grüß')
  data.append(
    'file',
    new File([new Uint8Array([0, 13, 10, 45, 45, 255].flatMap((byte) => new Array<number>(300).fill(byte)))], 'Übersicht.bin'),
  )
  const response = new Response(data)
  const boundary = boundaryOf(response.headers.get('Content-Type') ?? '') ?? ''
  const parts = await parse(new Uint8Array(await response.arrayBuffer()), boundary, 11)
  expect(parts.map(({ name, fileName }) => ({ name, fileName }))).toEqual([
    { name: 'note', fileName: undefined },
    { name: 'file', fileName: 'Übersicht.bin' },
  ])
  expect(parts[0]?.content).toBe('grüß')
})

test('a file may be empty', async () => {
  expect(await parse('--B\r\nContent-Disposition: form-data; name="f"; filename=""\r\n\r\n\r\n--B--', 'B')).toEqual([
    { name: 'f', fileName: '', content: '' },
  ])
})

test.each([
  ['nothing', ''],
  ['no boundary', 'hello'],
  ['no end', '--B\r\nContent-Disposition: form-data; name="f"\r\n\r\nx'],
  ['no name', '--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--'],
  ['endless headers', `--B\r\nX: ${'x'.repeat(20_000)}`],
  ['a boundary that goes on', BODY],
])('a body with %s is refused', async (_, body) => {
  await expect(parse(body, 'B')).rejects.toMatchObject({ code: 'invalid', reason: 'malformed_multipart' })
})

test('parts that nobody reads are skipped', async () => {
  const names: string[] = []
  for await (const part of readMultipart(inChunks(new TextEncoder().encode(BODY.replace('--Bnot', '--Xnot')), 5), 'B'))
    names.push(part.name)
  expect(names).toEqual(['workflow', 'file'])
})

test('a boundary is read quoted or bare, and from multipart/form-data only', () => {
  expect(boundaryOf('multipart/form-data; boundary="a b"')).toBe('a b')
  expect(boundaryOf('multipart/form-data; charset=utf-8; boundary=xyz')).toBe('xyz')
  expect(boundaryOf('multipart/mixed; boundary=xyz')).toBeUndefined()
  expect(boundaryOf('application/json')).toBeUndefined()
})
