import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../web/src/api/types'
import { followRun, reconnectDelayMs, SOCKET_OVER, type SocketEvents, type StreamState } from '../../web/src/live/stream'
import * as server from '../../workers/domain/live-socket'

/** A server, a clock and a viewer in memory. */
function setUp(options: { refuseAddresses?: number; finishedAt?: number } = {}) {
  const seen: number[] = []
  const addresses: number[] = []
  const sockets: SocketEvents[] = []
  const states: StreamState[] = []
  const timers: (() => void)[] = []
  let refusals = options.refuseAddresses ?? 0
  const lastSeq = (): number => seen.at(-1) ?? 0
  const stop = followRun({
    address: async (after) => {
      addresses.push(after)
      if (refusals-- > 0) throw new Error('no ticket')
      return `ws://server/?after=${after}`
    },
    open: (_address, events) => {
      sockets.push(events)
      // The server's goodbye comes late or never.
      return { close: () => {} }
    },
    read: (message): RunEvent => JSON.parse(message),
    accept: ({ seq }) => {
      if (seq > lastSeq() + 1) return false
      if (seq > lastSeq()) seen.push(seq)
      return true
    },
    lastSeq,
    onState: (state) => states.push(state),
    finished: () => lastSeq() === options.finishedAt,
    schedule: (run) => {
      timers.push(run)
      return () => timers.splice(timers.indexOf(run), 1)
    },
    random: () => 0.5,
  })
  const settle = async (): Promise<void> => {
    await Promise.resolve()
    await Promise.resolve()
  }
  const say = (socket: number, ...seqs: number[]): void => {
    for (const seq of seqs) sockets[socket]?.onMessage(JSON.stringify({ seq }))
  }
  const tick = async (): Promise<void> => {
    timers.shift()?.()
    await settle()
  }
  return { stop, seen, addresses, sockets, states, timers, settle, say, tick }
}

describe('following a run', () => {
  it('resumes after the last seq when the connection breaks', async () => {
    const viewer = setUp()
    await viewer.settle()
    viewer.sockets[0]?.onOpen()
    viewer.say(0, 1, 2, 3)
    viewer.sockets[0]?.onClose()
    await viewer.tick()
    viewer.say(1, 4)
    expect(viewer.addresses).toEqual([0, 3])
    expect(viewer.seen).toEqual([1, 2, 3, 4])
    expect(viewer.states).toEqual(['connecting', 'live', 'reconnecting'])
  })

  it('goes on at once, without a break, when the time of the connection is over', async () => {
    const viewer = setUp()
    await viewer.settle()
    viewer.sockets[0]?.onOpen()
    viewer.say(0, 1, 2)
    viewer.sockets[0]?.onClose(SOCKET_OVER)
    await viewer.settle()
    viewer.say(0, 3)
    viewer.sockets[1]?.onOpen()
    viewer.say(1, 3, 4)
    expect(viewer.addresses).toEqual([0, 2])
    expect(viewer.seen).toEqual([1, 2, 3, 4])
    expect(new Set(viewer.states.slice(1))).toEqual(new Set(['live']))
    expect(viewer.timers).toEqual([])
    expect(SOCKET_OVER).toBe(server.SOCKET_OVER)
  })

  it('waits before it comes back to a server that ends every connection before it is open', async () => {
    const viewer = setUp()
    await viewer.settle()
    viewer.sockets[0]?.onClose(SOCKET_OVER)
    expect(viewer.states).toEqual(['connecting', 'reconnecting'])
    expect(viewer.timers).toHaveLength(1)
  })

  it('says that it is reconnecting when the next connection fails after the time of one was over', async () => {
    const viewer = setUp()
    await viewer.settle()
    viewer.sockets[0]?.onOpen()
    viewer.sockets[0]?.onClose(SOCKET_OVER)
    await viewer.settle()
    viewer.sockets[1]?.onClose(1006)
    expect(viewer.states).toEqual(['connecting', 'live', 'reconnecting'])
  })

  it('is over with its connection when the run has ended', async () => {
    const viewer = setUp({ finishedAt: 0 })
    await viewer.settle()
    viewer.sockets[0]?.onOpen()
    viewer.sockets[0]?.onClose(SOCKET_OVER)
    await viewer.settle()
    expect(viewer.states.at(-1)).toBe('closed')
    expect(viewer.addresses).toEqual([0])
  })

  it('asks again from the gap when an event is missing', async () => {
    const viewer = setUp()
    await viewer.settle()
    viewer.say(0, 1, 2, 5)
    await viewer.tick()
    viewer.say(1, 3, 4, 5)
    expect(viewer.addresses).toEqual([0, 2])
    expect(viewer.seen).toEqual([1, 2, 3, 4, 5])
  })

  it('does not listen to a connection that it has given up', async () => {
    const viewer = setUp()
    await viewer.settle()
    viewer.say(0, 1, 3)
    viewer.say(0, 2)
    viewer.sockets[0]?.onClose()
    expect(viewer.seen).toEqual([1])
    expect(viewer.timers).toHaveLength(1)
  })

  it('tries again when it gets no ticket', async () => {
    const viewer = setUp({ refuseAddresses: 2 })
    await viewer.settle()
    await viewer.tick()
    await viewer.tick()
    expect(viewer.addresses).toEqual([0, 0, 0])
    expect(viewer.sockets).toHaveLength(1)
  })

  it('ends with the run', async () => {
    const viewer = setUp({ finishedAt: 2 })
    await viewer.settle()
    viewer.say(0, 1, 2)
    expect(viewer.states.at(-1)).toBe('closed')
    expect(viewer.timers).toEqual([])
  })

  it('stops for good when it is stopped', async () => {
    const viewer = setUp()
    await viewer.settle()
    viewer.stop()
    expect(viewer.timers).toEqual([])
    await viewer.tick()
    expect(viewer.addresses).toEqual([0])
  })
})

describe('the delay before the next connection', () => {
  it('doubles up to a cap and is spread', () => {
    expect([1, 2, 3].map((failures) => reconnectDelayMs(failures, 1))).toEqual([500, 1_000, 2_000])
    expect(reconnectDelayMs(50, 1)).toBe(15_000)
    expect(reconnectDelayMs(1, 0)).toBe(250)
  })
})
