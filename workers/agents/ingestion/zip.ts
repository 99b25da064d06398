import { ParsedDocument, safeFileName } from '../../domain/documents'
import { AppError } from '../../domain/error'
import { type Archive, type ArchiveEntry, openArchive } from './archive'
import { Draft } from './draft'
import { readEmbedded } from './embedded'
import { MAX_ARCHIVE_DEPTH, MAX_ARCHIVE_ENTRIES } from './limits'
import { refuse, refuseCorrupt, refuseEncrypted, refuseType } from './refusals'
import { breathe, type InnerTools } from './tools'

/** A zip archive: its members as files of their own, its text a list of their names. Archives in archives are opened to a bound. */
export async function parseZip(bytes: Uint8Array, name: string, tools: InnerTools): Promise<ParsedDocument> {
  if (tools.archiveDepth >= MAX_ARCHIVE_DEPTH)
    throw refuse('too_large', `"${name}" lies in more than ${MAX_ARCHIVE_DEPTH} archives; open it on its own.`)
  const archive: Archive = openArchive(bytes, `"${name}"`, MAX_ARCHIVE_ENTRIES)
  if (archive.entries.length > 0 && archive.entries.every((entry) => entry.encrypted)) throw refuseEncrypted(`"${name}"`)
  const draft = new Draft('zip', 'application/zip')
  draft.note('members', String(archive.entries.length))
  let damaged = 0
  for (const [index, entry] of archive.entries.entries()) {
    draft.add('list_item', `${safePath(entry.name)} (${entry.size.toLocaleString('en')} bytes)`)
    if (!(await readMember(draft, entry, { ...tools, archiveDepth: tools.archiveDepth + 1 }))) damaged++
    tools.progress?.(`Read ${safeFileName(entry.name)}`, (index + 1) / archive.entries.length)
    await breathe(tools)
  }
  if (archive.entries.length === 0) throw refuseType(`"${name}", an archive without a file,`)
  if (damaged > 0 && damaged === archive.entries.length) throw refuseCorrupt(`"${name}"`)
  if (tools.archiveDepth === 0 && !holdsReadable(draft.document))
    throw refuseType(`"${name}" holds no file that can be read (${unread(draft)}): what is in it`)
  if (damaged > 0) draft.leaveOut(`${damaged} of ${archive.entries.length} members are damaged and were left out.`)
  return await draft.close(tools)
}

/** Whether any file in an archive was read that is no archive itself. */
const holdsReadable = ({ embedded }: Pick<ParsedDocument, 'embedded'>): boolean =>
  embedded.some(({ document }) => {
    const inner = Archived.safeParse(document)
    return inner.success && (inner.data.format !== 'zip' || holdsReadable(inner.data))
  })

/** What is looked at of a file inside. */
const Archived = ParsedDocument.pick({ format: true, embedded: true })

/** The first files of an archive and why they were not read, for people. */
const unread = (draft: Draft): string =>
  draft.document.embedded
    .slice(0, 3)
    .map(({ name, skipped }) => (skipped === undefined ? name : `${name}: ${skipped}`))
    .join(' ')

/** False when the member's bytes could not be unpacked. */
async function readMember(draft: Draft, entry: ArchiveEntry, tools: InnerTools): Promise<boolean> {
  const described = { name: safeFileName(entry.name), mediaType: 'application/octet-stream', size: entry.size }
  const skipped = entry.encrypted
    ? 'Protected by a password.'
    : isHousekeeping(entry.name)
      ? 'Written by the archiver, not by a person.'
      : undefined
  if (skipped !== undefined) {
    draft.embed({ ...described, skipped })
    return true
  }
  try {
    await readEmbedded(draft, { name: entry.name, mediaType: described.mediaType, bytes: entry.bytes() }, tools)
    return true
  } catch (error) {
    // What cannot be stored is no fault of the file: leaving it out would lose it in silence.
    if (!(error instanceof AppError) || error.reason === 'zip_bomb' || error.code === 'over_budget') throw error
    draft.embed({ ...described, skipped: error.message })
    return error.reason !== 'corrupt' && error.reason !== 'truncated'
  }
}

/** The path for people to read, without tricks: no root, no `..`, no control characters. */
const safePath = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.' && part !== '..' && !/^[A-Za-z]:$/.test(part))
    .map(safeFileName)
    .join('/')

const isHousekeeping = (path: string): boolean => /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$)/i.test(path)
