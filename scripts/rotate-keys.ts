/**
 * `npm run rotate-keys`: prints a new master key and how to put it first. With `--url <https://…>` it drives the change on a running
 * installation, where the new key stands first already, until nothing is left that an earlier key seals; the operator's token is read
 * from STEWARD_ADMIN_TOKEN. It may be broken off and started again at any time.
 */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'

/** A batch takes seconds; this many without progress mean that something does not open. */
const MAX_IDLE_ROUNDS = 5
const PAUSE_MS = 1_000

const { values } = parseArgs({ options: { url: { type: 'string' } } })
if (values.url === undefined) explain()
else await drive(values.url, process.env.STEWARD_ADMIN_TOKEN)

function explain(): void {
  console.log(
    [
      'A new master key, shown here only:',
      '',
      `  ${randomBytes(32).toString('base64')}`,
      '',
      '1. Set STEWARD_MASTER_KEY to "<new key>,<present key>" for every script that has it, and deploy.',
      '2. STEWARD_ADMIN_TOKEN=… npm run rotate-keys -- --url https://<installation>',
      '3. When it says that nothing is left, set STEWARD_MASTER_KEY to the new key alone, and deploy.',
      '',
      'docs/ENCRYPTION.md says what that does to backups.',
    ].join('\n'),
  )
}

async function drive(url: string, token: string | undefined): Promise<void> {
  if (token === undefined || token === '') throw new Error("Set STEWARD_ADMIN_TOKEN to the operator's token of that installation.")
  let total = 0
  for (let idle = 0; idle < MAX_IDLE_ROUNDS; ) {
    const { done, left } = await rewrap(url, token)
    total += done
    console.log(`${total} keys sealed anew, ${left} left`)
    if (left === 0) {
      console.log('Nothing is left that an earlier master key seals; it may leave STEWARD_MASTER_KEY.')
      return
    }
    idle = done === 0 ? idle + 1 : 0
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  throw new Error('What is left does not open; the log of the Worker says which. Keep the earlier key configured.')
}

async function rewrap(url: string, token: string): Promise<{ done: number; left: number }> {
  const response = await fetch(new URL('/api/v1/operations/keys/rewrap', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  if (!response.ok) throw new Error(`The installation answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as { done: number; left: number }
}
