import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as z from 'zod'
import { root } from '../scripts/launch.ts'
import { createObjectKnowledge } from '../workers/adapters/object-knowledge'
import type { Encoder } from '../workers/domain/models'
import type { Knowledge } from '../workers/domain/ports'
import { readJsonLines } from './json-lines.ts'
import type { Platform } from './platform.ts'

const Passage = z.object({ id: z.string(), title: z.string().optional(), text: z.string() })
export type Passage = z.infer<typeof Passage>

/** Passages of the corpus that all parts share. */
export const readCorpus = (folder: string): Passage[] => readLines(folder, /^corpus.*\.jsonl(\.gz)?$/, Passage)

/** Lines of the one file of a folder whose name fits. */
export function readLines<T extends z.ZodType>(folder: string, name: RegExp, schema: T): z.output<T>[] {
  const file = readdirSync(folder)
    .sort()
    .find((each) => name.test(each))
  if (file === undefined) throw new Error(`There is no file like ${name} in ${folder}.`)
  const bytes = readFileSync(join(folder, file))
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return readJsonLines(text, join(folder, file), (value) => schema.parse(value))
}

/** The product's own knowledge port over the Knowledge object. */
export function openKnowledge(platform: Pick<Platform, 'knowledge'>, tenantId: string, encoder: Encoder): Knowledge {
  return createObjectKnowledge({ tenantId, namespace: platform.knowledge, encoder: async () => encoder })
}

/** Indexes each passage as a document of one chunk, several at a time. */
export async function indexPassages(knowledge: Knowledge, collection: string, passages: readonly Passage[]): Promise<void> {
  const CHUNKS = 200
  for (let start = 0; start < passages.length; start += CHUNKS) {
    const chunks = passages.slice(start, start + CHUNKS).map(({ id, text }) => ({
      id,
      text,
      context: '',
      span: { page: 1, start: 0, end: text.length, quote: text },
    }))
    await knowledge.index(collection, { documentId: `part-${start}`, name: collection, metadata: {}, chunks })
  }
}

/** Ids of the first `limit` chunks for each question. */
export async function rankAll(knowledge: Knowledge, collection: string, texts: readonly string[], limit: number): Promise<string[][]> {
  const rankings: string[][] = []
  for (const text of texts) {
    const { hits } = await knowledge.search(collection, { text, limit, deadlineMs: 60_000 })
    rankings.push(hits.map(({ chunkId }) => chunkId))
  }
  return rankings
}

/**
 * The encoder with what it makes kept in `out/`, by text: the same text of the same model has the same vector, and a corpus takes
 * minutes. `questions` are encoded in batches ahead of their searches, which ask for one at a time.
 */
export function remembered(encoder: Encoder, questions: readonly string[] = []): Encoder {
  const folder = join(root, 'out', 'eval-vectors')
  const keep = async (texts: readonly string[]): Promise<Float32Array> => {
    const key = createHash('sha256')
      .update(JSON.stringify([encoder.model, texts]))
      .digest('hex')
      .slice(0, 32)
    const file = join(folder, `${key}.f32`)
    if (!existsSync(file)) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, new Uint8Array(Float32Array.from((await encoder.embed([...texts])).flat()).buffer))
    }
    return new Float32Array(Uint8Array.from(readFileSync(file)).buffer)
  }
  let ahead: Promise<Float32Array> | undefined
  return {
    ...encoder,
    async embed(texts) {
      const at = texts.length === 1 ? questions.indexOf(texts[0] ?? '') : -1
      if (at !== -1) ahead ??= keep(questions)
      const values = at !== -1 && ahead !== undefined ? await ahead : await keep(texts)
      const from = Math.max(at, 0)
      return texts.map((_, row) => Array.from(values.subarray((from + row) * encoder.dimensions, (from + row + 1) * encoder.dimensions)))
    },
  }
}
