import { indexOfAscii } from './detect'

/** The harmless string by which virus scanners are tested, in two parts so that this file does not trip them. */
const TEST_VIRUS = `${'X5O!P%@AP[4\\PZX54(P^)7CC)7}$'}${'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'}`

/** Whether bytes hold the EICAR antivirus test string. Looks for nothing else: this is no virus scanner. */
export const holdsTestVirus = (bytes: Uint8Array): boolean => indexOfAscii(bytes, TEST_VIRUS) >= 0

/** The same for base64 text, as e-invoices carry attachments. Decoded for looking only, and only a bounded head of it. */
export function holdsTestVirusInBase64(text: string): boolean {
  const head = text.replace(/\s+/g, '').slice(0, 8_000)
  try {
    return atob(head.slice(0, head.length - (head.length % 4))).includes(TEST_VIRUS)
  } catch {
    return false
  }
}
