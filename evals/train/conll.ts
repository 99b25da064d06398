import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface TaggedSentence {
  tokens: string[]
  labels: string[]
}

/** Sentences of all files of a folder in CoNLL form: token, tab, label; an empty line between sentences. */
export function readConll(folder: string, prefix = ''): TaggedSentence[] {
  const files = readdirSync(folder)
    .filter((file) => /\.(?:conll|annotated|txt|bio)$/.test(file) && file.startsWith(prefix))
    .sort()
  return files.flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split(/\r?\n[ \t]*\r?\n/)
      .map((block) => block.split(/\r?\n/).map((line) => line.split('\t')))
      .map((lines) => lines.filter(([token, label]) => token?.trim() && label?.trim()))
      .filter((lines) => lines.length > 0)
      .map((lines) => ({ tokens: lines.map(([token]) => token ?? ''), labels: lines.map(([, label]) => label?.trim() ?? 'O') })),
  )
}
