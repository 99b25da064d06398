import { AppError } from '../domain/error'
import { CompletionPart, type RawAnswer, type WireToolCall } from './openai-wire'
import { readEvents } from './server-sent-events'

const END_OF_STREAM = '[DONE]'

/**
 * Puts a streamed answer together and passes each piece of text on as it comes. A stream that ends with neither a
 * finish reason nor an end mark was cut off: it is refused as `unavailable`, never taken for a whole answer. `translate` makes the
 * events of a near relative of the protocol into its own.
 */
export async function readStream(
  body: ReadableStream<Uint8Array>,
  onText: (piece: string) => void,
  translate: (event: unknown) => unknown = (event) => event,
): Promise<RawAnswer> {
  const answer: RawAnswer = { text: '', toolCalls: [], finish: '', model: undefined, usage: undefined }
  const calls = new Map<number, WireToolCall>()
  for await (const event of readEvents(body)) {
    if (event === END_OF_STREAM) {
      // Some servers give no reason for an answer that simply ended.
      answer.finish ||= 'stop'
      break
    }
    const part = parsePart(event, translate)
    answer.model ??= part.model ?? undefined
    answer.usage = part.usage ?? answer.usage
    const choice = part.choices?.[0]
    answer.finish = choice?.finish_reason ?? answer.finish
    for (const piece of choice?.delta?.tool_calls ?? []) addToCall(calls, piece.index, piece)
    const text = choice?.delta?.content ?? ''
    if (text === '') continue
    answer.text += text
    onText(text)
  }
  if (answer.finish === '')
    throw new AppError('unavailable', 'The provider cut its answer off in the middle: try again.', { reason: 'stream_cut' })
  answer.toolCalls = Array.from(calls)
    .sort(([a], [b]) => a - b)
    .map(([, call]) => call)
  return answer
}

function parsePart(event: string, translate: (event: unknown) => unknown): CompletionPart {
  let value: unknown
  try {
    value = translate(JSON.parse(event))
  } catch (cause) {
    throw new AppError('unavailable', 'The provider streamed an event that is not JSON: try again or use another provider.', {
      reason: 'stream_cut',
      cause,
    })
  }
  const part = CompletionPart.safeParse(value)
  if (!part.success)
    throw new AppError(
      'unavailable',
      'The provider streamed an event of an unknown shape: check that the URL is an OpenAI-compatible one.',
      { cause: part.error },
    )
  if (part.data.error)
    throw new AppError('unavailable', `The provider broke its answer off: ${part.data.error.message ?? 'no reason given'}.`, {
      reason: 'stream_cut',
    })
  return part.data
}

type CallPart = { id?: string | null; function?: { name?: string | null; arguments?: string | null } | null }

/** The first part of a call carries its id and name, the later ones more of its arguments. */
function addToCall(calls: Map<number, WireToolCall>, index: number, part: CallPart): void {
  const call = calls.get(index) ?? { id: undefined, function: { name: '', arguments: '' } }
  calls.set(index, {
    id: call.id ?? part.id,
    function: {
      name: call.function.name + (part.function?.name ?? ''),
      arguments: (call.function.arguments ?? '') + (part.function?.arguments ?? ''),
    },
  })
}
