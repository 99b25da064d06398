/**
 * `npm run eval [-- --set NAME] [--data DIR] [--split NAME] [--json]`: every skill and retrieval on real data. Without `--json` the
 * figures of the part `dev` are put into evals/RESULTS.md.
 */
import { createServer } from 'vite'
import { root } from '../scripts/launch.ts'
import { yamlAsText } from '../test/yaml-as-text.ts'

// Vite's runner finds modules as the bundler of the Workers does; nothing is served.
const vite = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: [yamlAsText],
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
})
try {
  const { evaluate } = (await vite.ssrLoadModule('/evals/evaluate.ts')) as typeof import('./evaluate.ts')
  process.exitCode = await evaluate(process.argv.slice(2))
} finally {
  await vite.close()
}
