import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { buildModelAssets } from '../scripts/build-model-assets.ts'
import { type BuiltScript, builtScripts, bundleScript } from '../scripts/bundle.ts'
import { workerOf } from '../scripts/serve.ts'
import { createEmbeddedEncoder, type EncoderService } from '../workers/adapters/embedded-encoder'
import { createEmbeddedOcr, type OcrService } from '../workers/adapters/embedded-ocr'
import type { KnowledgeNamespace, KnowledgeObject } from '../workers/adapters/object-knowledge'
import type { Encoder, Ocr } from '../workers/domain/models'
import { type Call, decode, encode } from './platform/wire.ts'

/** What of Steward runs in workerd only, reached from an evaluation. */
export interface Platform {
  encoder: Encoder
  ocr: Ocr
  /** Knowledge objects, in memory: each name is an empty collection at first. */
  knowledge: KnowledgeNamespace
  stop(): Promise<void>
}

/** Bundles script steward-models and the Knowledge object as deployed, and serves them from this process. Takes about 10 s. */
export async function openPlatform(): Promise<Platform> {
  await buildModelAssets()
  const folder = mkdtempSync(join(tmpdir(), 'steward-evals-'))
  const scripts = await Promise.all([modelsScript(folder), evalsScript(folder)].map((script) => bundleScript(script)))
  const miniflare = new Miniflare(convertV4MiniflareOptions({ logRequests: false, workers: scripts.map((script) => workerOf(script, {})) }))
  const url = await miniflare.ready
  const door = await miniflare.getWorker('steward-evals')
  const call = async <T>(request: Call): Promise<T> => {
    const answer = await door.fetch(url.origin, { method: 'POST', body: encode(request) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${request.target}.${request.method} failed: ${text.slice(0, 500)}`)
    return decode(text) as T
  }
  const stub = <T extends object>(target: string): T =>
    new Proxy({} as T, {
      get:
        (_, method) =>
        (...parameters: unknown[]) =>
          call({ target, method: String(method), parameters }),
    })
  const models = stub<EncoderService & OcrService>('models')
  return {
    encoder: createEmbeddedEncoder(models),
    ocr: createEmbeddedOcr(models),
    knowledge: { getByName: (name) => stub<KnowledgeObject>(name) },
    async stop() {
      await miniflare.dispose()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function modelsScript(folder: string): BuiltScript {
  const script = builtScripts(folder).find(({ name }) => name === 'steward-models')
  if (script === undefined) throw new Error('There is no script steward-models any more.')
  return script
}

function evalsScript(folder: string): BuiltScript {
  const into = join(folder, 'steward-evals')
  return {
    name: 'steward-evals',
    config: 'evals/platform/wrangler.toml',
    folder: into,
    entry: join(into, 'worker.js'),
    hasEnvironment: false,
  }
}
