import { useSyncExternalStore } from 'react'
import { type UploadAnswer, uploadDocument } from '../api/upload'

export type UploadState =
  | { kind: 'waiting' }
  | { kind: 'sending'; share: number }
  | { kind: 'done'; answer: UploadAnswer }
  | { kind: 'failed'; error: unknown }

export interface Upload {
  id: number
  name: string
  size: number
  state: UploadState
}

/** Two at once keep the line busy; more would only slow each other. */
const CONCURRENT = 2

/** Kept outside React, so that uploads go on when the person looks at another screen. */
let uploads: Upload[] = []
let nextId = 1
const queue: { id: number; file: File; workflow: string }[] = []
const active = new Map<number, AbortController>()
const listeners = new Set<() => void>()
const endListeners = new Set<(upload: Upload) => void>()

/** Adds files to what is to be sent, in order. */
export function startUploads(files: File[], workflow: string): void {
  const added = files.map((file) => ({ id: nextId++, file, workflow }))
  queue.push(...added)
  set([...uploads, ...added.map(({ id, file }): Upload => ({ id, name: file.name, size: file.size, state: { kind: 'waiting' } }))])
  pump()
}

/** Cancels what is not yet done and takes it off the list. */
export function removeUpload(id: number): void {
  const waiting = queue.findIndex((item) => item.id === id)
  if (waiting >= 0) queue.splice(waiting, 1)
  active.get(id)?.abort()
  set(uploads.filter((upload) => upload.id !== id))
}

/** Called once for each upload that ends, well or not. */
export function onUploadEnd(listener: (upload: Upload) => void): () => void {
  endListeners.add(listener)
  return () => endListeners.delete(listener)
}

function pump(): void {
  while (active.size < CONCURRENT) {
    const next = queue.shift()
    if (next === undefined) return
    void send(next)
  }
}

async function send({ id, file, workflow }: { id: number; file: File; workflow: string }): Promise<void> {
  const controller = new AbortController()
  active.set(id, controller)
  update(id, { kind: 'sending', share: 0 })
  try {
    const answer = await uploadDocument(file, workflow, (share) => update(id, { kind: 'sending', share }), controller.signal)
    update(id, { kind: 'done', answer })
  } catch (error) {
    if (!controller.signal.aborted) update(id, { kind: 'failed', error })
  }
  active.delete(id)
  const ended = uploads.find((upload) => upload.id === id)
  if (ended !== undefined) for (const listener of endListeners) listener(ended)
  pump()
}

const update = (id: number, state: UploadState): void => set(uploads.map((upload) => (upload.id === id ? { ...upload, state } : upload)))

function set(next: Upload[]): void {
  uploads = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useUploads = (): Upload[] => useSyncExternalStore(subscribe, () => uploads)
