import { AuditCheckpoint, AuditEntry, CheckpointClaim, sealText } from './audit'

/** First line of an export: what it is, where the chain ended then, and the public keys of checkpoints. */
export const EXPORT_TYPE = 'steward-audit-export'

export interface Finding {
  /** 1-based line of the file; 0: about the whole. */
  line: number
  seq?: number
  kind:
    | 'malformed'
    | 'changed'
    | 'missing'
    | 'reordered'
    | 'foreign'
    | 'forged_checkpoint'
    | 'no_head'
    | 'old_head'
    | 'cut_tail'
    | 'unsigned_tail'
    | 'no_checkpoint'
  message: string
}

export interface Verdict {
  tenantId?: string
  entries: number
  checkpoints: number
  /** Entries up to here are covered by a signature. */
  signedThrough: number
  /** When that was signed; absent while nothing is. */
  signedAt?: string
  findings: Finding[]
}

export interface VerificationDeps {
  /** Lower-case hex SHA-256. */
  hash(text: string): string
  /** The payload of a JWS whose signature holds under a trusted key; undefined otherwise. */
  openJws(jws: string): Promise<unknown>
}

/** A checkpoint whose signature holds. Line 0: it came from elsewhere. */
interface Signed {
  line: number
  claim: CheckpointClaim
}

/**
 * Reads an export line by line and finds a changed, missing, reordered or foreign entry, a forged checkpoint, a line that says two things,
 * and entries that do not reach from the first to the head: the checkpoint in the first line, which an export signs for its last entry.
 * It needs nothing but the file and the public keys.
 *
 * Not found, because no file alone shows it: that there were entries after the head. An older export, or one that was cut back to an
 * older checkpoint with that checkpoint as its head, is whole. `Verdict.signedAt` says how old, and `contains` compares with a
 * checkpoint that was kept elsewhere.
 */
export class ChainVerifier {
  private readonly verdict: Verdict = { entries: 0, checkpoints: 0, signedThrough: 0, findings: [] }
  private readonly hashes = new Map<number, string>()
  private readonly signed: Signed[] = []
  private last = { seq: 0, hash: '' }
  /** `stated` without a claim: it is there, and a finding says why it counts for nothing. */
  private head: { stated: boolean; claim?: CheckpointClaim } = { stated: false }
  private line = 0
  private isFirst = true

  private readonly deps: VerificationDeps

  // Written out, because the verifier also runs where types are only stripped.
  constructor(deps: VerificationDeps) {
    this.deps = deps
  }

  async read(text: string): Promise<void> {
    this.line += 1
    if (text.trim() === '') return
    const isFirst = this.isFirst
    this.isFirst = false
    const record = this.parse(text)
    if (record === undefined) return
    // Of two members of one name a reader takes the last, and people see the first.
    if (JSON.stringify(record) !== text)
      this.find('malformed', 'The line is not written as an export writes it: a name stands in it twice, or it was formatted anew.')
    if (record.type === EXPORT_TYPE) await this.readHead(record, isFirst)
    else if (record.type === 'checkpoint') await this.readCheckpoint(record)
    else this.readEntry(record)
  }

  /** Holds a checkpoint that was kept elsewhere against the chain: after the last line and before `end`. */
  async contains(text: string): Promise<void> {
    this.line = 0
    const record = this.parse(text)
    if (record !== undefined) await this.readCheckpoint(record)
  }

  end(): Verdict {
    for (const { claim, line } of this.signed) this.compare(claim, line)
    this.judgeHead()
    const newest = Math.max(0, ...this.signed.map(({ claim }) => claim.seq))
    if (newest > this.last.seq)
      this.whole('cut_tail', `The chain ends at entry ${this.last.seq}, but a signed checkpoint says that it had ${newest}.`)
    if (this.verdict.signedThrough === 0)
      this.whole('no_checkpoint', this.verdict.entries > 0 ? 'No checkpoint proves who wrote these entries.' : 'The file proves nothing.')
    return this.verdict
  }

  private judgeHead(): void {
    const { stated, claim } = this.head
    if (!stated)
      this.whole('no_head', 'The file does not begin with the line of an export that holds its checkpoint: its end is not to be known.')
    if (claim === undefined) return
    const newer = this.signed.find((each) => each.claim.seq > claim.seq && each.line > 0)
    if (newer !== undefined)
      this.whole('old_head', `The first line holds the checkpoint at entry ${claim.seq}, but line ${newer.line} a newer one.`)
    if (this.last.seq > claim.seq)
      this.whole('unsigned_tail', `An export ends at its signed checkpoint, here at entry ${claim.seq}: what comes after nobody signed.`)
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

  private async readHead(record: Record<string, unknown>, isFirst: boolean): Promise<void> {
    if (!isFirst) {
      this.find('reordered', 'The first line of an export stands in the middle.')
      return
    }
    if (record.tenantId !== undefined) this.verdict.tenantId ??= String(record.tenantId)
    if (record.head === undefined || record.head === null) return
    const claim = await this.readCheckpoint(record.head)
    this.head = { stated: true, ...(claim && { claim }) }
  }

  /** What is signed, when its signature holds and the line says the same. */
  private async readCheckpoint(record: unknown): Promise<CheckpointClaim | undefined> {
    const stated = AuditCheckpoint.safeParse(record)
    if (!stated.success) {
      this.find('malformed', 'The line is neither an entry nor a checkpoint.')
      return undefined
    }
    const { seq, hash, tenantId, at, jws } = stated.data
    const claim = CheckpointClaim.safeParse(await this.deps.openJws(jws))
    if (!claim.success) {
      this.find('forged_checkpoint', `The checkpoint at entry ${seq} is not signed by a key of the installation.`, seq)
      return undefined
    }
    const signed = claim.data
    if (signed.seq !== seq || signed.hash !== hash || signed.tenantId !== tenantId || signed.at !== at) {
      this.find('forged_checkpoint', `The checkpoint at entry ${seq} says something else than what was signed.`, seq)
      return undefined
    }
    this.verdict.checkpoints += 1
    this.verdict.tenantId ??= tenantId
    if (tenantId !== this.verdict.tenantId) {
      this.find('foreign', `The checkpoint at entry ${seq} is of another tenant.`, seq)
      return undefined
    }
    this.signed.push({ line: this.line, claim: signed })
    return signed
  }

  /** Holds what was signed against the entry of that number; one that is not there is found as missing or as a cut tail. */
  private compare({ seq, hash, at }: CheckpointClaim, line: number): void {
    const found = this.hashes.get(seq)
    if (found === undefined) return
    if (found !== hash) {
      this.verdict.findings.push({ line, seq, kind: 'changed', message: `Entry ${seq} is not the one that the checkpoint was signed for.` })
      return
    }
    if (seq < this.verdict.signedThrough) return
    this.verdict.signedThrough = seq
    this.verdict.signedAt = at
  }

  private parse(text: string): Record<string, unknown> | undefined {
    try {
      const record: unknown = JSON.parse(text)
      if (typeof record === 'object' && record !== null) return record as Record<string, unknown>
    } catch {
      // Said below, as of any other text.
    }
    this.find('malformed', 'The line is no JSON object.')
    return undefined
  }

  /** About the whole of the file. */
  private whole(kind: Finding['kind'], message: string): void {
    this.verdict.findings.push({ line: 0, kind, message })
  }

  private find(kind: Finding['kind'], message: string, seq?: number): void {
    this.verdict.findings.push({ line: this.line, kind, message, ...(seq !== undefined && { seq }) })
  }
}
