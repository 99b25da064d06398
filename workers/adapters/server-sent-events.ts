/** A stream that sends this much without an event is no event stream. */
const MAX_EVENT_CHARACTERS = 1_000_000

/** The `data` of each server-sent event, as the WHATWG HTML standard frames them: any line ending, comments and other fields passed over. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let pending = ''
  let data: string[] = []
  for await (const piece of body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
    pending += piece
    if (pending.length > MAX_EVENT_CHARACTERS) throw new Error('The event stream sent a line of more than a million characters.')
    const lines = pending.split(/\r\n|\n|\r(?!$)/)
    pending = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
      else if (line === '' && data.length > 0) {
        yield data.join('\n')
        data = []
      }
    }
  }
  // Many servers leave out the blank line after their last event.
  if (pending.startsWith('data:')) data.push(pending.slice(pending.startsWith('data: ') ? 6 : 5))
  if (data.length > 0) yield data.join('\n')
}
