import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSealedFiles, plainSize } from '../../workers/adapters/sealed-files'
import { createFakeFiles } from '../fakes/files'

const importKey = async (seed: string): Promise<CryptoKey> =>
  await crypto.subtle.importKey('raw', createHash('sha256').update(seed).digest(), 'AES-GCM', false, ['encrypt', 'decrypt'])
const vault = {
  newFileKey: async (salt: Uint8Array, purpose: string) => ({
    version: 3,
    key: await importKey(`3${purpose}${Buffer.from(salt).toString('hex')}`),
  }),
  fileKey: async (version: number, salt: Uint8Array, purpose: string) =>
    await importKey(`${version}${purpose}${Buffer.from(salt).toString('hex')}`),
}
const CHUNK = 64 * 1024
const stage = (seals = true) => {
  const files = createFakeFiles()
  return { files, sealed: createSealedFiles({ files, vault, seals }) }
}
const streamed = (bytes: Uint8Array, piece: number) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += piece) controller.enqueue(bytes.subarray(at, at + piece))
      controller.close()
    },
  })
const whole = async (body: ReadableStream<Uint8Array>) => new Uint8Array(await new Response(body).arrayBuffer())

describe('sealed files', () => {
  test.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])(
    '%i bytes come back, put whole or as a stream',
    async (length) => {
      const { files, sealed } = stage()
      const bytes = new Uint8Array(randomBytes(length))
      expect(await sealed.put('whole', bytes, 'application/pdf')).toEqual({ size: length })
      expect(await sealed.put('stream', streamed(bytes, 1_000), 'application/pdf')).toEqual({ size: length })
      for (const key of ['whole', 'stream']) {
        expect(await sealed.read(key)).toEqual(bytes)
        const found = await sealed.stream(key)
        expect(found).toMatchObject({ size: length, mediaType: 'application/pdf' })
        expect(await whole(found!.body)).toEqual(bytes)
        expect(plainSize((await files.read(key))!.length)).toBe(length)
      }
    },
  )

  test('nothing of a text stands in the store', async () => {
    const { files, sealed } = stage()
    await sealed.put('note', 'the canary sings', 'text/plain')
    expect(new TextDecoder('latin1').decode(await files.read('note'))).not.toContain('canary')
    expect(new TextDecoder().decode(await sealed.read('note'))).toBe('the canary sings')
  })

  test('a file that was changed, cut at a chunk, reordered or moved does not open', async () => {
    const { files, sealed } = stage()
    await sealed.put('a', new Uint8Array(3 * CHUNK), 'x/y')
    const stored = (await files.read('a'))!
    const header = stored.length - 3 * (CHUNK + 16)
    const chunk = (at: number) => stored.subarray(header + at * (CHUNK + 16), header + (at + 1) * (CHUNK + 16))
    const flipped = Uint8Array.from(stored)
    flipped[header + 5]! ^= 1
    const broken = [
      flipped,
      stored.subarray(0, header + 2 * (CHUNK + 16)),
      Uint8Array.from(Buffer.concat([stored.subarray(0, header), chunk(1), chunk(0), chunk(2)])),
      stored.subarray(0, stored.length - 1),
    ]
    for (const bytes of broken) {
      await files.put('a', bytes, 'x/y')
      await expect(sealed.read('a')).rejects.toMatchObject({ code: 'internal', reason: 'sealed_file' })
    }
    await files.put('b', stored, 'x/y')
    await expect(sealed.read('b')).rejects.toMatchObject({ code: 'internal' })
  })

  test('a stream that is not read to its end lets go of its source', async () => {
    const { files, sealed } = stage()
    await sealed.put('a', new Uint8Array(3 * CHUNK), 'x/y')
    let isCancelled = false
    const stored = (await files.read('a'))!
    const source = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(stored.subarray(0, 70_000)),
      cancel: () => {
        isCancelled = true
      },
    })
    const opened = createSealedFiles({
      files: { ...files, stream: async () => ({ body: source, size: stored.length, mediaType: 'application/vnd.steward.sealed; of=x/y' }) },
      vault,
      seals: true,
    })
    const reader = (await opened.stream('a'))!.body.getReader()
    await reader.read()
    await reader.cancel()
    expect(isCancelled).toBe(true)
  })

  test('where nothing is sealed, plain files pass and sealed ones still open', async () => {
    const { files, sealed } = stage()
    await sealed.put('sealed', 'one', 'text/plain')
    const plain = createSealedFiles({ files, vault, seals: false })
    await plain.put('plain', 'two', 'text/plain')
    expect(new TextDecoder().decode(await files.read('plain'))).toBe('two')
    expect(new TextDecoder().decode(await plain.read('sealed'))).toBe('one')
    expect(new TextDecoder().decode(await sealed.read('plain'))).toBe('two')
    expect((await sealed.stream('plain'))?.mediaType).toBe('text/plain')
    expect(await sealed.read('absent')).toBeUndefined()
    expect(await sealed.stream('absent')).toBeUndefined()
  })
})
