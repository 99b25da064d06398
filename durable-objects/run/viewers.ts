import type { RunState } from './state'

/** Events sent to a viewer at once; the rest follows with the next page. */
const PAGE = 500
interface Seen {
  seq: number
}

/** WebSocket viewers of a run. They survive eviction (hibernation); each resumes after the last seq it was sent. */
export class Viewers {
  constructor(private readonly ctx: DurableObjectState) {
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
      if (!state.isLive) socket.close(1000, 'the run has ended')
    }
  }

  private catchUp(socket: WebSocket, state: RunState): void {
    const seen = socket.deserializeAttachment() as Seen
    let { seq } = seen
    for (;;) {
      const events = state.events.after(seq, PAGE)
      for (const event of events) socket.send(JSON.stringify(event))
      seq = events.at(-1)?.seq ?? seq
      if (events.length < PAGE) break
    }
    if (seq !== seen.seq) socket.serializeAttachment({ seq } satisfies Seen)
  }
}
