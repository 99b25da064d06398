import { createClient } from '../scripts/client.ts'
import type { Bench } from './bench.ts'
import { type ChaosReceiver, startChaosReceiver } from './chaos-receiver.ts'
import { type ChaosRun, isStuck, judge, listRuns } from './chaos-verdict.ts'
import { prepareChaos } from './chaos-workflow.ts'
import { inParallel } from './http-client.ts'
import { openSession } from './session.ts'

const RUNS = 200
const KILLS = 20
/** A life lasts between these, from ready to SIGKILL: short enough that most kills fall among work. */
const MIN_LIFE_MS = 100
const MAX_LIFE_MS = 1_500
const CHECK_STUCK_AFTER_MS = 75_000
/** Longer than the sweep that repairs what an alarm has missed. */
const PATIENCE_MS = 600_000
const POLL_MS = 2_000

type Client = ReturnType<typeof createClient>
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Starts runs, kills the process again and again, and looks whether every promise held. */
export const chaosBench: Bench = {
  async run({ option, say }) {
    const wanted = option('runs', RUNS)
    const kills = option('kills', KILLS)
    const session = await openSession(say)
    const receiver = await startChaosReceiver()
    try {
      const client = createClient(session.url, session.apiKey)
      const documentId = await prepareChaos(client, receiver.url)
      const acknowledged: string[] = []
      for (let life = 1; life <= kills; life += 1) {
        const share = Math.ceil((wanted * life) / kills) - acknowledged.length
        const starting = startRuns(client, documentId, share, acknowledged)
        await sleep(MIN_LIFE_MS + Math.random() * (MAX_LIFE_MS - MIN_LIFE_MS))
        await session.kill()
        await starting
        await session.restart()
        say(`kill ${life}: ${acknowledged.length} runs acknowledged, ${receiver.deliveries.size} delivered`)
      }
      await startRuns(client, documentId, wanted - acknowledged.length, acknowledged)
      const stuck = await settle(client, receiver, acknowledged, say)
      return judge(await readAll(client), receiver, { kills, acknowledged, stuck })
    } finally {
      receiver.stop()
      await session.end()
    }
  },
}

let orders = 0

/** Starts that break off are not repeated under their order: whether they took place is what the list says later. */
async function startRuns(client: Client, documentId: string, count: number, acknowledged: string[]): Promise<void> {
  await inParallel(Math.max(0, count), 4, async () => {
    orders += 1
    const started = client.post<{ id: string }>('/api/v1/webhooks/chaos', { orderId: `ORDER-${orders}`, documentId })
    const run = await started.catch((thrown: unknown) => {
      // fetch throws TypeError when the process is gone, which is what this program does to it; an answer of Steward is another matter.
      if (thrown instanceof TypeError) return undefined
      throw thrown
    })
    if (run !== undefined) acknowledged.push(run.id)
  })
}

/** Waits until the list shows every run that was acknowledged, and none live. Gives how many were stuck when everything should long have been under way again. */
async function settle(
  client: Client,
  receiver: ChaosReceiver,
  acknowledged: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  const since = Date.now()
  let stuck: number | undefined
  let said = ''
  while (Date.now() - since < PATIENCE_MS) {
    const listed = new Set(await listRuns(client))
    // A run that was cut off before its row came into the list is live too, as far as anybody can know.
    const unlisted = acknowledged.filter((id) => !listed.has(id))
    const live = [...(await listRuns(client, 'running')), ...(await listRuns(client, 'waiting')), ...unlisted]
    const line = `${live.length} runs live, ${unlisted.length} of them not in the list, ${receiver.deliveries.size} delivered`
    if (line !== said) say(line)
    said = line
    if (live.length === 0) break
    if (stuck === undefined && Date.now() - since > CHECK_STUCK_AFTER_MS) {
      const now = Date.now()
      stuck = (await Promise.all(live.map((id) => client.get<ChaosRun>(`/api/v1/runs/${id}`)))).filter((run) => isStuck(run, now)).length
      say(`${stuck} of them stuck`)
    }
    await sleep(POLL_MS)
  }
  return stuck ?? 0
}

async function readAll(client: Client): Promise<ChaosRun[]> {
  const runs: ChaosRun[] = []
  const ids = await listRuns(client)
  await inParallel(ids.length, 8, async (index) => {
    runs.push(await client.get<ChaosRun>(`/api/v1/runs/${ids[index] ?? ''}`))
  })
  return runs
}
