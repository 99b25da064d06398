import { SOCKET_MS, SOCKET_OVER, SOCKET_OVER_REASON } from '../../workers/domain/live-socket'
import type { RunEvent } from '../../workers/domain/runs'
import type { EventArchive } from './event-archive'
import type { RunState } from './state'

/** Events sent to a viewer at once; the rest follows with the next page. */
const PAGE = 500
interface Seen {
  seq: number
  /** When its time is over, in milliseconds; absent in sockets from before this was kept: at once. */
  until?: number
}

/**
 * WebSocket viewers of a run.
 *
 * 1. They survive eviction (hibernation); each resumes after the last seq it was sent.
 * 2. None is open for longer than `SOCKET_MS`: the object's alarm stands at the earliest end at the latest, also when the run has ended.
 */
export class Viewers {
  /** Viewers that are being sent what is in the file store. */
  private readonly reading = new Set<WebSocket>()
  /** The earliest end of a viewer's time, infinite while nobody watches; unknown after a start of the object. */
  private earliest: number | undefined

  constructor(
    private readonly ctx: DurableObjectState,
    private readonly archive: () => EventArchive,
  ) {
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  /** Takes a viewer in; the alarm is to be set anew after it. */
  accept(after: number, state: RunState): Response {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    server.serializeAttachment({ seq: after, until: state.now().getTime() + SOCKET_MS } satisfies Seen)
    this.earliest = undefined
    this.catchUp(server, state)
    return new Response(null, { status: 101, webSocket: client })
  }

  /** Sends every viewer what it has not seen. Call it after a commit. */
  publish(state: RunState): void {
    for (const socket of this.open()) {
      this.catchUp(socket, state)
      // A viewer that connects after the end keeps its socket and closes it itself: closing during the upgrade reads as an error.
      if (!state.isLive && !this.reading.has(socket)) socket.close(1000, 'the run has ended')
    }
  }

  /** When to wake: at the time that is given, or before that when the time of a viewer is over. One who left meanwhile may still count. */
  nextWake(at = Number.POSITIVE_INFINITY): number | undefined {
    this.earliest ??= Math.min(...this.open().map(endOf))
    const next = Math.min(at, this.earliest)
    return next === Number.POSITIVE_INFINITY ? undefined : next
  }

  /** Closes the sockets whose time is over. Their viewers come back for what they have not been sent. */
  endDue(now: number): void {
    this.earliest = undefined
    for (const socket of this.open()) if (endOf(socket) <= now) socket.close(SOCKET_OVER, SOCKET_OVER_REASON)
  }

  /** Closes all: what they watch is no more. */
  endAll(): void {
    for (const socket of this.open()) socket.close(1000, 'the run is gone')
  }

  /** Without those that are being closed: sending to one of them throws. */
  private open(): WebSocket[] {
    return this.ctx.getWebSockets().filter(isOpen)
  }

  private catchUp(socket: WebSocket, state: RunState): void {
    if (this.reading.has(socket) || !isOpen(socket)) return
    const { seq } = seenBy(socket)
    if (this.archive().holds(seq)) {
      this.ctx.waitUntil(this.readOn(socket, state))
      return
    }
    this.send(socket, state.events.after(seq, PAGE))
    if (seenBy(socket).seq < state.events.lastSeq()) this.catchUp(socket, state)
  }

  /** Sends what is in the file store, then goes on with the rows. A viewer whose file cannot be read is closed and may come again. */
  private async readOn(socket: WebSocket, state: RunState): Promise<void> {
    this.reading.add(socket)
    try {
      while (isOpen(socket) && this.archive().holds(seenBy(socket).seq)) {
        const events = await this.archive().after(seenBy(socket).seq, PAGE)
        if (isOpen(socket)) this.send(socket, events)
      }
    } catch (thrown) {
      console.error(JSON.stringify({ message: 'a log segment could not be read', runId: state.run.id, error: String(thrown) }))
      socket.close(1011, 'the log could not be read; connect again')
      return
    } finally {
      this.reading.delete(socket)
    }
    this.catchUp(socket, state)
  }

  private send(socket: WebSocket, events: RunEvent[]): void {
    for (const event of events) socket.send(JSON.stringify(event))
    const last = events.at(-1)
    if (last !== undefined) socket.serializeAttachment({ ...seenBy(socket), seq: last.seq } satisfies Seen)
  }
}

const isOpen = (socket: WebSocket): boolean => socket.readyState === WebSocket.OPEN

const seenBy = (socket: WebSocket): Seen => socket.deserializeAttachment() as Seen

const endOf = (socket: WebSocket): number => seenBy(socket).until ?? 0
