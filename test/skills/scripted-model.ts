import type { ChatModel, ChatRequest } from '../../workers/domain/models'

/** A model that answers with these values in turn, or throws them; it keeps what it was asked. */
export function scriptedModel(...turns: unknown[]): ChatModel & { requests: ChatRequest[] } {
  const requests: ChatRequest[] = []
  return {
    requests,
    complete: async (request) => {
      requests.push(request)
      const turn = turns.shift()
      if (turn instanceof Error) throw turn
      if (turn === undefined) throw new Error('The script has no further turn.')
      return {
        text: JSON.stringify(turn),
        json: turn,
        toolCalls: [],
        finish: 'stop',
        provider: 'scripted',
        model: 'scripted-1',
        inputTokens: 1,
        outputTokens: 1,
        latencyMs: 1,
      }
    },
  }
}
