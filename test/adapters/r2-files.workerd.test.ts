import { expect, test } from 'vitest'
import { newDigest } from '../../workers/adapters/node-credentials'
import { createR2Files } from '../../workers/adapters/r2-files'
import { newId } from '../../workers/adapters/uuid-ids'
import { receiveDocument } from '../../workers/domain/intake'
import { createFakeDocuments } from '../fakes/documents'
import { bindings } from './d1-bindings'

const MIB = 1_048_576
const files = createR2Files(bindings.FILES, 'ten_r2')

/** `size` bytes in chunks that fit no part evenly; a prime period, so that none can stand in another's place. */
async function* bytes(size: number): AsyncGenerator<Uint8Array> {
  const chunk = Uint8Array.from({ length: 65_537 }, (_, index) => index % 251)
  for (let left = size; left > 0; left -= chunk.length) yield chunk.slice(0, left)
}

const intake = (maxUploadBytes: number) => ({
  ports: { documents: createFakeDocuments(), files, newId, clock: { now: () => new Date() } },
  newDigest,
  maxUploadBytes,
})

test.each([1, 8 * MIB, 8 * MIB + 1, 20 * MIB + 123])(
  'a stream of %i bytes and unknown length arrives whole, with its hash',
  async (size) => {
    const { document } = await receiveDocument(intake(100 * MIB), { body: bytes(size), name: 'big.bin', source: 'upload' })
    expect(document.size).toBe(size)
    const stored = await files.read(document.fileKey)
    expect(stored?.length).toBe(size)
    const digest = newDigest()
    digest.update(stored ?? new Uint8Array())
    expect(digest.hex()).toBe(document.sha256)
  },
)

test('a file over the cap is refused while it streams in and leaves nothing behind', async () => {
  const before = (await bindings.FILES.list()).objects.length
  const received = receiveDocument(intake(12 * MIB), { body: bytes(40 * MIB), name: 'big.bin', source: 'upload' })
  await expect(received).rejects.toMatchObject({ code: 'too_large', reason: 'file_too_large' })
  expect((await bindings.FILES.list()).objects.length).toBe(before)
})
