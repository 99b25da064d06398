/** A row as a line of JSON: texts, numbers and null as they are, a blob as `{"b":"<base64>"}`. */
export function encodeRow(row: readonly SqlStorageValue[]): string {
  return JSON.stringify(row.map(encodeValue))
}

function encodeValue(value: SqlStorageValue): unknown {
  if (value instanceof ArrayBuffer) return { b: Buffer.from(value).toString('base64') }
  // JSON has no word for these; they would come back as null.
  if (typeof value === 'number' && !Number.isFinite(value)) return { n: String(value) }
  return value
}

export function decodeRow(row: readonly unknown[]): SqlStorageValue[] {
  return row.map(decodeValue)
}

function decodeValue(value: unknown): SqlStorageValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'object' && 'b' in value && typeof value.b === 'string') return new Uint8Array(Buffer.from(value.b, 'base64')).buffer
  if (typeof value === 'object' && 'n' in value) return Number(value.n)
  throw new Error('A value of a dump is none that SQLite has.')
}
