/** A credential of an authenticator that signs its person in without a password. Only its public half is here. */
export interface Passkey {
  id: string
  tenantId: string
  userId: string
  /** By which the person recognises it. */
  name: string
  /** As the authenticator names it, base64url. */
  credentialId: string
  /** COSE key, base64url. */
  publicKey: string
  /** Signatures that the authenticator has counted; 0 for one that does not count. */
  counter: number
  transports: readonly string[]
  /** Whether it is copied between devices of its person. */
  isSynced: boolean
  createdAt: string
  lastUsedAt?: string
}

export interface PasskeyStore {
  /** `conflict` when the credential is known already, in any tenant. */
  insert(passkey: Passkey): Promise<void>
  /** Whose it is says the row: at sign-in nobody has said a tenant yet. */
  findByCredential(credentialId: string): Promise<Passkey | undefined>
  find(tenantId: string, userId: string, id: string): Promise<Passkey | undefined>
  /** The oldest first. */
  list(tenantId: string, userId: string): Promise<Passkey[]>
  /**
   * Notes a signature in one statement. False when its counter is not above the one that is kept (both 0: the authenticator does not
   * count): the same signature came twice, or the credential has been copied.
   */
  use(id: string, counter: number, at: string): Promise<boolean>
  /** False when the user has no such passkey. */
  remove(tenantId: string, userId: string, id: string): Promise<boolean>
  /** Gives how many there were. */
  removeAll(tenantId: string, userId: string): Promise<number>
}

/** At most so many of one person. */
export const MAX_PASSKEYS = 20

/** Whom an authenticator makes a credential for, and where it may be used. */
export interface RelyingParty {
  domain: string
  origin: string
  name: string
}

/** What an authenticator answers when it makes a credential, as `navigator.credentials.create()` gives it in JSON. */
export interface AuthenticatorRegistration {
  id: string
  rawId: string
  type: 'public-key'
  response: { clientDataJSON: string; attestationObject: string; transports?: string[] | undefined }
}
/** What an authenticator answers when it signs, as `navigator.credentials.get()` gives it in JSON. */
export interface AuthenticatorAssertion {
  id: string
  rawId: string
  type: 'public-key'
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle?: string | undefined }
}

export type NewCredential = Pick<Passkey, 'credentialId' | 'publicKey' | 'counter' | 'transports' | 'isSynced'>
/** For the browser, as `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` take it. */
export interface PasskeyOptions {
  challenge: string
  [member: string]: unknown
}

/** The WebAuthn ceremonies (Level 3). The person is always verified by the authenticator (PIN, finger, face). */
export interface WebAuthn {
  creationOptions(
    party: RelyingParty,
    user: { id: string; email: string; name: string },
    known: readonly Passkey[],
  ): Promise<PasskeyOptions>
  requestOptions(party: RelyingParty): Promise<PasskeyOptions>
  /** The challenge that an authenticator says it answered, not yet proven; undefined for what is no client data. */
  challengeOf(clientDataJson: string): string | undefined
  /** Undefined unless the answer is to this challenge, from this origin, for this domain, by a verified person. */
  verifyRegistration(party: RelyingParty, challenge: string, answer: AuthenticatorRegistration): Promise<NewCredential | undefined>
  /** Undefined unless the passkey signed this challenge, from this origin, for this domain, for a verified person. The counter is not judged. */
  verifyAssertion(
    party: RelyingParty,
    challenge: string,
    answer: AuthenticatorAssertion,
    passkey: Passkey,
  ): Promise<{ counter: number } | undefined>
}

/** What the authenticator keeps of a user and gives back at sign-in, base64url: the id, which says nothing about the person. */
export const userHandleOf = (userId: string): string => btoa(userId).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
