import { expect, test } from 'vitest'
import { createFetchWithoutEcho } from '../../workers/adapters/provider-echo'

const KEY = 'sk-canary-1234567890'

test('a refusal that quotes the key is read without it', async () => {
  const fetch = createFetchWithoutEcho(
    async () => Response.json({ error: { message: `Incorrect API key provided: ${KEY}.` } }, { status: 401 }),
    KEY,
  )
  const response = await fetch('https://provider.example')
  expect(response.status).toBe(401)
  expect(await response.text()).toBe('{"error":{"message":"Incorrect API key provided: [secret]."}}')
})

test('an answer passes untouched, and without a key nothing is changed', async () => {
  const answer = new Response('a stream')
  expect(await createFetchWithoutEcho(async () => answer, KEY)('https://provider.example')).toBe(answer)
  const plain: typeof fetch = async () => answer
  expect(createFetchWithoutEcho(plain, undefined)).toBe(plain)
})
