import { AuditCheckpoint, AuditEntry, CheckpointClaim, sealText } from './audit'

/** First line of an export: what it is, where the chain ended then, and the public keys of checkpoints. */
export const EXPORT_TYPE = 'steward-audit-export'

export interface Finding {
  /** 1-based line of the file; 0: about the whole. */
  line: number
  seq?: number
  kind: 'malformed' | 'changed' | 'missing' | 'reordered' | 'foreign' | 'forged_checkpoint' | 'cut_tail' | 'no_checkpoint'
  message: string
}

export interface Verdict {
  tenantId?: string
  entries: number
  checkpoints: number
  /** Entries up to here are covered by a signature. */
  signedThrough: number
  findings: Finding[]
}

export interface VerificationDeps {
  /** Lower-case hex SHA-256. */
  hash(text: string): string
  /** The payload of a JWS whose signature holds under a trusted key; undefined otherwise. */
  openJws(jws: string): Promise<unknown>
}

/**
 * Reads an export line by line and finds a changed, missing, reordered or foreign entry, a forged checkpoint, and a tail that was cut
 * off before the last signed checkpoint. It needs nothing but the file and the public keys. What nobody signed yet, after the last
 * checkpoint, is only chained: whoever may write the file could replace it.
 */
export class ChainVerifier {
  private readonly verdict: Verdict = { entries: 0, checkpoints: 0, signedThrough: 0, findings: [] }
  private readonly hashes = new Map<number, string>()
  private last = { seq: 0, hash: '' }
  private head: { line: number; claim: CheckpointClaim } | undefined
  private line = 0

  private readonly deps: VerificationDeps

  // Written out, because the verifier also runs where types are only stripped.
  constructor(deps: VerificationDeps) {
    this.deps = deps
  }

  async read(text: string): Promise<void> {
    this.line += 1
    if (text.trim() === '') return
    let record: Record<string, unknown>
    try {
      record = JSON.parse(text) as Record<string, unknown>
    } catch {
      this.find('malformed', 'The line is not JSON.')
      return
    }
    if (record.type === EXPORT_TYPE) {
      await this.readHead(record)
      return
    }
    if (record.type === 'checkpoint') {
      await this.readCheckpoint(record)
      return
    }
    this.readEntry(record)
  }

  end(): Verdict {
    const { findings } = this.verdict
    if (this.head !== undefined && this.head.claim.seq > this.last.seq)
      findings.push({
        line: 0,
        kind: 'cut_tail',
        message: `The chain ends at entry ${this.last.seq}, but a signed checkpoint says that it had ${this.head.claim.seq}.`,
      })
    if (this.head !== undefined) this.compare(this.head.claim, this.head.line)
    if (this.verdict.signedThrough === 0 && this.verdict.entries > 0)
      findings.push({ line: 0, kind: 'no_checkpoint', message: 'No checkpoint proves who wrote these entries.' })
    return this.verdict
  }

  private readEntry(record: Record<string, unknown>): void {
    const parsed = AuditEntry.safeParse(record)
    if (!parsed.success) {
      this.find('malformed', 'The line is neither an entry nor a checkpoint.')
      return
    }
    const { seq, hash, prevHash, tenantId } = parsed.data
    this.verdict.entries += 1
    this.verdict.tenantId ??= tenantId
    if (tenantId !== this.verdict.tenantId) this.find('foreign', `Entry ${seq} is of another tenant.`, seq)
    if (this.deps.hash(sealText(record)) !== hash)
      this.find('changed', `Entry ${seq} does not have the content that it was hashed with.`, seq)
    this.follow(seq, prevHash)
    if (!this.hashes.has(seq)) this.hashes.set(seq, hash)
    if (seq > this.last.seq) this.last = { seq, hash }
  }

  private follow(seq: number, prevHash: string): void {
    const { seq: lastSeq, hash: lastHash } = this.last
    if (seq <= lastSeq) this.find('reordered', `Entry ${seq} comes after entry ${lastSeq}.`, seq)
    else if (seq > lastSeq + 1)
      this.find(
        'missing',
        `Between entry ${lastSeq} and entry ${seq} there ${seq - lastSeq === 2 ? 'is one' : 'are entries'} missing.`,
        seq,
      )
    else if (prevHash !== lastHash) this.find('changed', `Entry ${seq} is not chained to entry ${lastSeq} as it stands here.`, seq)
  }

  private async readHead(record: Record<string, unknown>): Promise<void> {
    if (record.tenantId !== undefined) this.verdict.tenantId ??= String(record.tenantId)
    if (record.head !== undefined && record.head !== null) await this.readCheckpoint(record.head as Record<string, unknown>)
  }

  private async readCheckpoint(record: Record<string, unknown>): Promise<void> {
    const stated = AuditCheckpoint.safeParse(record)
    if (!stated.success) {
      this.find('malformed', 'The line is neither an entry nor a checkpoint.')
      return
    }
    const { seq, hash, tenantId, at, jws } = stated.data
    const claim = CheckpointClaim.safeParse(await this.deps.openJws(jws))
    if (!claim.success) {
      this.find('forged_checkpoint', `The checkpoint at entry ${seq} is not signed by a key of the installation.`, seq)
      return
    }
    const signed = claim.data
    if (signed.seq !== seq || signed.hash !== hash || signed.tenantId !== tenantId || signed.at !== at) {
      this.find('forged_checkpoint', `The checkpoint at entry ${seq} says something else than what was signed.`, seq)
      return
    }
    this.verdict.checkpoints += 1
    this.verdict.tenantId ??= tenantId
    if (tenantId !== this.verdict.tenantId) {
      this.find('foreign', `The checkpoint at entry ${seq} is of another tenant.`, seq)
      return
    }
    if (this.head === undefined || signed.seq > this.head.claim.seq) this.head = { line: this.line, claim: signed }
    if (this.hashes.has(seq)) this.compare(signed, this.line)
  }

  /** Holds what was signed against the entry of that number; one that is not there is found as missing or as a cut tail. */
  private compare({ seq, hash }: CheckpointClaim, line: number): void {
    const found = this.hashes.get(seq)
    if (found === undefined) return
    if (found === hash) {
      this.verdict.signedThrough = Math.max(this.verdict.signedThrough, seq)
      return
    }
    const known = this.verdict.findings.some((finding) => finding.kind === 'changed' && finding.seq === seq && finding.line === line)
    if (!known)
      this.verdict.findings.push({ line, seq, kind: 'changed', message: `Entry ${seq} is not the one that the checkpoint was signed for.` })
  }

  private find(kind: Finding['kind'], message: string, seq?: number): void {
    this.verdict.findings.push({ line: this.line, kind, message, ...(seq !== undefined && { seq }) })
  }
}
