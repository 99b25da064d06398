import { createServer } from 'node:http'
import { type Client, createClient } from '../scripts/client.ts'
import type { Bench, BenchContext, Figure } from './bench.ts'
import { type HttpClient, openHttpClient, parsed } from './http-client.ts'
import { openSession } from './session.ts'
import { medianOfRounds, percentile } from './statistics.ts'

const ROUNDS = 3
const REQUESTS = 200
const DOCUMENTS = 20
const COLLECTION = 'answers'
/** What a small model takes at least; a cached answer takes none of it. */
const MODEL_MS = 300
/** The product's promise for an answer from the cache: search, cache and verification, as who asks sees it. */
const LARGEST_CACHED_MS = 20
const RUN_TIMEOUT_MS = 60_000

const QUESTION = 'How long is the notice period of lease 7?'
const sentenceOf = (number: number) => `The notice period of lease ${number} is ${number + 2} months to the end of a quarter.`

/** The same question asked again over HTTP: answered from the cache, and held against its sources all the same. */
export const answersBench: Bench = {
  async run(context) {
    const session = await openSession(context.say)
    const model = await startModel()
    const http = openHttpClient(session.url, { authorization: `Bearer ${session.apiKey}`, 'content-type': 'application/json' }, 1)
    try {
      await prepare(createClient(session.url, session.apiKey), model.url)
      return await measure(context, http, model)
    } finally {
      http.close()
      model.stop()
      await session.end()
    }
  },
}

async function measure({ option, say }: BenchContext, http: HttpClient, model: Model): Promise<{ figures: Figure[]; broken: string[] }> {
  const fresh = await ask(http)
  say(`first answer ${Math.round(fresh)} ms`)
  const asked = model.asked()
  const rounds: Figure[][] = []
  for (let number = 1; number <= option('rounds', ROUNDS); number += 1) {
    rounds.push([...(await round('cached answer', () => ask(http))), ...(await round('GET of the collection', () => read(http)))])
    say(
      `round ${number}: ${rounds
        .at(-1)
        ?.map(({ value }) => value.toFixed(1))
        .join(' ')}`,
    )
  }
  say(`stages of a cached answer: ${(await answered(http)).trace.stages.map(({ name, ms }) => `${name} ${Math.round(ms)} ms`).join(', ')}`)
  const figures = [{ figure: 'first answer', value: fresh, unit: 'ms', n: 1 }, ...medianOfRounds(rounds)]
  const cached = figures.find(({ figure }) => figure === 'cached answer p50')?.value ?? Number.NaN
  const broken = [
    ...(model.asked() === asked ? [] : [`the model was asked ${model.asked() - asked} times again: the answers were not cached`]),
    ...(cached <= LARGEST_CACHED_MS ? [] : [`a cached answer took ${cached.toFixed(1)} ms, more than ${LARGEST_CACHED_MS}`]),
  ]
  return { figures, broken }
}

async function round(name: string, request: () => Promise<number>): Promise<Figure[]> {
  const samples: number[] = []
  for (let count = 0; count < REQUESTS; count += 1) samples.push(await request())
  return [
    { figure: `${name} p50`, value: percentile(samples, 0.5), unit: 'ms', n: REQUESTS },
    { figure: `${name} p95`, value: percentile(samples, 0.95), unit: 'ms', n: REQUESTS },
  ]
}

interface Answer {
  provider: string
  sentences: { status: string }[]
  trace: { stages: { name: string; ms: number }[] }
}

async function answered(http: HttpClient): Promise<Answer> {
  const body = JSON.stringify({ question: QUESTION })
  const answer = parsed<Answer>(await http.send('POST', `/api/v1/collections/${COLLECTION}/ask`, body))
  if (answer.provider === 'embedded' || answer.sentences[0]?.status !== 'verified')
    throw new Error(`the model's answer did not come verified: ${JSON.stringify(answer)}`)
  return answer
}

async function ask(http: HttpClient): Promise<number> {
  const before = performance.now()
  await answered(http)
  return performance.now() - before
}

async function read(http: HttpClient): Promise<number> {
  const before = performance.now()
  parsed(await http.send('GET', `/api/v1/collections/${COLLECTION}`))
  return performance.now() - before
}

/** Documents in a collection, and a model that the tenant asks for answers. */
async function prepare(client: Client, modelUrl: string): Promise<void> {
  await client.put('/api/v1/models', modelsFile(modelUrl), 'application/yaml')
  await client.post('/api/v1/collections', { name: COLLECTION })
  const runs: string[] = []
  for (let number = 1; number <= DOCUMENTS; number += 1) {
    const bytes = new TextEncoder().encode(`# Lease ${number}\n\n${sentenceOf(number)} The rent is ${number * 100} euros.\n`)
    const { document } = await client.upload<{ document: { id: string } }>('/api/v1/documents', `lease-${number}.md`, bytes)
    runs.push((await client.post<{ id: string }>(`/api/v1/collections/${COLLECTION}/documents`, { documentId: document.id })).id)
  }
  for (const id of runs) await ended(client, id)
}

async function ended(client: Client, runId: string): Promise<void> {
  const giveUpAt = Date.now() + RUN_TIMEOUT_MS
  while (Date.now() < giveUpAt) {
    const { status } = await client.get<{ status: string }>(`/api/v1/runs/${runId}`)
    if (status === 'completed') return
    if (status === 'failed' || status === 'cancelled') throw new Error(`run ${runId} ${status}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`run ${runId} did not end within ${RUN_TIMEOUT_MS / 1000} s`)
}

const modelsFile = (url: string) => `providers:
  bench: { protocol: openai, url: "${url}" }
models:
  bench: { provider: bench, name: bench-1, context: 32768, maxOutput: 4096, can: [tools, json] }
purposes:
  default: { use: [bench] }
  answer: { use: [bench], cache: { ttl: 1d } }
`

interface Model {
  url: string
  asked(): number
  stop(): void
}

/** An OpenAI-compatible server that quotes the sentence in question after a while. */
async function startModel(): Promise<Model> {
  let asked = 0
  const quote = sentenceOf(7)
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8')
    })
    request.on('end', () => {
      asked += 1
      const source = /\[source (\d+): lease-7\.md/.exec(body)?.[1] ?? '1'
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(completion(quote, Number(source))), MODEL_MS)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address !== 'object') throw new Error('the model has no port')
  return { url: `http://127.0.0.1:${address.port}/v1`, asked: () => asked, stop: () => server.close() }
}

function completion(quote: string, source: number): string {
  const answer = { answered: true, sentences: [{ text: quote, places: [{ source, quote }] }], premise: null, contradictions: [] }
  return JSON.stringify({
    ...{ id: 'bench', object: 'chat.completion', created: 0, model: 'bench-1' },
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: JSON.stringify(answer) } }],
    usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
  })
}
