import { DOCUMENT_FORMATS } from '../../domain/documents'
import { AppError } from '../../domain/error'

/** Why a file was not read, for programs. */
export const INGESTION_REASONS = [
  'unsupported_type',
  'corrupt',
  'encrypted',
  'truncated',
  'empty',
  'too_large',
  'zip_bomb',
  'too_many_pages',
] as const
export type IngestionReason = (typeof INGESTION_REASONS)[number]

/** The refusal of a file: code `invalid` (`too_large` for size) with one of the closed reasons. The message says what to do. */
export const refuse = (reason: IngestionReason, message: string, cause?: unknown): AppError =>
  new AppError(reason === 'too_large' ? 'too_large' : 'invalid', message, { reason, ...(cause !== undefined && { cause }) })

export const refuseType = (found: string): AppError =>
  refuse('unsupported_type', `${found} is not supported; send one of: ${DOCUMENT_FORMATS.join(', ')}.`)

export const refuseCorrupt = (what: string, cause?: unknown): AppError =>
  refuse('corrupt', `${what} is damaged and cannot be read; export it again and send the new file.`, cause)

export const refuseEncrypted = (what: string): AppError =>
  refuse('encrypted', `${what} is protected by a password; remove the password and send it again.`)

export const refuseTruncated = (what: string): AppError =>
  refuse('truncated', `${what} is cut off before its end; send the whole file again.`)
