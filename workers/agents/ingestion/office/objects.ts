import type { Draft } from '../draft'
import { readEmbedded } from '../embedded'
import { openCompoundFile } from '../ole'
import type { FoundFile, InnerTools } from '../tools'
import type { OfficePackage } from './package'

/** Reads the files that somebody put into an office file: OLE objects, embedded workbooks, alternative chunks. */
export async function readObjects(draft: Draft, office: OfficePackage, tools: InnerTools): Promise<void> {
  const objects = office.parts(/\/embeddings\/[^/]+$/i)
  for (const entry of objects) {
    const bytes = entry.bytes()
    const name = entry.name.split('/').pop() ?? entry.name
    await readEmbedded(draft, unwrapObject(bytes, name) ?? { name, mediaType: 'application/octet-stream', bytes }, tools)
  }
}

const OLE_SIGNATURE = 0xd0cf11e0

/** The file inside an OLE object, where it is a packaged file or an office file of today; otherwise undefined. */
function unwrapObject(bytes: Uint8Array, name: string): FoundFile | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 8 || view.getUint32(0) !== OLE_SIGNATURE) return undefined
  const file = openCompoundFile(bytes, `"${name}"`)
  const inner = file.stream('Package') ?? file.stream('CONTENTS')
  if (inner) return { name, mediaType: 'application/octet-stream', bytes: inner.slice() }
  const native = file.stream('\u0001Ole10Native')
  return native && readPackagedFile(native)
}

/** The Packager's stream: total size, flags, label, original path, more flags, temporary path, then size and bytes of the file. */
function readPackagedFile(stream: Uint8Array): FoundFile | undefined {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength)
  const label = readText(stream, 6)
  const path = readText(stream, label.end)
  const temporary = readText(stream, path.end + 8)
  if (temporary.end + 4 > stream.length) return undefined
  const size = view.getUint32(temporary.end, true)
  const start = temporary.end + 4
  if (start + size > stream.length) return undefined
  return { name: label.text || path.text || 'object', mediaType: 'application/octet-stream', bytes: stream.slice(start, start + size) }
}

function readText(bytes: Uint8Array, start: number): { text: string; end: number } {
  const end = bytes.indexOf(0, start)
  return end < 0
    ? { text: '', end: bytes.length }
    : { text: new TextDecoder('windows-1252').decode(bytes.subarray(start, end)), end: end + 1 }
}
