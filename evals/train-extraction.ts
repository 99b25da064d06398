/** `node evals/train-extraction.ts [DIR]`: learns the weights of the extract skill from the dev parts of the sets in DIR and writes them beside the skill. */
import { createServer } from 'vite'
import { root } from '../scripts/launch.ts'

const vite = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
})
try {
  const { writeWeights } = (await vite.ssrLoadModule('/evals/extraction-weights.ts')) as typeof import('./extraction-weights.ts')
  await writeWeights(process.argv[2])
} finally {
  await vite.close()
}
