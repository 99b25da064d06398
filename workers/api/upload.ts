import { type DocumentRecord, safeFileName } from '../domain/documents'
import { AppError } from '../domain/error'
import { discardDocument, type IncomingFile, type IntakeDeps, stageDocument } from '../domain/intake'
import { canonicalJson } from '../domain/json'
import type { ApiDeps } from './deps'
import { boundaryOf, type Part, readField, readMultipart } from './multipart'

/** A file whose bytes are stored, and the fields that came with it. */
export interface Upload {
  staged: DocumentRecord
  fields: Record<string, string>
  /** Hash of bytes, name and fields: what makes two uploads the same. */
  sent: string
}
/** Looks at a field as it comes; what it throws refuses the upload. */
type Heed = (name: string, value: string) => Promise<void>

const MAX_FIELD_BYTES = 4_096
/** Boundaries, headers and fields beside the file itself. */
const MULTIPART_OVERHEAD_BYTES = 64 * 1024

/**
 * Streams the one file of a request into the file store: a multipart/form-data body with one file part, or the bare bytes with
 * `X-File-Name`. Refuses `invalid` for no or several files, `too_large` and whatever `heed` refuses; then nothing is left behind.
 */
export async function readUpload(deps: IntakeDeps, request: Request, heed: Heed): Promise<Upload> {
  const { file, fields } = await readFile(deps, request, {
    take: ({ name, body }) => stageDocument(deps, { body, name, source: 'upload' }),
    drop: (staged) => discardDocument(deps, staged),
    heed,
  })
  return { staged: file, fields, sent: hashOf(deps, file, fields) }
}

/** The `sent` that `readUpload` gives for such a request, without storing anything. Refuses alike. */
export async function describeUpload({ newDigest, limits }: Pick<ApiDeps, 'newDigest' | 'limits'>, request: Request): Promise<string> {
  const deps = { newDigest, maxUploadBytes: limits.maxUploadBytes }
  const take = async ({ name, body }: IncomingPart): Promise<Taken> => {
    const digest = newDigest()
    let size = 0
    for await (const bytes of body) {
      size += bytes.length
      if (size > deps.maxUploadBytes) throw tooLarge(deps)
      digest.update(bytes)
    }
    return { name: safeFileName(name), sha256: digest.hex() }
  }
  const nothing = async () => undefined
  const { file, fields } = await readFile(deps, request, { take, drop: nothing, heed: nothing })
  return hashOf(deps, file, fields)
}

type Limits = Pick<IntakeDeps, 'newDigest' | 'maxUploadBytes'>
type IncomingPart = Pick<IncomingFile, 'body' | 'name'>
type Taken = Pick<DocumentRecord, 'name' | 'sha256'>
/** What becomes of the file and the fields of an upload. `drop` undoes `take` when the rest of the form is refused. */
interface Taking<T extends Taken> {
  take(file: IncomingPart): Promise<T>
  drop(taken: T): Promise<void>
  heed: Heed
}

function hashOf({ newDigest }: Limits, { name, sha256 }: Taken, fields: Record<string, string>): string {
  const digest = newDigest()
  digest.update(new TextEncoder().encode(canonicalJson([sha256, name, fields])))
  return digest.hex()
}

async function readFile<T extends Taken>(limits: Limits, { body, headers }: Request, taking: Taking<T>) {
  if (body === null) throw new AppError('invalid', 'The request has no body; send a file.', { reason: 'empty' })
  // What says itself that it is too large is not read.
  if (Number(headers.get('Content-Length') ?? 0) > limits.maxUploadBytes + MULTIPART_OVERHEAD_BYTES) throw tooLarge(limits)
  const contentType = headers.get('Content-Type') ?? ''
  const boundary = boundaryOf(contentType)
  if (boundary !== undefined) return await readForm(readMultipart(body, boundary), taking)
  if (/^(multipart\/|application\/x-www-form-urlencoded)/i.test(contentType)) {
    throw new AppError(
      'invalid',
      'Send the file as multipart/form-data with a boundary, or as the bare body with its Content-Type and X-File-Name.',
      { reason: 'unsupported_media_type' },
    )
  }
  return { file: await taking.take({ body, name: fileNameOf(headers.get('X-File-Name')) }), fields: {} }
}

async function readForm<T extends Taken>(parts: AsyncGenerator<Part>, { take, drop, heed }: Taking<T>) {
  const fields: Record<string, string> = {}
  let file: T | undefined
  try {
    for await (const part of parts) {
      if (part.fileName === undefined) {
        const value = await readField(part, MAX_FIELD_BYTES)
        await heed(part.name, value)
        fields[part.name] = value
      } else if (file === undefined) file = await take({ body: part.body, name: part.fileName })
      else throw new AppError('invalid', 'The request holds more than one file; send one request for each.', { reason: 'several_files' })
    }
  } catch (thrown) {
    if (file !== undefined) await drop(file)
    throw thrown
  }
  if (file === undefined)
    throw new AppError('invalid', 'The form has no file; add a part with a filename, as `curl -F file=@invoice.pdf` does.', {
      reason: 'no_file',
    })
  return { file, fields }
}

const tooLarge = ({ maxUploadBytes }: Limits) =>
  new AppError('too_large', `The file is larger than ${Math.floor(maxUploadBytes / 1_048_576)} MB; split it or send a smaller one.`, {
    reason: 'file_too_large',
  })

/** Header values are ASCII: other characters come percent-encoded. */
function fileNameOf(header: string | null): string {
  if (header === null) return 'unnamed'
  try {
    return decodeURIComponent(header)
  } catch (cause) {
    throw new AppError('invalid', 'X-File-Name is not valid percent-encoded UTF-8; encode it with encodeURIComponent.', { cause })
  }
}
