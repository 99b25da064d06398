import type { Outbound } from '../../workers/domain/ports'

type Request = Parameters<Outbound['send']>[0]
type Answer = Awaited<ReturnType<Outbound['send']>>

/** Requests are kept; answers come from `answer`, which a test may replace. */
export function createFakeOutbound(): Outbound & { requests: Request[]; answer: (request: Request) => Promise<Answer> } {
  const outbound = {
    requests: [] as Request[],
    answer: async (_: Request): Promise<Answer> => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' }),
    send: async (request: Request) => {
      outbound.requests.push(request)
      return await outbound.answer(request)
    },
  }
  return outbound
}
