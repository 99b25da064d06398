import type { Held } from './isolate-watch.ts'
import { totalOf } from './isolate-watch.ts'

/** What makes V8 write the lines that are read here. */
export const TRACE_FLAGS = '--trace-gc --trace-gc-verbose'
const KILOBYTES = 1_024

/** `[process:isolate] …` */
const LINE = /^\[\d+:(0x[0-9a-f]+)(?::\d+)?\]\s+(.*)$/
/** `1234 ms: Mark-Compact (reduce) 62.7 (69.7) -> 57.3 (69.2) MB, …`: used and committed before and after. */
const COLLECTION = /^\d+ ms: [A-Z][\w -]*(?: \([^)]*\))* ([\d.]+) \([\d.]+\) -> [\d.]+ \([\d.]+\) MB/
/** Both are written after each collection: the first has WASM memories, the second all array buffers. */
const OUTSIDE = /^(?:External memory reported|Backing store memory):\s+(-?\d+) KB/
const ON_REQUEST = /\btesting\b/

/** What V8's trace tells of one isolate. */
export interface Traced {
  /** The most that was held when the garbage was collected: the heap before, so with all garbage, and what lay outside it after. */
  most: Held
  collections: number
}

/** Reads the trace of all isolates of a process, by their address. Between two collections a heap only grows, so no peak of it is missed. */
export function readTrace(log: string): Map<string, Traced> {
  const isolates = new Map<string, Traced & { heap: number }>()
  for (const line of log.split('\n')) {
    const [, address, text] = LINE.exec(line) ?? []
    if (address === undefined || text === undefined) continue
    const isolate = isolates.get(address) ?? { most: { heap: 0, buffers: 0 }, collections: 0, heap: 0 }
    const [, before] = COLLECTION.exec(text) ?? []
    const [, kilobytes] = OUTSIDE.exec(text) ?? []
    if (before !== undefined) {
      isolate.heap = Number(before)
      isolate.collections += 1
      isolates.set(address, isolate)
    }
    const now = { heap: isolate.heap, buffers: Number(kilobytes ?? 0) / KILOBYTES }
    if (totalOf(now) > totalOf(isolate.most)) isolate.most = now
  }
  return isolates
}

/** The isolates whose garbage was collected on request, by their addresses. */
export const collectedOnRequest = (log: string): string[] => [
  ...new Set(log.split('\n').flatMap((line) => (ON_REQUEST.test(line) ? (LINE.exec(line)?.[1] ?? []) : []))),
]
