import * as z from 'zod'
import { AppError } from '../../../domain/error'
import type { Classifier } from './classifier'
import { SIGNS } from './scope'
import { VIEWS } from './terms'
import { createVocabulary } from './vocabulary'

/** `STCL`: so that other bytes are told apart at once. */
const MAGIC = 0x4c435453
const FORMAT = 1
const HEAD_BYTES = 12

const Header = z.object({
  labels: z.array(z.string()),
  views: z.array(z.enum(VIEWS)),
  terms: z.int(),
  machines: z.int(),
  encoder: z.object({ model: z.string(), dimensions: z.int(), examples: z.int() }).optional(),
  decision: z.object({
    temperature: z.number(),
    neighbourWeight: z.number(),
    likenessWeight: z.number().default(0),
    sharpness: z.number(),
  }),
  scope: z.object({ weights: z.record(z.enum(SIGNS), z.number()), constant: z.number() }),
  hasRejection: z.boolean(),
})

/** A classifier as one file: a header in JSON, then its arrays, each at a multiple of four bytes. */
export function writeClassifier(classifier: Classifier): Uint8Array {
  const { labels, vocabulary, weights, encoder, decision, scope, hasRejection } = classifier
  const header: z.input<typeof Header> = {
    labels: [...labels],
    views: [...vocabulary.views],
    terms: vocabulary.terms.length,
    machines: weights.machines,
    ...(encoder && { encoder: { model: encoder.model, dimensions: encoder.dimensions, examples: encoder.neighbours.labels.length } }),
    decision,
    scope,
    hasRejection,
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const parts = [
    vocabulary.terms,
    vocabulary.rarity,
    weights.units,
    weights.values,
    ...(encoder ? [encoder.neighbours.labels, encoder.neighbours.vectors] : []),
  ]
  const size = parts.reduce((sum, part) => sum + padded(part.byteLength), HEAD_BYTES + padded(json.length))
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, FORMAT, true)
  view.setUint32(8, json.length, true)
  bytes.set(json, HEAD_BYTES)
  let at = HEAD_BYTES + padded(json.length)
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
    at += padded(part.byteLength)
  }
  return bytes
}

/** The classifier of a file that `writeClassifier` gave. Refuses other bytes with `internal`. */
export function readClassifier(file: Uint8Array): Classifier {
  // A copy at an even address: arrays of numbers cannot begin anywhere else.
  const bytes = file.byteOffset % 4 === 0 ? file : file.slice()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEAD_BYTES || view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== FORMAT) throw damaged()
  const jsonLength = view.getUint32(8, true)
  const header = parseHeader(bytes.subarray(HEAD_BYTES, HEAD_BYTES + jsonLength))
  const { terms, machines, encoder } = header
  let at = bytes.byteOffset + HEAD_BYTES + padded(jsonLength)
  const take = <T>(make: (buffer: ArrayBufferLike, from: number, length: number) => T, length: number, width: number): T => {
    const from = at
    at += padded(length * width)
    if (at > bytes.byteOffset + bytes.length) throw damaged()
    return make(bytes.buffer, from, length)
  }
  const hashes = take((...place) => new Uint32Array(...place), terms, 4)
  const rarity = take((...place) => new Float32Array(...place), terms, 4)
  const units = take((...place) => new Float32Array(...place), machines, 4)
  const values = take((...place) => new Int8Array(...place), (terms + (encoder?.dimensions ?? 0) + 1) * machines, 1)
  return {
    labels: header.labels,
    vocabulary: createVocabulary(header.views, hashes, rarity),
    weights: { machines, units, values },
    ...(encoder && {
      encoder: {
        model: encoder.model,
        dimensions: encoder.dimensions,
        neighbours: {
          dimensions: encoder.dimensions,
          labels: take((...place) => new Uint16Array(...place), encoder.examples, 2),
          vectors: take((...place) => new Int8Array(...place), encoder.examples * encoder.dimensions, 1),
        },
      },
    }),
    decision: header.decision,
    scope: header.scope,
    hasRejection: header.hasRejection,
  }
}

function parseHeader(bytes: Uint8Array): z.output<typeof Header> {
  try {
    return Header.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw damaged(cause)
  }
}

const padded = (length: number): number => Math.ceil(length / 4) * 4

const damaged = (cause?: unknown): AppError => new AppError('internal', 'The stored classifier is damaged: train it again.', { cause })
