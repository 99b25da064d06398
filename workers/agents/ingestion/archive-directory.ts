import { refuseCorrupt, refuseTruncated } from './refusals'

/** One line of a zip file's central directory. */
export interface DirectoryEntry {
  name: string
  method: number
  encrypted: boolean
  size: number
  compressedSize: number
  /** Of the local header, from the start of the bytes. */
  offset: number
}

const END_SIGNATURE = 0x06054b50
const END64_SIGNATURE = 0x06064b50
const ENTRY_SIGNATURE = 0x02014b50
const UNKNOWN_32 = 0xffffffff

/** Reads the central directory (also in its zip64 form). Directories are left out; a missing end is `truncated`. */
export function readDirectory(bytes: Uint8Array, what: string): DirectoryEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  if (end === undefined) throw refuseTruncated(what)
  const { count, size, offset } = directoryPlace(view, end)
  // Bytes may stand before the archive (a self-extractor): the directory ends where the end record begins.
  const shift = Math.max(0, end - size - offset)
  const entries: DirectoryEntry[] = []
  let at = offset + (size === 0 || shift > end ? 0 : shift)
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY_SIGNATURE) throw refuseCorrupt(what)
    const { entry, next } = readEntry(bytes, view, at)
    if (!entry.name.endsWith('/')) entries.push({ ...entry, offset: entry.offset + shift })
    at = next
  }
  return entries
}

/** The end record stands within the last 64 KB: a comment may follow it. */
function findEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65_535); at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at
  }
  return undefined
}

function directoryPlace(view: DataView, end: number): { count: number; size: number; offset: number } {
  const place = { count: view.getUint16(end + 10, true), size: view.getUint32(end + 12, true), offset: view.getUint32(end + 16, true) }
  if (place.offset !== UNKNOWN_32 && place.count !== 0xffff) return place
  const locator = end - 20
  if (locator < 0) return place
  const end64 = Number(view.getBigUint64(locator + 8, true))
  if (end64 + 56 > view.byteLength || view.getUint32(end64, true) !== END64_SIGNATURE) return place
  const wide = (at: number) => Number(view.getBigUint64(end64 + at, true))
  return { count: wide(32), size: wide(40), offset: wide(48) }
}

function readEntry(bytes: Uint8Array, view: DataView, at: number): { entry: DirectoryEntry; next: number } {
  const flags = view.getUint16(at + 8, true)
  const nameLength = view.getUint16(at + 28, true)
  const extraLength = view.getUint16(at + 30, true)
  const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength)
  const entry: DirectoryEntry = {
    name: flags & 0x800 ? new TextDecoder().decode(nameBytes) : decodeCp437(nameBytes),
    method: view.getUint16(at + 10, true),
    encrypted: (flags & 1) === 1,
    compressedSize: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  }
  const extraStart = at + 46 + nameLength
  applyZip64(view, extraStart, Math.min(extraStart + extraLength, bytes.length), entry)
  return { entry, next: extraStart + extraLength + view.getUint16(at + 32, true) }
}

/** Sizes that do not fit in 32 bits stand in extra field 1, in this order and only where the short field is all ones. */
function applyZip64(view: DataView, start: number, end: number, entry: DirectoryEntry): void {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    let field = at + 4
    for (const key of ['size', 'compressedSize', 'offset'] as const) {
      if (entry[key] !== UNKNOWN_32 || field + 8 > end) continue
      entry[key] = Number(view.getBigUint64(field, true))
      field += 8
    }
  }
}

const CP437_HIGH =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

/** Names without the UTF-8 flag are in code page 437 by the specification; many writers put UTF-8 there all the same. */
function decodeCp437(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : (CP437_HIGH[byte - 128] ?? '?'))).join('')
  }
}
