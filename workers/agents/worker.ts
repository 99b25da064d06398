import { Dispatch } from '../domain/runs'
import type { AgentsEnv } from '../env'
import { agents } from './index'
import { perform } from './perform'

/**
 * Queue door of script steward-agents: one message is one hint that a step may be ready.
 *
 * Messages of a batch are claimed at once and acknowledged when claimed or refused; the work itself goes on past the batch, so a
 * slow document never holds up the next message. What is lost after the claim is given to another attempt when its lease ends.
 */
export default {
  async queue(batch, env, ctx): Promise<void> {
    await Promise.all(
      batch.messages.map(async (message) => {
        const dispatch = Dispatch.safeParse(message.body)
        if (!dispatch.success) {
          console.error(JSON.stringify({ message: 'a queue message is no dispatch', queue: batch.queue, id: message.id }))
          message.ack()
          return
        }
        try {
          const work = await perform(env, agents, dispatch.data)
          if (work !== undefined) ctx.waitUntil(work)
          message.ack()
        } catch (thrown) {
          console.warn(
            JSON.stringify({ message: 'claim failed', runId: dispatch.data.runId, stepKey: dispatch.data.stepKey, error: String(thrown) }),
          )
          message.retry({ delaySeconds: 1 })
        }
      }),
    )
  },

  async fetch(): Promise<Response> {
    return Response.json({ status: 'ok', agents: Object.keys(agents) })
  },
} satisfies ExportedHandler<AgentsEnv>
