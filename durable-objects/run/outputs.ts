import { fileKeys } from '../../workers/domain/documents'
import { AppError } from '../../workers/domain/error'
import type { Files } from '../../workers/domain/ports'
import type { StoredOutput } from './steps'
import { INLINE_BYTES } from './tables'

/** Outputs read from the file store are kept this many at a time: an expression reads few. */
const CACHED_OUTPUTS = 16

/** Step outputs: small ones in the step's row, large ones in the file store by reference. */
export class Outputs {
  private readonly cache = new Map<string, unknown>()

  constructor(
    private readonly files: () => Pick<Files, 'put' | 'read'>,
    private readonly runId: () => string,
  ) {}

  /** A small output as it stands in a row; undefined for one that `store` must put elsewhere. */
  inline(value: unknown): StoredOutput | undefined {
    const text = JSON.stringify(value ?? null)
    return text.length <= INLINE_BYTES ? { output: text, outputRef: null } : undefined
  }

  async store(stepKey: string, attempt: number, value: unknown): Promise<StoredOutput> {
    const inline = this.inline(value)
    if (inline !== undefined) return inline
    const text = JSON.stringify(value)
    const key = fileKeys.stepOutput(this.runId(), stepKey, attempt)
    await this.files().put(key, text, 'application/json')
    this.remember(key, JSON.parse(text))
    return { output: null, outputRef: key }
  }

  async load(stored: StoredOutput): Promise<unknown> {
    if (stored.outputRef === null) return stored.output === null ? undefined : JSON.parse(stored.output)
    if (!this.cache.has(stored.outputRef)) await this.fetch(stored.outputRef)
    return this.cache.get(stored.outputRef)
  }

  private async fetch(key: string): Promise<void> {
    const bytes = await this.files().read(key)
    if (bytes === undefined)
      throw new AppError('internal', 'A stored step output is missing from the file store; fork the run from the step that wrote it.')
    this.remember(key, JSON.parse(new TextDecoder().decode(bytes)))
  }

  private remember(key: string, value: unknown): void {
    const oldest = this.cache.keys().next()
    if (this.cache.size >= CACHED_OUTPUTS && !oldest.done) this.cache.delete(oldest.value)
    this.cache.set(key, value)
  }
}
