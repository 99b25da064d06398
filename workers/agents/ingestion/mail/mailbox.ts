/** Cuts an mbox file at its envelope lines (`From …` after an empty line) and gives each mail's bytes without them. */
export function splitMailbox(bytes: Uint8Array): Uint8Array[] {
  const starts: number[] = []
  for (let at = 0; at >= 0 && at < bytes.length; at = nextLine(bytes, at)) {
    if (isEnvelope(bytes, at) && (at === 0 || isAfterEmptyLine(bytes, at))) starts.push(at)
  }
  return starts.map((start, index) => {
    const body = nextLine(bytes, start)
    return body < 0 ? new Uint8Array() : bytes.subarray(body, starts[index + 1] ?? bytes.length)
  })
}

const FROM = [0x46, 0x72, 0x6f, 0x6d, 0x20]
const NEWLINE = 10
const RETURN = 13

const isEnvelope = (bytes: Uint8Array, at: number): boolean => FROM.every((byte, index) => bytes[at + index] === byte)

function isAfterEmptyLine(bytes: Uint8Array, at: number): boolean {
  const before = bytes[at - 2] === RETURN ? at - 3 : at - 2
  return bytes[at - 1] === NEWLINE && bytes[before] === NEWLINE
}

function nextLine(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(NEWLINE, at)
  return end < 0 ? -1 : end + 1
}
