import type { Context } from 'hono'
import type { AnswerStage } from '../domain/citations'
import { type Refusal, toRefusal } from '../domain/error'
import type { CollectionAnswer } from '../skills/answer/ask-collection'
import type { ApiEnv } from './deps'
import { type ProblemDetails, STATUS_OF, TITLES } from './errors'

/** Proxies close a connection on which nothing comes; a comment is no event. */
const HEARTBEAT_MS = 10_000

type Work = (signal: AbortSignal, onStage: (stage: AnswerStage) => void) => Promise<CollectionAnswer>

/**
 * An answer as server-sent events: `stage` as each ends, `sentence` and its `citation`s, at last `done` with the whole, or `error`
 * with a problem as the JSON answer would have it. Sentences come only once they are verified. Work stops when the reader leaves.
 */
export function answerStream(c: Context<ApiEnv>, work: Work): Response {
  const gone = new AbortController()
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(text))
      }
      const send = (event: string, value: unknown) => write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`)
      const heartbeat = setInterval(() => write(': still at it\n\n'), HEARTBEAT_MS)
      const finish = () => {
        clearInterval(heartbeat)
        if (!gone.signal.aborted) controller.close()
      }
      work(gone.signal, (stage) => send('stage', stage))
        .then((answered) => sendAnswer(answered, send))
        .catch((thrown: unknown) => {
          const refusal = toRefusal(thrown)
          if (refusal.code === 'internal')
            console.error(JSON.stringify({ message: 'answering failed', requestId: c.get('requestId'), error: String(thrown) }))
          send('error', problemOf(refusal, c.get('requestId')))
        })
        .finally(finish)
    },
    cancel: (reason) => gone.abort(reason),
  })
  return c.body(body, 200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
}

function sendAnswer(answered: CollectionAnswer, send: (event: string, value: unknown) => void): void {
  for (const [index, { citations, ...sentence }] of answered.sentences.entries()) {
    send('sentence', { index, ...sentence })
    for (const citation of citations) send('citation', { sentence: index, ...citation })
  }
  send('done', answered)
}

/** The same body that a refused request has. */
const problemOf = ({ code, message, ...details }: Refusal, requestId: string): ProblemDetails => ({
  type: `urn:steward:problem:${code}`,
  title: TITLES[code],
  status: STATUS_OF[code],
  detail: message,
  code,
  requestId,
  ...details,
})
