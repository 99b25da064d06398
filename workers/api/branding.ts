import { AppError } from '../domain/error'
import type { Branding } from '../domain/reports'
import { decodeImage } from '../reports/render/images'

/** Base64 alone, or the data URL that browsers make of a file. */
const LOGO = /^(?:data:image\/(?:png|jpeg);base64,)?[A-Za-z0-9+/=\s]*$/

/** Refuses `invalid` a logo that no report could show: anything but a PNG or JPEG in base64, with or without its data URL. */
export function requireLogo({ logo }: Pick<Branding, 'logo'>): void {
  if (logo === undefined || logo === '' || (LOGO.test(logo) && isImage(logo))) return
  const message = 'The logo is no PNG or JPEG; give the bytes of one as base64, or as data:image/png;base64,… .'
  throw new AppError('invalid', message, { problems: [{ path: 'branding.logo', message }] })
}

function isImage(base64: string): boolean {
  try {
    return decodeImage(base64, 'logo').bytes.length > 0
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'invalid') return false
    throw thrown
  }
}
