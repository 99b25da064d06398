import type { DocumentRecord } from '../domain/documents'
import { AppError } from '../domain/error'
import { discardDocument, type IntakeDeps, stageDocument } from '../domain/intake'
import { boundaryOf, readField, readMultipart } from './multipart'

/** A file whose bytes are stored, and the fields that came with it. */
export interface Upload {
  staged: DocumentRecord
  fields: Record<string, string>
}

const MAX_FIELD_BYTES = 4_096
/** Boundaries, headers and fields beside the file itself. */
const MULTIPART_OVERHEAD_BYTES = 64 * 1024

/**
 * Streams the one file of a request into the file store: a multipart/form-data body with one file part, or the bare bytes with
 * `X-File-Name`. Refuses `invalid` for no or several files and `too_large`; then nothing is left behind.
 */
export async function readUpload(deps: IntakeDeps, request: Request): Promise<Upload> {
  const { body, headers } = request
  if (body === null) throw new AppError('invalid', 'The request has no body; send a file.', { reason: 'empty' })
  refuseDeclaredSize(deps, headers.get('Content-Length'))
  const contentType = headers.get('Content-Type') ?? ''
  const boundary = boundaryOf(contentType)
  if (boundary !== undefined) return await readForm(deps, body, boundary)
  if (/^(multipart\/|application\/x-www-form-urlencoded)/i.test(contentType)) {
    throw new AppError(
      'invalid',
      'Send the file as multipart/form-data with a boundary, or as the bare body with its Content-Type and X-File-Name.',
      { reason: 'unsupported_media_type' },
    )
  }
  const staged = await stageDocument(deps, { body, name: fileNameOf(headers.get('X-File-Name')), source: 'upload' })
  return { staged, fields: {} }
}

/** Refuses before reading what says itself that it is too large. */
function refuseDeclaredSize({ maxUploadBytes }: IntakeDeps, declared: string | null): void {
  if (Number(declared ?? 0) <= maxUploadBytes + MULTIPART_OVERHEAD_BYTES) return
  throw new AppError('too_large', `The file is larger than ${Math.floor(maxUploadBytes / 1_048_576)} MB; split it or send a smaller one.`, {
    reason: 'file_too_large',
  })
}

async function readForm(deps: IntakeDeps, body: ReadableStream<Uint8Array>, boundary: string): Promise<Upload> {
  const fields: Record<string, string> = {}
  let staged: DocumentRecord | undefined
  try {
    for await (const part of readMultipart(body, boundary)) {
      if (part.fileName === undefined) fields[part.name] = await readField(part, MAX_FIELD_BYTES)
      else if (staged === undefined) staged = await stageDocument(deps, { body: part.body, name: part.fileName, source: 'upload' })
      else throw new AppError('invalid', 'The request holds more than one file; send one request for each.', { reason: 'several_files' })
    }
  } catch (thrown) {
    if (staged !== undefined) await discardDocument(deps, staged)
    throw thrown
  }
  if (staged === undefined)
    throw new AppError('invalid', 'The form has no file; add a part with a filename, as `curl -F file=@invoice.pdf` does.', {
      reason: 'no_file',
    })
  return { staged, fields }
}

/** Header values are ASCII: other characters come percent-encoded. */
function fileNameOf(header: string | null): string {
  if (header === null) return 'unnamed'
  try {
    return decodeURIComponent(header)
  } catch (cause) {
    throw new AppError('invalid', 'X-File-Name is not valid percent-encoded UTF-8; encode it with encodeURIComponent.', { cause })
  }
}
