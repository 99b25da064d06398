/** `node evals/train-answer.ts [DIR]`: learns the weights of the answer skill from the English dev part of rag_xquad in DIR and writes them beside the skill. */
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
  const { writeWeights } = (await vite.ssrLoadModule('/evals/answer-weights.ts')) as typeof import('./answer-weights.ts')
  await writeWeights(process.argv[2])
} finally {
  await vite.close()
}
