/** `npm run bench`: lists the benches; `npm run bench -- <name> [--json] [--option value]` runs one. Exits 1 when a promise is broken. */
import type { Bench, Figure } from './bench.ts'

const BENCHES: Record<string, { summary: string; load(): Promise<Bench> }> = {
  runs: {
    summary: 'json-relay by webhook at concurrency 1, 10, 50, beside two floors: one Durable Object write, and the same four steps by hand',
    load: async () => (await import('./runs.ts')).runsBench,
  },
  documents: {
    summary: 'document-intake: documents a minute, and seconds for a PDF of 2 MB',
    load: async () => (await import('./documents.ts')).documentsBench,
  },
  reads: {
    summary: 'GET /runs/{id} and GET /runs with 50 clients at once',
    load: async () => (await import('./reads.ts')).readsBench,
  },
  fairness: {
    summary: "p95 of one tenant's runs while another submits 5,000 (--flood 5000 --rounds 3)",
    load: async () => (await import('./fairness.ts')).fairnessBench,
  },
  search: {
    summary: 'hybrid search over 100,000 passages in one object, beside a bare scan; a PDF of 200 pages made searchable',
    load: async () => (await import('./search.ts')).searchBench,
  },
  embeddings: {
    summary: 'sentences a second that the embedded encoder turns into vectors inside workerd (--rounds 3)',
    load: async () => (await import('./embeddings.ts')).embeddingsBench,
  },
  answers: {
    summary: 'a question asked again: answered from the cache, over HTTP, search and verification included (--rounds 3)',
    load: async () => (await import('./answers.ts')).answersBench,
  },
  classify: {
    summary: 'training from 10,000 examples inside workerd, and a trained classifier a text (--examples 10000 --labels 77)',
    load: async () => (await import('./classify.ts')).classifyBench,
  },
  memory: {
    summary: 'resident memory of the Worker process after 50 document runs and after 500 (--documents 500)',
    load: async () => (await import('./memory.ts')).memoryBench,
  },
  'index-memory': {
    summary:
      'what each isolate holds while document-intake indexes a PDF of 200 pages with its graph (--pages 200 --heap 84), or a table (--rows 1000000)',
    load: async () => (await import('./index-memory.ts')).indexMemoryBench,
  },
  recovery: {
    summary: 'seconds and MB/s to back up an installation and to restore it into another (--runs 200)',
    load: async () => (await import('./recovery.ts')).recoveryBench,
  },
  chaos: {
    summary: 'SIGKILL at random moments (--runs 200 --kills 20): every run ends, every effect happens once',
    load: async () => (await import('./chaos.ts')).chaosBench,
  },
}

const [name, ...rest] = process.argv.slice(2)
const chosen = name === undefined ? undefined : BENCHES[name]
if (name === undefined || chosen === undefined) {
  if (name !== undefined) console.error(`There is no bench '${name}'.`)
  for (const [each, { summary }] of Object.entries(BENCHES)) console.log(`${each.padEnd(12)} ${summary}`)
  process.exit(name === undefined ? 0 : 2)
}

const isJson = rest.includes('--json')
const startedAt = Date.now()
const bench = await chosen.load()
const { figures, broken = [] } = await bench.run({
  option: (option, otherwise) => optionOf(rest, option) ?? otherwise,
  // On the error stream, so that the lines of --json stay alone on the other.
  say: (line) => console.error(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${line}`),
})
for (const figure of figures) print(figure)
for (const promise of broken) console.error(`BROKEN: ${promise}`)
process.exit(broken.length === 0 ? 0 : 1)

function print({ figure, value, unit, n }: Figure): void {
  const rounded = Math.round(value * 100) / 100
  if (isJson) console.log(JSON.stringify({ bench: name, figure, value: rounded, unit, n }))
  else console.log(`${figure.padEnd(44)} ${String(rounded).padStart(10)} ${unit.padEnd(12)} n=${n}`)
}

function optionOf(args: readonly string[], option: string): number | undefined {
  const index = args.indexOf(`--${option}`)
  if (index === -1) return undefined
  const value = Number(args[index + 1])
  if (!Number.isFinite(value)) throw new Error(`--${option} needs a number.`)
  return value
}
