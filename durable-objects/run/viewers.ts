import type { RunEvent } from '../../workers/domain/runs'
import type { EventArchive } from './event-archive'
import type { RunState } from './state'

/** Events sent to a viewer at once; the rest follows with the next page. */
const PAGE = 500
interface Seen {
  seq: number
}

/** WebSocket viewers of a run. They survive eviction (hibernation); each resumes after the last seq it was sent. */
export class Viewers {
  /** Viewers that are being sent what is in the file store. */
  private readonly reading = new Set<WebSocket>()

  constructor(
    private readonly ctx: DurableObjectState,
    private readonly archive: () => EventArchive,
  ) {
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  accept(after: number, state: RunState): Response {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    server.serializeAttachment({ seq: after } satisfies Seen)
    this.catchUp(server, state)
    return new Response(null, { status: 101, webSocket: client })
  }

  /** Sends every viewer what it has not seen. Call it after a commit. */
  publish(state: RunState): void {
    for (const socket of this.ctx.getWebSockets()) {
      this.catchUp(socket, state)
      // A viewer that connects after the end keeps its socket and closes it itself: closing during the upgrade reads as an error.
      if (!state.isLive && !this.reading.has(socket)) socket.close(1000, 'the run has ended')
    }
  }

  private catchUp(socket: WebSocket, state: RunState): void {
    if (this.reading.has(socket)) return
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
      while (this.archive().holds(seenBy(socket).seq)) this.send(socket, await this.archive().after(seenBy(socket).seq, PAGE))
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
    if (last !== undefined) socket.serializeAttachment({ seq: last.seq } satisfies Seen)
  }
}

const seenBy = (socket: WebSocket): Seen => socket.deserializeAttachment() as Seen
