/**
 * `node evals/train/main.ts --sources DIR [--data DIR]`: makes the lexicon and the taggers again that the product ships, from the
 * packages that `sources.ts` names and from the development parts of the sets. Same input, same bytes. With `--personal` in place of
 * `--sources`: only the tagger of personal data, from the lexicon and the written texts as they lie.
 */
import { createServer } from 'vite'
import { root } from '../../scripts/launch.ts'

const vite = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
})
try {
  const { train } = (await vite.ssrLoadModule('/evals/train/train.ts')) as typeof import('./train.ts')
  await train(process.argv.slice(2))
} finally {
  await vite.close()
}
