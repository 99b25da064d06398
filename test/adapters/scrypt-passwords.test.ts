import { afterEach, expect, test, vi } from 'vitest'
import { createScryptPasswords } from '../../workers/adapters/scrypt-passwords'

const asked: { length: number; options: object }[] = vi.hoisted(() => [])
vi.mock('node:crypto', async (load) => ({
  ...(await load<object>()),
  scrypt: (_: string, __: Buffer, length: number, options: object, done: (error: null, key: Buffer) => void) => {
    asked.push({ length, options })
    done(null, Buffer.alloc(length, 7))
  },
}))
afterEach(() => asked.splice(0))

test('for an unknown account the same is computed as for a known one, once, and it never fits', async () => {
  const passwords = createScryptPasswords()
  const hash = await passwords.hash('correct horse battery')
  asked.splice(0)
  expect(await passwords.verify('correct horse battery', hash)).toBe(true)
  expect(await passwords.verify('correct horse battery', undefined)).toBe(false)
  expect(asked).toHaveLength(2)
  expect(asked[1]).toEqual(asked[0])
  expect(asked[0]).toMatchObject({ length: 32, options: { N: 32_768, r: 8, p: 1 } })
})
