import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '../scripts/client.ts'
import { freePort } from '../scripts/launch.ts'
import type { Bench, BenchContext } from './bench.ts'
import { collectedOnRequest, readTrace, TRACE_FLAGS } from './index-memory-trace.ts'
import { type IsolatePeak, judgeIndexing } from './index-memory-verdict.ts'
import { intake } from './intake.ts'
import { type IsolateWatch, watchIsolate } from './isolate-watch.ts'
import { makeLargePdf } from './large-pdf.ts'
import { openSession } from './session.ts'

const PAGES = 200
/** Steward with the Run, Tenant and Knowledge objects; the agents; the encoder and OCR: an isolate each, as deployed. */
const SCRIPTS = ['steward', 'steward-agents', 'steward-models']
/**
 * V8 knows nothing of the 128 MB here and leaves garbage about for as long as memory lasts. So its heap is bound: what is beside the heap
 * has the rest. An isolate that needs more ends the process, and with it the bench. The young generation that a process is served with
 * would take more than half of it.
 */
const HEAP_MB = 84
const YOUNG_MB = 4
const LINE_PATIENCE_MS = 10_000
const LINE_POLL_MS = 50
const FLUSHING_COLLECTIONS = 5
const FLUSH_MS = 500

/** What the isolates hold while document-intake reads, indexes and reports a PDF of 200 pages with a picture each, or a long table. */
export const indexMemoryBench: Bench = {
  async run(context) {
    const pages = context.option('pages', PAGES)
    const inspectorPort = await freePort()
    const v8Flags = `--max-heap-size=${context.option('heap', HEAP_MB)} --max-semi-space-size=${YOUNG_MB} --expose-gc ${TRACE_FLAGS}`
    const session = await openSession(context.say, { v8Flags, inspectorPort })
    try {
      const watches = await Promise.all(SCRIPTS.map((script) => watchIsolate(inspectorPort, script)))
      const log = () => readFileSync(session.logFile, 'utf8')
      const addresses = await addressesOf(watches, log)
      const rows = context.option('rows', 0)
      const file = rows === 0 ? await makeLargePdf(1, { pages, lineOf }) : makeTable(rows)
      const name = rows === 0 ? 'report.pdf' : 'orders.csv'
      const seconds = await read(context, file, () => intake(createClient(session.url, session.apiKey), name, file))
      await flush(watches)
      for (const watch of watches) await watch.stop()
      return judgeIndexing({ pages, rows }, seconds, peaksOf(watches, addresses, log()))
    } finally {
      await session.end()
    }
  },
}

async function read({ say }: BenchContext, file: Uint8Array, work: () => Promise<number>): Promise<number> {
  say(`a file of ${(file.length / 1e6).toFixed(1)} MB`)
  const seconds = await work()
  say(`read, indexed with its graph and reported in ${seconds.toFixed(1)} s`)
  return seconds
}

/** The trace names isolates by their address. A collection on request tells whose it is. */
async function addressesOf(watches: readonly IsolateWatch[], log: () => string): Promise<Map<string, string>> {
  const addresses = new Map<string, string>()
  for (const { script, collectGarbage } of watches) {
    const deadline = Date.now() + LINE_PATIENCE_MS
    while (!addresses.has(script)) {
      if (Date.now() > deadline) throw new Error(`V8 wrote no line about the garbage of ${script}; see the log.`)
      // workerd writes once it has some kilobytes: the line comes with those of further collections.
      await collectGarbage()
      await pause(LINE_POLL_MS)
      const found = collectedOnRequest(log()).find((address) => ![...addresses.values()].includes(address))
      if (found !== undefined) addresses.set(script, found)
    }
  }
  return addresses
}

/** Makes enough lines that all before them are written. */
async function flush(watches: readonly IsolateWatch[]): Promise<void> {
  for (let turn = 0; turn < FLUSHING_COLLECTIONS; turn += 1) for (const { collectGarbage } of watches) await collectGarbage()
  await pause(FLUSH_MS)
}

function peaksOf(watches: readonly IsolateWatch[], addresses: Map<string, string>, log: string): IsolatePeak[] {
  const trace = readTrace(log)
  return watches.map(({ script, most }) => {
    const traced = trace.get(addresses.get(script) ?? '')
    if (traced === undefined) throw new Error(`V8 wrote nothing about ${script}; see the log.`)
    const { held, samples } = most()
    return { script, traced: traced.most, sampled: held, collections: traced.collections, samples }
  })
}

const PEOPLE = 'Anna Omar Grace Ivan Lucia Peter Mei Jonas Priya Tomas Helen Marco Aisha Daniel Nora Viktor'.split(' ')
const FAMILIES = 'Keller Novak Hughes Rossi Tanaka Meyer Silva Larsen Okafor Dubois Kowalski Haddad Brooks Lindqvist Moreno Fischer'.split(
  ' ',
)
const HOUSES = 'Northwind Brightwater Ironbridge Silverline Oakfield Redstone Bluepeak Westgate'.split(' ')
const KINDS = 'Energy Logistics Systems Foods Textiles Pharma Steel Media'.split(' ')
const TOWNS = 'Hamburg Lisbon Boston Vienna Osaka Toronto Madrid Dublin Prague Chicago'.split(' ')
const DEEDS = ['signed the order with', 'joined the board of', 'works for', 'sent the invoice to', 'left']

/** A line of a report that is full of names, for the graph. */
function lineOf(line: number): string {
  const pick = (list: readonly string[], step: number) => list[Math.floor(line / step) % list.length] ?? ''
  const company = `${pick(HOUSES, 7)} ${pick(KINDS, 5)} Inc`
  return `${pick(PEOPLE, 1)} ${pick(FAMILIES, 3)} ${pick(DEEDS, 2)} ${company} in ${pick(TOWNS, 11)} on ${(line % 28) + 1} March 2026 for ${1_000 + line} euros.`
}

/** A table of orders, some 60 characters a row. */
function makeTable(rows: number): Uint8Array<ArrayBuffer> {
  const lines = Array.from(
    { length: rows },
    (_, row) =>
      `ORD-${String(row).padStart(7, '0')};${PEOPLE[row % PEOPLE.length]} ${FAMILIES[row % FAMILIES.length]};${TOWNS[row % TOWNS.length]};${((row * 37) % 100_000) / 100};EUR;2026-03-${(row % 28) + 1}`,
  )
  return new Uint8Array(new TextEncoder().encode(`order;customer;city;amount;currency;day\n${lines.join('\n')}`))
}
