import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(__dirname, '..')
const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
const FILES = ['workers', 'durable-objects'].flatMap(filesOf)

interface Ring {
  /** Files that the rule is about. */
  name: string
  matches: RegExp
  /** Project files that they may import. */
  own: RegExp
  /** Packages that they may import; undefined: any, the file is about its vendor library. */
  packages?: RegExp
}

/** Where bindings become ports. */
const ROOM = '(env|placed|outbound|tenant-models)'

/** Who may import whom. The first rule that matches a file holds. */
const RINGS: Ring[] = [
  { name: 'domain', matches: /^workers\/domain\//, own: /^workers\/domain\//, packages: /^zod$/ },
  {
    name: 'agents door',
    matches: /^workers\/agents\/(worker|perform)\.ts$/,
    own: new RegExp(`^workers/(domain|agents|${ROOM}$)`),
    packages: /^zod$/,
  },
  {
    name: 'extensions',
    matches: /^workers\/(agents|skills|connectors|reports|workflows)\//,
    own: /^workers\/(domain|agents|skills|connectors|reports|workflows)(\/|$)/,
  },
  { name: 'models', matches: /^workers\/models\//, own: /^workers\/(domain|models)\// },
  { name: 'adapters', matches: /^workers\/adapters\//, own: /^workers\/(domain|adapters)\// },
  {
    name: 'api',
    matches: /^workers\/api\//,
    own: /^workers\/(domain|api|agents|skills|connectors|reports|workflows)/,
    packages: /^(hono|hono-openapi|@hono\/|zod|@scalar\/)/,
  },
  {
    name: 'env',
    matches: new RegExp(`^workers/${ROOM}\\.ts$`),
    own: new RegExp(`^((workers/(domain|adapters)|durable-objects)/|workers/${ROOM}$)`),
  },
  { name: 'doors', matches: /^workers\/[a-z-]+\.ts$/, own: /^(workers|durable-objects)\// },
  { name: 'dumps of objects', matches: /^durable-objects\/dump/, own: /^(workers\/domain|durable-objects\/dump)/, packages: /^$/ },
  {
    name: 'knowledge object',
    matches: /^durable-objects\/knowledge/,
    own: new RegExp(`^(workers/domain|workers/${ROOM}$|durable-objects/(knowledge|dump))`),
  },
  {
    name: 'run object',
    matches: /^durable-objects\/run/,
    own: new RegExp(`^(workers/(domain|workflows|${ROOM}$)|durable-objects/(run|dump))`),
    packages: /^(@langchain\/|cloudflare:workers|node:)/,
  },
  {
    name: 'tenant object',
    matches: /^durable-objects\/tenant/,
    own: new RegExp(`^(workers/(domain|${ROOM}$)|durable-objects/(tenant|dump))`),
    packages: /^(cloudflare:workers$|node:)/,
  },
]

const IMPORT = /^(?:import|export)\s[^'"]*?\bfrom\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm
const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(IMPORT)].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? [])

/** A file that is allowed, whatever its extension: `../domain/error` → `workers/domain/error`. */
const target = (file: string, specifier: string) => relative(root, resolve(root, dirname(file), specifier)).replaceAll('\\', '/')

test.each(RINGS)('$name imports only what its ring may', (ring) => {
  const wrong = FILES.filter((file) => RINGS.find((candidate) => candidate.matches.test(file)) === ring).flatMap((file) =>
    importsOf(file).flatMap((specifier) => {
      const isOwn = specifier.startsWith('.')
      const isAllowed = isOwn ? ring.own.test(target(file, specifier)) : ring.packages === undefined || ring.packages.test(specifier)
      return isAllowed ? [] : [`${file} imports ${specifier}`]
    }),
  )
  expect(wrong).toEqual([])
})

/** React and its libraries, and the typed client. */
const WEB_PACKAGES =
  /^(react|react-dom|lucide-react|radix-ui|pdfjs-dist|hono)(\/|$)|^@(tanstack|xyflow|codemirror|lezer|radix-ui|simplewebauthn)\/|^(codemirror|uplot|yaml)$/
/** The typed client is a type of the API; what it answers with are types of the domain, which a screen may name instead of repeating. */
const WEB_TYPES = /^workers\/(api\/app|domain\/[a-z-]+)$/
const TYPE_ONLY = /^(?:import|export)\s+type\s[^'"]*?\bfrom\s+['"]([^'"]+)['"]/gm

test('the dashboard imports its libraries, and of the Worker nothing but types', () => {
  const wrong = filesOf('web/src').flatMap((file) => {
    const typeOnly = new Set([...readFileSync(join(root, file), 'utf8').matchAll(TYPE_ONLY)].map(([, specifier]) => specifier))
    return importsOf(file).flatMap((specifier) => {
      if (!specifier.startsWith('.')) return WEB_PACKAGES.test(specifier) ? [] : [`${file} imports ${specifier}`]
      const imported = target(file, specifier)
      const isAllowed = imported.startsWith('web/src/') || (typeOnly.has(specifier) && WEB_TYPES.test(imported))
      return isAllowed ? [] : [`${file} imports ${specifier}`]
    })
  })
  expect(wrong).toEqual([])
})

test('every file belongs to a ring', () => {
  expect(FILES.filter((file) => !RINGS.some((ring) => ring.matches.test(file)))).toEqual([])
})

test('nobody imports the script steward', () => {
  expect(
    FILES.filter((file) => importsOf(file).some((specifier) => specifier.startsWith('.') && target(file, specifier) === 'workers/index')),
  ).toEqual([])
})

test('names are nouns of the field: no utils, helpers, managers or services', () => {
  expect(FILES.filter((file) => /(^|\/)(utils?|helpers?|types|common|misc|.*-(manager|service|helper|util))(\/|\.ts$)/.test(file))).toEqual(
    [],
  )
})

/** Files that may name `fetch` or `connect`, each with its reason. Everything else goes through the ports `outbound` and `mailer`. */
const WAYS_OUT: Record<string, string> = {
  'workers/adapters/guarded-outbound.ts': 'the guard itself',
  'workers/outbound.ts': "hands the platform's fetch to the guard, to names and to models that the operator named",
  'workers/adapters/doh-names.ts': 'asks the DNS server of the operator',
  'workers/adapters/socket-probe.ts': 'opens and closes a connection to what the guard let through, on local workerd only',
  'workers/adapters/smtp-mailer.ts': 'talks to the mail server that the operator named in SMTP_URL',
  'workers/adapters/routed-providers.ts': 'gives models of tenants the guarded fetch',
  'workers/adapters/routed-vectors.ts': 'opens connections of routed-providers',
  'workers/adapters/openai-model.ts': 'takes fetch as an argument',
  'workers/adapters/openai-vectors.ts': 'takes fetch as an argument',
  'workers/adapters/anthropic-model.ts': 'takes fetch as an argument',
  'workers/adapters/google-model.ts': 'takes fetch as an argument',
  'workers/adapters/provider-echo.ts': 'takes fetch as an argument',
  'workers/adapters/google-vectors.ts': 'takes fetch as an argument',
}
/** A bare `fetch` or `connect`, as a call or a value: not a member of a binding, a method's or property's name, a type or a word in a text. */
const WAY_OUT =
  /(?<![.\w'"`-])(?:fetch|connect)\b(?!\s*:)(?!\((?:\w+: |\)(?:: | \{)))(?=\s*[(,})\]])|\bglobalThis\.fetch\b|\bnew (?:WebSocket|EventSource|XMLHttpRequest)\b|['"](?:cloudflare:sockets|undici|node:(?:https?|http2|net|tls|dgram|dns))['"]/
const COMMENTS = /\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm

test('there are no other ways out than the guarded ones: fetch, connect and sockets stand in these files only', () => {
  const found = FILES.filter(
    (file) => !file.includes('/.wrangler/') && WAY_OUT.test(readFileSync(join(root, file), 'utf8').replace(COMMENTS, '')),
  )
  expect(found.filter((file) => !(file in WAYS_OUT))).toEqual([])
  expect(Object.keys(WAYS_OUT).filter((file) => !found.includes(file))).toEqual([])
})

test('a way out is recognised however it is written', () => {
  for (const code of [
    'await fetch(url)',
    'return fetch (url)',
    'run(fetch, url)',
    'const { fetch } = self',
    'globalThis.fetch',
    'connect({ port })',
    "import('cloudflare:sockets')",
  ])
    expect(WAY_OUT.test(code), code).toBe(true)
  for (const code of [
    'env.ASSETS.fetch(request)',
    'fetch: async (request) => 1',
    'override fetch(): Response {',
    'runs.connect(id, raw)',
    'prefetch(x)',
  ])
    expect(WAY_OUT.test(code), code).toBe(false)
})

/** Such a signal keeps its timer when all is done, and with it the object or isolate: `withDeadline` takes it away. */
test('no deadline outlives its work', () => {
  const lasting = FILES.filter((file) => /AbortSignal\.timeout\(/.test(readFileSync(join(root, file), 'utf8')))
  expect(lasting).toEqual([])
})
