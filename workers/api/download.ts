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
      'Content-Type': file.mediaType ?? found.mediaType,
      'Content-Length': String(found.size),
      'Content-Disposition': contentDisposition(file.name),
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, max-age=31536000, immutable',
      ETag: file.etag,
    },
  })
}

/** `attachment` with the name twice: in ASCII for old programs, and in UTF-8 (RFC 6266). */
export function contentDisposition(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
