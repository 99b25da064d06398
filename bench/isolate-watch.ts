import { setTimeout as pause } from 'node:timers/promises'

const SAMPLE_MS = 100
const PATIENCE_MS = 30_000
const MEGABYTE = 1_048_576

/** What an isolate holds, in megabytes: objects of V8's heap, garbage included, and beside it array buffers and WASM memories. */
export interface Held {
  heap: number
  buffers: number
}

export const totalOf = ({ heap, buffers }: Held): number => heap + buffers

/** An isolate of the process, asked over workerd's inspector. */
export interface Isolate {
  /** What is held now. */
  held(): Promise<Held>
  /** Needs V8's flag `--expose-gc`: workerd never answers HeapProfiler.collectGarbage. */
  collectGarbage(): Promise<void>
  close(): void
}

export interface IsolateWatch extends Omit<Isolate, 'close'> {
  script: string
  /** The most that was held at once where the isolate was free to answer, ten times a second. */
  most(): { held: Held; samples: number }
  stop(): Promise<void>
}

/** Every isolate of the process, by its name: those of the scripts and those of the simulators of D1, R2 and the queues. */
export async function openIsolates(port: number): Promise<Map<string, Isolate>> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as { id: string }[]
  return new Map(await Promise.all(targets.map(async ({ id }): Promise<[string, Isolate]> => [id, await openIsolate(port, id)])))
}

/** The name of a script's isolate. */
export const isolateOf = (script: string): string => `core:user:${script}`

async function openIsolate(port: number, name: string): Promise<Isolate> {
  const inspector = await openInspector(`ws://127.0.0.1:${port}/${name}`)
  await inspector.ask('Runtime.enable')
  return {
    held: async () => heldOf(await inspector.ask('Runtime.getHeapUsage')),
    collectGarbage: async () => {
      const { exceptionDetails } = await inspector.ask('Runtime.evaluate', { contextId: inspector.context(), expression: 'gc()' })
      if (exceptionDetails !== undefined) throw new Error(`${name} cannot collect garbage: ${JSON.stringify(exceptionDetails)}`)
    },
    close: inspector.close,
  }
}

/** Asks the isolate of a script what it holds until it is stopped. */
export async function watchIsolate(port: number, script: string): Promise<IsolateWatch> {
  const { close, ...isolate } = await openIsolate(port, isolateOf(script))
  let held: Held = { heap: 0, buffers: 0 }
  let samples = 0
  let isWatching = true
  const watching = (async () => {
    while (isWatching) {
      const now = await isolate.held()
      if (totalOf(now) > totalOf(held)) held = now
      samples += 1
      await pause(SAMPLE_MS)
    }
  })()
  // Whoever stops the watch hears of its failure; until then it must not end the process.
  watching.catch(() => undefined)
  return {
    ...isolate,
    script,
    most: () => ({ held, samples }),
    stop: async () => {
      isWatching = false
      await watching
      close()
    },
  }
}

/** From what the inspector answers; throws where it does not tell of array buffers, so that they are not taken for none. */
export function heldOf({ usedSize, embedderHeapUsedSize, backingStorageSize }: Record<string, unknown>): Held {
  if (typeof usedSize !== 'number' || typeof embedderHeapUsedSize !== 'number' || typeof backingStorageSize !== 'number')
    throw new Error('The inspector does not tell of heap, embedder and array buffers: this workerd is too old for the bench.')
  return { heap: (usedSize + embedderHeapUsedSize) / MEGABYTE, buffers: backingStorageSize / MEGABYTE }
}

interface Message {
  id?: number
  method?: string
  params?: { context?: { id: number } }
  result?: Record<string, unknown>
  error?: { message: string }
}

interface Inspector {
  ask(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>
  /** The context in which the script runs, known once the runtime is enabled. */
  context(): number | undefined
  close(): void
}

/** The Chrome DevTools Protocol. */
async function openInspector(address: string): Promise<Inspector> {
  const socket = new WebSocket(address)
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    socket.addEventListener('error', () => reject(new Error(`There is no inspector at ${address}.`)), { once: true })
  })
  const waiting = new Map<number, (message: Message) => void>()
  let context: number | undefined
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    if (message.method === 'Runtime.executionContextCreated') context = message.params?.context?.id
    if (message.id !== undefined) waiting.get(message.id)?.(message)
  })
  let last = 0
  return {
    ask: async (method, params = {}) => {
      last += 1
      const id = last
      socket.send(JSON.stringify({ id, method, params }))
      return await new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`${address} did not answer ${method}.`)), PATIENCE_MS)
        waiting.set(id, ({ result, error }) => {
          clearTimeout(late)
          waiting.delete(id)
          if (error) reject(new Error(`${method}: ${error.message}`))
          else resolve(result ?? {})
        })
      })
    },
    context: () => context,
    close: () => socket.close(),
  }
}
