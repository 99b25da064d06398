/**
 * The rows of a file of JSON lines. A line that is no JSON, or that does not fit, is left out and said on stderr, so that it costs one
 * case and not the set. Throws when no line can be read at all.
 */
export function readJsonLines<Row>(
  text: string,
  file: string,
  rowOf: (value: unknown) => Row,
  warn: (line: string) => void = toStderr,
): Row[] {
  const lines = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ line, number: index + 1 }]))
  const rows = lines.flatMap(({ line, number }) => {
    try {
      return [rowOf(JSON.parse(line))]
    } catch (thrown) {
      warn(`${file}:${number} is left out: ${thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)}`)
      return []
    }
  })
  if (lines.length > 0 && rows.length === 0) throw new Error(`None of the ${lines.length} lines of ${file} can be read.`)
  return rows
}

/** For rows whose shape the set itself defines: any object. */
export function anObject<Row>(value: unknown): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is no JSON object')
  return value as Row
}

const toStderr = (line: string): void => void process.stderr.write(`${line}\n`)
