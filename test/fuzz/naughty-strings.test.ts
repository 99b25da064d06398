import papa from 'papaparse'
import { beforeAll, describe, expect, test } from 'vitest'
import { csvLine } from '../../workers/domain/csv'
import { type Account, call, createAccount, createKit, type Kit } from '../api/kit'
import { MALFORMED_STRINGS, NAUGHTY_STRINGS } from './naughty-strings'
import { type Ask, NOT_FREE, TEXT_FIELDS } from './text-fields'

let kit: Kit
let acme: Account
let uploads = 0
beforeAll(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  await ask('PUT', '/api/v1/workflows/naughty', 'name: naughty\ntitle: Naughty\nsteps:\n  - id: greet\n    set: 1\n', {
    'Content-Type': 'application/yaml',
  })
})

const ask: Ask = async (method, path, body, headers = {}) => {
  if (typeof body !== 'string') return await call(kit, acme, method, path, body, headers)
  const response = await kit.app.request(path, { method, headers: { Authorization: `Bearer ${acme.apiKey}`, ...headers }, body })
  const text = await response.text()
  return { status: response.status, text, body: JSON.parse(text) }
}

test('the list is long, and every string of it is well-formed and there once', () => {
  expect(NAUGHTY_STRINGS.length).toBeGreaterThan(100)
  expect(new Set(NAUGHTY_STRINGS).size).toBe(NAUGHTY_STRINGS.length)
  for (const text of NAUGHTY_STRINGS) expect(text.isWellFormed(), JSON.stringify(text)).toBe(true)
})

interface Schema {
  $ref?: string
  type?: string
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  items?: Schema
  additionalProperties?: Schema | boolean
}

test('every free text that a body of the API takes is among the fields, or stands aside for a reason', async () => {
  const { paths, components } = (await ask('GET', '/api/v1/openapi.json')).body
  const found = new Set<string>()
  const walk = (schema: Schema, path: string, depth = 0): void => {
    if (depth > 8) return
    const inner = (each: Schema, more: string) => walk(each, `${path}${more}`, depth + 1)
    if (schema.$ref !== undefined) inner(components.schemas[schema.$ref.split('/').at(-1) ?? ''], '')
    for (const each of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) inner(each, '')
    const isFixed = ['pattern', 'format', 'enum', 'const'].some((word) => word in schema)
    if (schema.type === 'string' && !isFixed) found.add(path)
    for (const [name, each] of Object.entries(schema.properties ?? {})) inner(each, `.${name}`)
    if (schema.items !== undefined) inner(schema.items, '[]')
    if (typeof schema.additionalProperties === 'object') inner(schema.additionalProperties, '{}')
  }
  type Operation = { requestBody?: { content?: Record<string, { schema?: Schema }> } }
  for (const [route, operations] of Object.entries<Record<string, Operation>>(paths))
    for (const [method, { requestBody }] of Object.entries(operations))
      for (const [type, { schema = {} }] of Object.entries(requestBody?.content ?? {}))
        if (type.includes('json')) walk(schema, `${method.toUpperCase()} ${route}`)
  const taken = Object.values(TEXT_FIELDS).flatMap(({ takes }) => takes)
  expect(taken.filter((place) => !found.has(place))).toEqual([])
  expect([...found].filter((place) => !taken.includes(place) && !NOT_FREE.some(({ places }) => places.test(place)))).toEqual([])
})

describe.each(Object.entries(TEXT_FIELDS))('%s', (_, { most, keep, shows = (text) => text }) => {
  test('comes back as it was sent', async () => {
    const harmed: string[] = []
    for (const text of NAUGHTY_STRINGS.filter(({ length }) => length <= most)) {
      const kept = await keep(ask, text)
      if (kept !== shows(text)) harmed.push(`${JSON.stringify(text)} → ${JSON.stringify(kept)}`)
    }
    expect(harmed).toEqual([])
  })

  test('is refused or kept, and never becomes another text, when it is malformed', async () => {
    for (const text of MALFORMED_STRINGS.filter((each) => each.isWellFormed() && each !== ''))
      expect([undefined, shows(text)], JSON.stringify(text)).toContain(await keep(ask, text))
  })
})

test('the name of a document keeps its words and loses what a file system, a header or a reader would stumble over', async () => {
  const upload = async (name: string) => {
    const headers = { 'Content-Type': 'text/plain', 'X-File-Name': encodeURIComponent(name) }
    const { status, body } = await ask('POST', '/api/v1/documents', `text of ${JSON.stringify(name)} ${uploads++}`, headers)
    expect(status, JSON.stringify(name)).toBe(201)
    return (await ask('GET', `/api/v1/documents/${body.document.id}`)).body.name as string
  }
  for (const name of NAUGHTY_STRINGS.filter(({ length }) => length <= 150)) {
    const kept = await upload(name)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(kept, JSON.stringify(name)).not.toMatch(/[\u0000-\u001f\u007f/\\<>:"|?*\u202e\u2028\u2029]|^\.*$/)
    expect(await upload(kept), JSON.stringify(name)).toBe(kept)
  }
  for (const name of ['Ünïcödé Straße.pdf', '表ポあ.txt', 'مرحبا بالعالم', "Anna's (2).csv"]) expect(await upload(name)).toBe(name)
})

describe('exports', () => {
  test('a line of CSV holds every string, and none that a spreadsheet takes for a formula', () => {
    for (const text of NAUGHTY_STRINGS) {
      const [cells] = papa.parse<string[]>(csvLine([text, 'end']), { delimiter: ',', newline: '\r\n' }).data
      expect([text, `'${text}`], JSON.stringify(text)).toContain(cells?.[0])
      expect(cells?.[0], JSON.stringify(text)).not.toMatch(/^\s*[=+\-@＝＋－＠]/)
      expect(cells?.[1]).toBe('end')
    }
  })

  test('the audit export has one JSON object a line, with the strings in it as they were', async () => {
    for (const description of NAUGHTY_STRINGS.filter(({ length }) => length <= 500))
      await ask('PUT', '/api/v1/roles/exported', { description, permissions: ['runs:read'] })
    const { text } = await call(kit, acme, 'GET', '/api/v1/audit/export')
    const seen = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.stringify(JSON.parse(line)))
    for (const description of NAUGHTY_STRINGS.filter(({ length }) => length <= 500))
      expect(
        seen.some((line) => line.includes(JSON.stringify(description))),
        JSON.stringify(description),
      ).toBe(true)
  })
})
