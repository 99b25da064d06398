import { AppError } from '../domain/error'
import type { Files } from '../domain/ports'

/**
 * Answers a stored file for saving. It is somebody else's content on our origin, so the browser is told not to guess its type, not
 * to show it as a page, and to run nothing in it.
 */
export async function answerFile(files: Files, key: string, file: { name: string; mediaType?: string; etag: string }): Promise<Response> {
  const found = await files.stream(key)
  if (found === undefined) throw new AppError('not_found', 'The file is not stored any more; upload it again.')
  return new Response(found.body, {
    headers: {
      'Content-Type': servedType(file.mediaType ?? found.mediaType),
      'Content-Length': String(found.size),
      'Content-Disposition': contentDisposition(file.name),
      'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      // A browser that two people use would show one what the other has loaded, and keep it after a sign-out and an erasure.
      'Cache-Control': 'private, no-store',
      ETag: file.etag,
    },
  })
}

/** A media type as RFC 9110 writes it; what is stored was read out of somebody's file. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}(?:; ?charset=[a-z0-9-]{1,40})?$/i

const servedType = (mediaType: string): string => (MEDIA_TYPE.test(mediaType) ? mediaType : 'application/octet-stream')

/**
 * `attachment` with the name twice: in ASCII for old programs, and in UTF-8 (RFC 6266, RFC 8187). A name with line breaks, quotes,
 * paths or halves of characters gives a header all the same, and never a second one.
 */
export function contentDisposition(name: string): string {
  const base = name.toWellFormed().split(/[\\/]/).at(-1) || 'unnamed'
  const ascii = base.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(base).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
