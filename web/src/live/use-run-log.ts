import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { liveAddress, readEvent } from '../api/runs'
import type { RunEvent } from '../api/types'
import { appendEvent, changesRun, EMPTY_LOG, endsRun, type RunLog } from './run-log'
import { followRun, type Socket, type SocketEvents, type StreamState } from './stream'

/** Events come in bursts; the run is read again at most this often. */
const REREAD_MS = 300

/** A run's events, live, and the state of the connection. The run's queries are renewed as events tell of changes. */
export function useRunLog(runId: string, resumes: number): { log: RunLog; connection: StreamState } {
  const queries = useQueryClient()
  const [log, setLog] = useState(EMPTY_LOG)
  const [connection, setConnection] = useState<StreamState>('connecting')
  const seen = useRef({ runId, log: EMPTY_LOG })

  useEffect(() => {
    if (seen.current.runId !== runId) seen.current = { runId, log: EMPTY_LOG }
    // A resumed run has ended once before: only what comes now can end it again.
    const endedBefore = resumes > 0 ? seen.current.log.lastSeq : 0
    let reread: ReturnType<typeof setTimeout> | undefined
    const renewSoon = (): void => {
      reread ??= setTimeout(() => {
        reread = undefined
        void queries.invalidateQueries({ queryKey: ['run', runId] })
      }, REREAD_MS)
    }
    const accept = (event: RunEvent): boolean => {
      const appended = appendEvent(seen.current.log, event)
      if (!appended.ok) return false
      seen.current.log = appended.log
      setLog(appended.log)
      if (changesRun(event.type)) renewSoon()
      return true
    }
    const stop = followRun({
      address: (after) => liveAddress(runId, after),
      open: openSocket,
      read: readEvent,
      accept,
      lastSeq: () => seen.current.log.lastSeq,
      onState: setConnection,
      finished: () => hasEnded(seen.current.log, endedBefore),
      schedule: (run, delayMs) => {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
      random: Math.random,
    })
    return () => {
      stop()
      clearTimeout(reread)
    }
  }, [runId, resumes, queries])

  return { log, connection }
}

function hasEnded(log: RunLog, after: number): boolean {
  const last = log.events.at(-1)
  return last !== undefined && last.seq > after && endsRun(last.type)
}

function openSocket(address: string, events: SocketEvents): Socket {
  const socket = new WebSocket(address)
  socket.onopen = () => events.onOpen()
  socket.onmessage = ({ data }) => events.onMessage(data)
  socket.onclose = ({ code }) => events.onClose(code)
  return socket
}
