import { zlibSync } from 'fflate'
import type { Crf } from './crf.ts'

/** Weights below this seldom decide in a chain of dozens. */
const PRUNED = 0.2

/** A trained chain with 8-bit weights, as `readModel` reads it; features whose weights are all tiny are left out. */
export function packModel({ weights, transitions }: Crf, labels: string[], bias: number, pruned = PRUNED): Uint8Array {
  const rows = [...weights].filter(([, row]) => row.some((weight) => Math.abs(weight) >= pruned)).sort((a, b) => a[0] - b[0])
  const top = Math.max(...rows.map(([, row]) => Math.max(...row.map(Math.abs))))
  const scale = top / 127
  const header = new TextEncoder().encode(`${JSON.stringify({ labels, scale, bias, features: rows.length })}\n`)
  const bytes = new Uint8Array(header.length + transitions.length * 4 + rows.length * (4 + labels.length))
  const view = new DataView(bytes.buffer)
  bytes.set(header)
  let at = header.length
  for (const value of transitions) {
    view.setFloat32(at, value, true)
    at += 4
  }
  rows.forEach(([hash], index) => {
    view.setUint32(at, hash - (rows[index - 1]?.[0] ?? 0), true)
    at += 4
  })
  for (const [, row] of rows) for (const weight of row) view.setInt8(at++, Math.abs(weight) < pruned / 2 ? 0 : Math.round(weight / scale))
  return zlibSync(bytes, { level: 9 })
}
