import { type Dense, LAYOUT, type Layer, type Norm } from '../../workers/models/encoder-layout.ts'

/** A TensorFlow.js graph model, as far as its weights go. */
export interface GraphFile {
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string }[] }[]
}
interface Tensor {
  shape: number[]
  values: Float32Array
}
type Find = (...parts: string[]) => Tensor

const LARGEST_BYTE = 127
const PANEL = 8

/**
 * The encoder's memory as it starts: matrices cut to signed bytes with a scale for each column, all else in full. Fails when the
 * graph lacks a tensor or has it in another shape, so that another version of the package is noticed here.
 */
export function encoderImage(graph: GraphFile, read: (path: string) => Buffer): Uint8Array {
  const image = Buffer.alloc(LAYOUT.weightBytes)
  const find = finder(readTensors(graph, read))
  writeEmbedding(image, find('module/Embeddings_en'))
  writeFloats(image, LAYOUT.timescales, find('AddTimingSignal/TimingSignal/ExpandDims_1').values)
  for (const [index, layer] of LAYOUT.layers.entries()) writeLayer(image, layer, index, find)
  writeDense(image, LAYOUT.widen, find('Layer_0/', 'TransformerLayer/dense/kernel'), find('Layer_0/', 'TransformerLayer/dense/bias'))
  writeDense(image, LAYOUT.output, find('tanh_layer_0/weights'), find('tanh_layer_0/bias'))
  return image
}

function readTensors({ weightsManifest }: GraphFile, read: (path: string) => Buffer): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>()
  for (const group of weightsManifest) {
    const bytes = Buffer.concat(group.paths.map(read))
    let offset = 0
    for (const { name, shape, dtype } of group.weights) {
      const end = offset + 4 * shape.reduce((product, size) => product * size, 1)
      if (dtype === 'float32') tensors.set(name, { shape, values: new Float32Array(Uint8Array.from(bytes.subarray(offset, end)).buffer) })
      offset = end
    }
    if (offset !== bytes.length)
      throw new Error(`The encoder's weights hold ${bytes.length} bytes but its graph names ${offset}: reinstall the packages.`)
  }
  return tensors
}

const finder =
  (tensors: Map<string, Tensor>): Find =>
  (...parts) => {
    const [found, ...others] = [...tensors].filter(([name]) => parts.every((part) => name.includes(part)))
    if (found === undefined || others.length > 0)
      throw new Error(`The encoder's graph has not one tensor ${parts.join(' … ')}: its package has changed.`)
    return found[1]
  }

function writeLayer(image: Buffer, layer: Layer, index: number, find: Find): void {
  const of = (...parts: string[]) => find(`Layer_${index}/TransformerLayer/`, ...parts)
  const attention = 'TransformerLayer/layer_prepostprocess/layer_norm'
  const hidden = 'TransformerLayer/FFN/layer_prepostprocess/layer_norm'
  writeNorm(image, layer.attentionNorm, of(attention, 'layer_norm_scale'), of(attention, 'layer_norm_bias'))
  writeDense(image, layer.queryKeyValue, of('qkv_transform_single/kernel'), of('qkv_transform_single/bias'))
  writeDense(image, layer.attentionOutput, of('output_transform_single/kernel'), of('output_transform_single/bias'))
  writeNorm(image, layer.hiddenNorm, of(hidden, 'layer_norm_scale'), of(hidden, 'layer_norm_bias'))
  writeDense(image, layer.expand, of('FFN/conv1/Tensordot/Reshape_1'), of('FFN/conv1/bias'))
  writeDense(image, layer.contract, of('FFN/conv2/Tensordot/Reshape_1'), of('FFN/conv2/bias'))
}

function writeNorm(image: Buffer, { width, gain, bias }: Norm, scale: Tensor, offset: Tensor): void {
  expectSize(scale, width)
  expectSize(offset, width)
  writeFloats(image, gain, scale.values)
  writeFloats(image, bias, offset.values)
}

function writeDense(image: Buffer, { depth, width, weights, scales, bias }: Dense, kernel: Tensor, offset: Tensor): void {
  expectSize(kernel, depth * width)
  expectSize(offset, width)
  const value = (row: number, column: number) => kernel.values[row * width + column] ?? 0
  const columnScales = Float32Array.from({ length: width }, (_, column) => scaleOf(depth, (row) => value(row, column)))
  let at = weights
  for (let panel = 0; panel < width; panel += PANEL) {
    for (let row = 0; row < depth; row += 2) {
      for (let column = panel; column < panel + PANEL; column += 1) {
        for (const input of [row, row + 1]) at = image.writeInt8(Math.round(value(input, column) / (columnScales[column] ?? 1)), at)
      }
    }
  }
  writeFloats(image, scales, columnScales)
  writeFloats(image, bias, offset.values)
}

function writeEmbedding(image: Buffer, table: Tensor): void {
  const { pieces, width, weights, scales } = LAYOUT.embedding
  expectSize(table, pieces * width)
  const value = (piece: number, column: number) => table.values[piece * width + column] ?? 0
  const pieceScales = Float32Array.from({ length: pieces }, (_, piece) => scaleOf(width, (column) => value(piece, column)))
  for (const [piece, scale] of pieceScales.entries()) {
    for (let column = 0; column < width; column += 1)
      image.writeInt8(Math.round(value(piece, column) / scale), weights + piece * width + column)
  }
  writeFloats(image, scales, pieceScales)
}

/** The scale by which the largest of `count` values becomes 127. */
function scaleOf(count: number, value: (index: number) => number): number {
  let largest = 0
  for (let index = 0; index < count; index += 1) largest = Math.max(largest, Math.abs(value(index)))
  return Math.fround(largest / LARGEST_BYTE) || 1
}

function writeFloats(image: Buffer, at: number, values: Float32Array): void {
  image.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
}

function expectSize({ shape, values }: Tensor, size: number): void {
  if (values.length !== size)
    throw new Error(`A tensor of the encoder has the shape ${shape.join(' × ')} in place of ${size} numbers: its package has changed.`)
}
