/** A vector as the bytes of 32-bit floats, for a BLOB. */
export const packVector = (vector: number[]): Buffer => Buffer.from(new Float32Array(vector).buffer)

/** The vector of such bytes. */
export function unpackVector(bytes: Uint8Array): number[] {
  // A copy, as the bytes may lie at an odd place of a larger buffer.
  return Array.from(new Float32Array(new Uint8Array(bytes).buffer))
}
