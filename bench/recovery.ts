import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkBackup, downloadBackup, uploadBackup } from '../scripts/backup-client.ts'
import { bundleScripts } from '../scripts/bundle.ts'
import { createClient, createDemoTenant } from '../scripts/client.ts'
import { freePort } from '../scripts/launch.ts'
import { serveSteward } from '../scripts/serve.ts'
import type { Bench } from './bench.ts'
import { inParallel } from './http-client.ts'

const RUNS = 200
const CONCURRENCY = 8
/** Of each document: with a run for each, a small tenant of some weeks. */
const DOCUMENT_BYTES = 200_000

/** Seconds from a file to a working installation, as an operator waits for them: check, upload, count, awaken. */
export const recoveryBench: Bench = {
  async run({ option, say }) {
    const runs = option('runs', RUNS)
    const folder = mkdtempSync(join(tmpdir(), 'steward-recovery-'))
    const file = join(folder, 'installation.steward')
    say('bundling and serving two installations')
    const scripts = await bundleScripts(undefined, join(folder, 'scripts'))
    const serve = async (name: string) => await serveSteward({ port: await freePort(), dataFolder: join(folder, name), scripts })
    const [from, to] = [await serve('from'), await serve('to')]
    try {
      await fill(from, runs)
      say(`${runs} runs and documents are there`)
      const backedUp = await timed(() => downloadBackup({ url: from.url, token: from.adminToken }, file))
      say(`backed up in ${backedUp.seconds.toFixed(1)} s`)
      const restored = await timed(async () => {
        await checkBackup(file)
        return await uploadBackup({ url: to.url, token: to.adminToken }, file, undefined, () => undefined)
      })
      const megabytes = backedUp.value.bytes / 1e6
      return {
        figures: [
          { figure: `backup of ${runs} runs and documents`, value: backedUp.seconds, unit: 's', n: 1 },
          { figure: 'backup', value: megabytes / backedUp.seconds, unit: 'MB/s', n: 1 },
          { figure: `restore of ${runs} runs and documents`, value: restored.seconds, unit: 's', n: 1 },
          { figure: 'restore', value: megabytes / restored.seconds, unit: 'MB/s', n: 1 },
        ],
        broken: restored.value.isFinished && restored.value.counts.objects.Run === runs ? [] : ['every run is restored'],
      }
    } finally {
      for (const served of [from, to]) await served.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

const WORKFLOW = "name: note\ntitle: Note\nsteps:\n  - id: keep\n    set: { text: '${{ input.text }}' }\n"

async function fill(from: { url: string; adminToken: string }, runs: number): Promise<void> {
  const { apiKey } = await createDemoTenant(from, { slug: 'recovery', name: 'Recovery' })
  const client = createClient(from.url, apiKey)
  await client.put('/api/v1/workflows/note', WORKFLOW, 'application/yaml')
  await inParallel(runs, CONCURRENCY, async (index) => {
    const text = new TextEncoder().encode(`note ${index}\n${randomBytes(DOCUMENT_BYTES / 2).toString('hex')}`)
    await client.upload('/api/v1/documents', `note-${index}.txt`, text)
    await client.post('/api/v1/workflows/execute', { workflow: 'note', input: { text: `note ${index}` } })
  })
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const startedAt = performance.now()
  const value = await work()
  return { value, seconds: (performance.now() - startedAt) / 1_000 }
}
