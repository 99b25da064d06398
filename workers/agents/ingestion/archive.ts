import { Inflate } from 'fflate'
import type { AppError } from '../../domain/error'
import { type DirectoryEntry, readDirectory } from './archive-directory'
import { joined } from './byte-stream'
import { MAX_ARCHIVE_BYTES, MAX_MEMBER_BYTES, ZIP_BOMB_BYTES, ZIP_BOMB_RATIO } from './limits'
import { refuse, refuseCorrupt, refuseEncrypted, refuseTruncated, refuseType } from './refusals'

export interface ArchiveEntry {
  /** As written in the archive; may hold any path trick. */
  name: string
  /** Claimed by the archive; what is inflated is counted for real. */
  size: number
  encrypted: boolean
  chunks(): Iterable<Uint8Array>
  bytes(): Uint8Array
}

export interface Archive {
  entries: ArchiveEntry[]
  find(name: string): ArchiveEntry | undefined
}

/**
 * Opens a zip file by its central directory. Nothing is inflated before it is asked for, and what is inflated is counted:
 * over the limits the reading ends as `zip_bomb`, however small the archive claims to be.
 */
export function openArchive(bytes: Uint8Array, what: string, maxEntries: number): Archive {
  const directory = readDirectory(bytes, what)
  if (directory.length > maxEntries)
    throw refuse('zip_bomb', `${what} holds ${directory.length} files, more than ${maxEntries}; split it and send the parts.`)
  refuseBomb(directory, bytes.length, what)
  const spent = { bytes: 0 }
  const entries = directory.map((entry) => openEntry(bytes, entry, what, spent))
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  const byLowerName = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]))
  return { entries, find: (name) => byName.get(name) ?? byLowerName.get(name.toLowerCase()) }
}

function refuseBomb(directory: DirectoryEntry[], archiveBytes: number, what: string): void {
  const total = directory.reduce((sum, entry) => sum + entry.size, 0)
  const dense = directory.some((entry) => entry.size > ZIP_BOMB_BYTES && entry.size > ZIP_BOMB_RATIO * Math.max(1, entry.compressedSize))
  if (total > MAX_ARCHIVE_BYTES || dense || (total > ZIP_BOMB_BYTES && total > ZIP_BOMB_RATIO * archiveBytes)) throw bomb(what)
}

const bomb = (what: string): AppError =>
  refuse('zip_bomb', `${what} would unpack to far more than its size; send its files one by one if they are genuine.`)

function openEntry(archive: Uint8Array, entry: DirectoryEntry, what: string, spent: { bytes: number }): ArchiveEntry {
  const chunks = () => inflateEntry(archive, entry, what, spent)
  return { name: entry.name, size: entry.size, encrypted: entry.encrypted, chunks, bytes: () => joinChunks(chunks(), entry.name) }
}

const SLICE_BYTES = 64 * 1024

function* inflateEntry(archive: Uint8Array, entry: DirectoryEntry, what: string, spent: { bytes: number }): Generator<Uint8Array> {
  if (entry.encrypted) throw refuseEncrypted(what)
  const data = archive.subarray(dataStart(archive, entry, what), dataStart(archive, entry, what) + entry.compressedSize)
  if (data.length < entry.compressedSize) throw refuseTruncated(what)
  let own = 0
  const count = (chunk: Uint8Array): Uint8Array => {
    own += chunk.length
    spent.bytes += chunk.length
    if (spent.bytes > MAX_ARCHIVE_BYTES) throw bomb(what)
    if (own > ZIP_BOMB_BYTES && own > ZIP_BOMB_RATIO * entry.compressedSize) throw bomb(what)
    return chunk
  }
  if (entry.method === 0) return yield count(data)
  if (entry.method !== 8) throw refuseType(`The compression method ${entry.method} of "${entry.name}"`)
  const ready: Uint8Array[] = []
  const inflate = new Inflate((chunk) => ready.push(chunk))
  for (let at = 0; at < data.length; at += SLICE_BYTES) {
    pushSlice(inflate, data, at, what)
    for (const chunk of ready.splice(0)) yield count(chunk)
  }
}

function pushSlice(inflate: Inflate, data: Uint8Array, at: number, what: string): void {
  try {
    inflate.push(data.subarray(at, at + SLICE_BYTES), at + SLICE_BYTES >= data.length)
  } catch (error) {
    throw refuseCorrupt(what, error)
  }
}

/** The data stands behind the local header, whose name and extra field may differ in length from the directory's. */
function dataStart(archive: Uint8Array, entry: DirectoryEntry, what: string): number {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  if (entry.offset + 30 > archive.length || view.getUint32(entry.offset, true) !== 0x04034b50) throw refuseCorrupt(what)
  return entry.offset + 30 + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true)
}

function joinChunks(chunks: Iterable<Uint8Array>, name: string): Uint8Array {
  const kept: Uint8Array[] = []
  let size = 0
  for (const chunk of chunks) {
    size += chunk.length
    if (size > MAX_MEMBER_BYTES)
      throw refuse('too_large', `"${name}" unpacks to more than ${MAX_MEMBER_BYTES / 1024 / 1024} MB; send it on its own.`)
    kept.push(chunk)
  }
  return joined(kept, size)
}
