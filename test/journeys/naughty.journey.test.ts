import { beforeAll, expect, test } from 'vitest'
import { createDemoTenant } from '../../scripts/client.ts'
import { NAUGHTY_STRINGS } from '../fuzz/naughty-strings'
import { type Ask, OPERATOR, TEXT_FIELDS } from '../fuzz/text-fields'

const url = process.env.STEWARD_URL ?? ''
/** Of a tenant of its own, because settings and prompts are changed. */
let own = ''
const operator = `Bearer ${process.env.STEWARD_ADMIN_TOKEN}`

const ask: Ask = async (method, path, body, headers = {}) => {
  const Authorization = headers.Authorization === OPERATOR ? operator : (headers.Authorization ?? own)
  const isText = typeof body === 'string'
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body !== undefined && !isText && { 'Content-Type': 'application/json' }), ...headers, Authorization },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, text, body: text === '' ? undefined : JSON.parse(text) }
}

/** All of the strings in as few texts as the field allows, so that each goes to the stores and back with few requests. */
function textsOf(most: number): string[] {
  const texts = ['']
  for (const string of NAUGHTY_STRINGS.filter(({ length }) => length < most)) {
    const last = texts.at(-1) ?? ''
    if (last.length + string.length + 1 <= most) texts[texts.length - 1] = `${last}${string}|`
    else texts.push(`${string}|`)
  }
  return texts
}

beforeAll(async () => {
  const steward = { url, adminToken: process.env.STEWARD_ADMIN_TOKEN ?? '' }
  own = `Bearer ${(await createDemoTenant(steward, { slug: 'naughty-journey', name: 'Naughty' })).apiKey}`
  const yaml = 'name: naughty\ntitle: Naughty\ninput: { type: object }\nsteps:\n  - id: greet\n    set: 1\n'
  expect((await ask('PUT', '/api/v1/workflows/naughty', yaml, { 'Content-Type': 'application/yaml' })).status).toBeLessThan(300)
})

test.each(Object.entries(TEXT_FIELDS))(
  '%s comes back from the running Worker as it was sent',
  async (_, { most, keep, shows = (text) => text }) => {
    const texts = textsOf(most)
    const harmed: string[] = []
    for (const text of texts) {
      const kept = await keep(ask, text)
      if (kept !== shows(text)) harmed.push(`${JSON.stringify(text)} → ${JSON.stringify(kept)}`)
    }
    expect(harmed).toEqual([])
  },
)
