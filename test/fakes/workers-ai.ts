import type { AiBinding } from '../../workers/adapters/workers-ai-model'
import type { ChatScript } from './chat-server'

export interface FakeAi extends AiBinding {
  received: { model: string; inputs: Record<string, unknown> }[]
  script(...answers: ChatScript[]): void
}

/**
 * The `ai` binding as far as it is documented: objects for whole answers, a byte stream of server-sent events for streams, an Error
 * whose message begins with the code for refusals, and a signal that is obeyed. A run that nothing was scripted for throws.
 */
export function createFakeAi(): FakeAi {
  const answers: ChatScript[] = []
  const received: FakeAi['received'] = []
  return {
    received,
    script: (...more) => void answers.push(...more),
    async run(model, inputs, options) {
      // A binding takes what can be cloned, and nothing else.
      received.push({ model, inputs: structuredClone(inputs) })
      const answer = answers.shift()
      if (answer === undefined) throw new Error('5004: no answer is scripted')
      options?.signal?.throwIfAborted()
      if (answer.kind === 'silence') return await untilAborted(options?.signal)
      if (answer.kind === 'text') throw new Error(answer.status === undefined ? answer.body : `${answer.status}: ${answer.body}`)
      return answer.kind === 'json' ? answer.body : streamOf(answer, options?.signal)
    },
  }
}

const untilAborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }))

function streamOf(
  { pieces, cut, stall }: Extract<ChatScript, { kind: 'stream' }>,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      if (signal?.aborted) return controller.error(signal.reason)
      await new Promise((resolve) => setTimeout(resolve, 1))
      const piece = pieces[at++]
      if (piece !== undefined) return controller.enqueue(encoder.encode(piece))
      if (stall) return await untilAborted(signal)
      if (cut) controller.error(new Error('Network connection lost.'))
      else controller.close()
    },
  })
}
