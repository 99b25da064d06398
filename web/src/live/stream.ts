import type { RunEvent } from '../api/types'

export type StreamState = 'connecting' | 'live' | 'reconnecting' | 'closed'

export interface SocketEvents {
  onOpen(): void
  onMessage(data: unknown): void
  /** With the close code of the connection. */
  onClose(code?: number): void
}
export interface Socket {
  close(): void
}

export interface StreamDeps {
  /** Address for events after `seq`; called anew for every connection, since tickets are good once. */
  address(after: number): Promise<string>
  open(address: string, events: SocketEvents): Socket
  read(message: string): RunEvent | undefined
  /** Takes an event in and tells the seq seen last; false asks for a new connection from there. */
  accept(event: RunEvent): boolean
  lastSeq(): number
  onState(state: StreamState): void
  /** True once the run has ended and nothing more can come. */
  finished(): boolean
  schedule(run: () => void, delayMs: number): () => void
  random(): number
}

/** Close code of a connection whose time is over, as docs/API.md tells it. */
export const SOCKET_OVER = 4001

const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 15_000

/** Grows with each failure and is spread by half, so that viewers of a restarted server do not come all at once. */
export const reconnectDelayMs = (failures: number, random: number): number =>
  Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1)) * (0.5 + random / 2)

/**
 * Follows a run's events until it is stopped or the run ends.
 * 1. Every connection asks for what comes after the last seq taken in, so nothing is lost or shown twice.
 * 2. At most one socket is open; what an abandoned one still says is ignored.
 * 3. A failure to get an address counts like a lost connection.
 * 4. A connection whose time is over is followed by the next at once, and is no break: the state stays `live`.
 * @returns a function that stops it for good.
 */
export function followRun(deps: StreamDeps): () => void {
  let stopped = false
  let failures = 0
  let socket: Socket | undefined
  let cancelTimer: (() => void) | undefined

  const retry = (): void => {
    socket = undefined
    if (stopped) return
    if (deps.finished()) {
      deps.onState('closed')
      return
    }
    failures += 1
    deps.onState('reconnecting')
    cancelTimer = deps.schedule(() => void connect(), reconnectDelayMs(failures, deps.random()))
  }

  /** Only after it was open: a server that ends every connection at once is none that is live. */
  const goOn = (): void => {
    socket = undefined
    if (stopped) return
    if (deps.finished()) deps.onState('closed')
    else void connect()
  }

  /** Not waiting for the other side's goodbye: some servers take seconds to say it. */
  const leave = (current: Socket): void => {
    current.close()
    if (socket === current) retry()
  }

  const connect = async (): Promise<void> => {
    let address: string
    try {
      address = await deps.address(deps.lastSeq())
    } catch {
      // Shown as "reconnecting"; the cause of a lasting failure is shown by the run's own query.
      return retry()
    }
    if (stopped) return
    let wasOpen = false
    const current: Socket = deps.open(address, {
      onOpen: () => {
        if (socket !== current) return
        wasOpen = true
        failures = 0
        deps.onState('live')
      },
      onMessage: (data) => {
        if (socket !== current || typeof data !== 'string') return
        const event = deps.read(data)
        if ((event !== undefined && !deps.accept(event)) || deps.finished()) leave(current)
      },
      onClose: (code) => {
        if (socket !== current) return
        if (code === SOCKET_OVER && wasOpen) goOn()
        else retry()
      },
    })
    socket = current
  }

  deps.onState('connecting')
  void connect()
  return () => {
    stopped = true
    cancelTimer?.()
    socket?.close()
  }
}
