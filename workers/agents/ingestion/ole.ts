import { refuseCorrupt } from './refusals'

/** Streams of an OLE2 compound file by their name (the last part; storages are flattened). */
export interface CompoundFile {
  names: string[]
  stream(name: string): Uint8Array | undefined
}

const END_OF_CHAIN = 0xfffffffe
const MAX_DIRECTORY_ENTRIES = 20_000

/** Opens an OLE2 compound file. Chains that loop or leave the file are refused as corrupt. */
export function openCompoundFile(bytes: Uint8Array, what: string): CompoundFile {
  if (bytes.length < 1536) throw refuseCorrupt(what)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sectorBytes = 2 ** Math.min(16, view.getUint16(30, true))
  const fat = readFat(view, sectorBytes, what)
  const readChain = (first: number) =>
    joinSectors(
      bytes,
      chain(fat, first, what).map((sector) => (sector + 1) * sectorBytes),
      sectorBytes,
    )
  const entries = readEntries(readChain(view.getUint32(48, true)))
  const root = entries.find((entry) => entry.type === 5)
  const miniBytes = root === undefined ? new Uint8Array() : readChain(root.start)
  const miniFat = uint32s(readChain(view.getUint32(60, true)))
  const miniCutoff = view.getUint32(56, true)
  const stream = (name: string): Uint8Array | undefined => {
    const entry = entries.find((candidate) => candidate.type === 2 && candidate.name === name)
    if (entry === undefined) return undefined
    const small = entry.size < miniCutoff
    const whole = small
      ? joinSectors(
          miniBytes,
          chain(miniFat, entry.start, what).map((sector) => sector * 64),
          64,
        )
      : readChain(entry.start)
    return whole.subarray(0, entry.size)
  }
  return { names: entries.filter((entry) => entry.type === 2).map((entry) => entry.name), stream }
}

interface StreamEntry {
  name: string
  type: number
  start: number
  size: number
}

function readEntries(directory: Uint8Array): StreamEntry[] {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength)
  const entries: StreamEntry[] = []
  for (let at = 0; at + 128 <= directory.length && entries.length < MAX_DIRECTORY_ENTRIES; at += 128) {
    const nameBytes = Math.min(64, Math.max(2, view.getUint16(at + 64, true)))
    const name = new TextDecoder('utf-16le').decode(directory.subarray(at, at + nameBytes - 2))
    entries.push({ name, type: view.getUint8(at + 66), start: view.getUint32(at + 116, true), size: view.getUint32(at + 120, true) })
  }
  return entries
}

function readFat(view: DataView, sectorBytes: number, what: string): Uint32Array {
  const perSector = sectorBytes / 4
  const maxSectors = Math.ceil(view.byteLength / sectorBytes) + 1
  const fatSectors: number[] = []
  for (let index = 0; index < 109; index++) fatSectors.push(view.getUint32(76 + index * 4, true))
  let next = view.getUint32(68, true)
  for (let guard = 0; next < END_OF_CHAIN - 3 && guard < maxSectors; guard++) {
    const at = (next + 1) * sectorBytes
    if (at + sectorBytes > view.byteLength) throw refuseCorrupt(what)
    for (let index = 0; index < perSector - 1; index++) fatSectors.push(view.getUint32(at + index * 4, true))
    next = view.getUint32(at + sectorBytes - 4, true)
  }
  const used = fatSectors.filter((sector) => sector < maxSectors).slice(0, maxSectors)
  const fat = new Uint32Array(used.length * perSector)
  used.forEach((sector, row) => {
    const at = (sector + 1) * sectorBytes
    for (let index = 0; index < perSector && at + index * 4 + 4 <= view.byteLength; index++)
      fat[row * perSector + index] = view.getUint32(at + index * 4, true)
  })
  return fat
}

function chain(fat: Uint32Array, first: number, what: string): number[] {
  const sectors: number[] = []
  for (let sector = first; sector < END_OF_CHAIN - 3; sector = fat[sector] ?? END_OF_CHAIN) {
    if (sectors.length > fat.length) throw refuseCorrupt(what)
    sectors.push(sector)
  }
  return sectors
}

function joinSectors(bytes: Uint8Array, offsets: number[], sectorBytes: number): Uint8Array {
  const whole = new Uint8Array(offsets.length * sectorBytes)
  offsets.forEach((offset, index) => {
    whole.set(bytes.subarray(offset, offset + sectorBytes), index * sectorBytes)
  })
  return whole
}

function uint32s(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getUint32(index * 4, true))
}
