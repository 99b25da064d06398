import type { Client } from '../scripts/client.ts'

const PATIENCE_MS = 600_000
const POLL_MS = 1000

interface RunAnswer {
  status: string
  endedAt?: string
  error?: { message: string }
  approvals: { id: string; status: string }[]
}

/** Uploads a file to document-intake. Gives the seconds from the upload to the end of the run; whoever is asked approves at once. */
export async function intake(client: Client, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const startedAt = Date.now()
  const { run } = await client.upload<{ run: { id: string } }>('/api/v1/documents?workflow=document-intake', name, bytes)
  while (Date.now() - startedAt < PATIENCE_MS) {
    const now = await client.get<RunAnswer>(`/api/v1/runs/${run.id}`)
    if (now.status === 'completed' && now.endedAt !== undefined) return (Date.parse(now.endedAt) - startedAt) / 1000
    if (now.status === 'failed') throw new Error(`a run failed: ${now.error?.message ?? ''}`)
    for (const approval of now.approvals.filter(({ status }) => status === 'open'))
      await client.put(
        `/api/v1/runs/${run.id}/continue`,
        JSON.stringify({ approvalId: approval.id, decision: 'approve' }),
        'application/json',
      )
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw new Error(`run ${run.id} did not end within ${PATIENCE_MS / 1000} s`)
}
