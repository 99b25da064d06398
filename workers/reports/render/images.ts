import { AppError } from '../../domain/error'

export interface EncodedImage {
  kind: 'png' | 'jpeg'
  bytes: Uint8Array
}

/** Decodes a base64 PNG or JPEG (a data URL is fine too), known by its first bytes. Refuses anything else with `invalid`, naming it as `what`. */
export function decodeImage(base64: string, what: string): EncodedImage {
  const bytes = decodeBase64(base64.replace(/^data:[^,]*,/, ''), what)
  if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) return { kind: 'png', bytes }
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return { kind: 'jpeg', bytes }
  throw new AppError('invalid', `The ${what} is neither a PNG nor a JPEG: give one of these, as base64.`)
}

function decodeBase64(text: string, what: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch (cause) {
    throw new AppError('invalid', `The ${what} is not valid base64: encode the bytes of a PNG or JPEG.`, { cause })
  }
}
