/** A file's address in memory lives this long, so that a slow download dialog still finds it. */
const KEEP_MS = 60_000

/** Hands bytes to the browser's download. */
export function saveFile(bytes: Blob, name: string): void {
  const address = URL.createObjectURL(bytes)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), KEEP_MS)
}
