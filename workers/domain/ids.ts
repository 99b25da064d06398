/** Prefix of each kind of id, so that an id says what it names wherever it is met. */
export const ID_PREFIXES = {
  tenant: 'ten',
  user: 'usr',
  apiKey: 'key',
  session: 'ses',
  securityEvent: 'sev',
  auditEntry: 'aud',
  serviceAccount: 'sva',
  oneTimeToken: 'ott',
  passkey: 'psk',
  document: 'doc',
  run: 'run',
  approval: 'apr',
  effect: 'eff',
  collection: 'col',
  chunk: 'chk',
  report: 'rep',
  message: 'msg',
  request: 'req',
  reservation: 'rsv',
  evaluation: 'evl',
  dataSubjectRequest: 'dsr',
} as const
export type IdKind = keyof typeof ID_PREFIXES

/** Makes an id such as `run_0192f…`: a prefix and a time-ordered UUIDv7 without dashes, so ids sort by creation. */
export type NewId = (kind: IdKind) => string
