/** Calls between the evaluations and workerd, as JSON in which byte and number arrays keep their types. */
export interface Call {
  /** `models`, or the name of a Knowledge object. */
  target: string
  method: string
  parameters: unknown[]
}

export const encode = (value: unknown): string =>
  JSON.stringify(value, (_key, held: unknown) => {
    if (held instanceof Float32Array) return { $float32: toBase64(new Uint8Array(held.buffer, held.byteOffset, held.byteLength)) }
    if (held instanceof Uint8Array) return { $bytes: toBase64(held) }
    return held
  })

export const decode = (text: string): unknown =>
  JSON.parse(text, (_key, held: unknown) => {
    if (typeof held !== 'object' || held === null) return held
    if ('$float32' in held && typeof held.$float32 === 'string') return new Float32Array(fromBase64(held.$float32).buffer)
    if ('$bytes' in held && typeof held.$bytes === 'string') return fromBase64(held.$bytes)
    return held
  })

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
// A copy: buffers of Node share a pool, whose offsets do not fit four-byte numbers.
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'base64'))
