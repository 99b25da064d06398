import { accessToken } from './client'
import { ApiError, readProblem } from './problem'
import { API_ORIGIN } from './reach'
import type { DocumentRecord, RunView } from './types'

export interface UploadAnswer {
  document: DocumentRecord
  run?: Pick<RunView, 'id'>
}

/**
 * Sends one file and tells how far it is (share 0–1; 1 means that the server is storing it).
 * XMLHttpRequest, because fetch does not tell the progress of what it sends.
 */
export async function uploadDocument(
  file: File,
  workflow: string,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<UploadAnswer> {
  const token = await accessToken()
  return await new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `${API_ORIGIN}/api/v1/documents?${new URLSearchParams({ workflow })}`)
    request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onload = () =>
      request.status < 300 ? resolve(JSON.parse(request.responseText)) : reject(readProblem(request.status, request.responseText))
    request.onerror = () => reject(new ApiError(0, 'unreachable', ''))
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    const form = new FormData()
    form.append('file', file, file.name)
    request.send(form)
  })
}
