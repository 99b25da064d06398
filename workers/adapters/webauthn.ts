import type { AuthenticatorTransport } from '@simplewebauthn/server'
import * as z from 'zod'
import type { Passkey, WebAuthn } from '../domain/passkeys'
import { CHALLENGE_MS } from '../domain/sign-in-challenges'

/** COSE: ES256, which every authenticator has, EdDSA, and RS256 for Windows Hello. */
const ALGORITHMS = [-7, -8, -257]

const ClientData = z.object({ challenge: z.string().min(16).max(200) })

/**
 * The ceremonies by @simplewebauthn/server, which is loaded when one is first asked for: it brings a certificate parser along.
 * Attestation is not asked for: any authenticator that verifies its person will do.
 */
export function createWebAuthn(): WebAuthn {
  return {
    creationOptions: async (party, user, known) => {
      const { generateRegistrationOptions } = await library()
      return {
        ...(await generateRegistrationOptions({
          rpName: party.name,
          rpID: party.domain,
          userName: user.email,
          userDisplayName: user.name,
          userID: new Uint8Array(new TextEncoder().encode(user.id)),
          timeout: CHALLENGE_MS.passkey_registration,
          attestationType: 'none',
          supportedAlgorithmIDs: ALGORITHMS,
          excludeCredentials: known.map(({ credentialId, transports }) => ({ id: credentialId, transports: [...transports] })),
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        })),
      }
    },
    requestOptions: async (party) => {
      const { generateAuthenticationOptions } = await library()
      // Without a list of credentials: who could sign in is for the authenticator to say.
      const options = { rpID: party.domain, userVerification: 'required', timeout: CHALLENGE_MS.passkey_sign_in } as const
      return { ...(await generateAuthenticationOptions(options)) }
    },
    challengeOf: (clientDataJson) => {
      try {
        return ClientData.safeParse(JSON.parse(new TextDecoder().decode(fromBase64Url(clientDataJson)))).data?.challenge
      } catch {
        // Neither base64url nor JSON: no authenticator wrote it.
        return undefined
      }
    },
    verifyRegistration: async (party, challenge, answer) => {
      const { verifyRegistrationResponse } = await library()
      const verified = await orRefused(() =>
        verifyRegistrationResponse({
          response: {
            ...answer,
            response: { ...answer.response, transports: answer.response.transports?.filter(isTransport) },
            clientExtensionResults: {},
          },
          expectedChallenge: challenge,
          expectedOrigin: party.origin,
          expectedRPID: party.domain,
          supportedAlgorithmIDs: ALGORITHMS,
          requireUserVerification: true,
        }),
      )
      if (!verified?.verified) return undefined
      const { credential, credentialDeviceType } = verified.registrationInfo
      return {
        credentialId: credential.id,
        publicKey: toBase64Url(credential.publicKey),
        counter: credential.counter,
        transports: credential.transports ?? [],
        isSynced: credentialDeviceType === 'multiDevice',
      }
    },
    verifyAssertion: async (party, challenge, answer, passkey) => {
      const { verifyAuthenticationResponse } = await library()
      const verified = await orRefused(() =>
        verifyAuthenticationResponse({
          response: { ...answer, clientExtensionResults: {} },
          expectedChallenge: challenge,
          expectedOrigin: party.origin,
          expectedRPID: party.domain,
          // Its counter is judged where it is stored, in one statement; the library would look before the signature is checked.
          credential: { ...credentialOf(passkey), counter: 0 },
          requireUserVerification: true,
        }),
      )
      return verified?.verified ? { counter: verified.authenticationInfo.newCounter } : undefined
    },
  }
}

const library = () => import('@simplewebauthn/server')

/** The library throws a plain Error for whatever does not hold; every such answer is refused alike. */
async function orRefused<T>(verify: () => Promise<T>): Promise<T | undefined> {
  try {
    return await verify()
  } catch (thrown) {
    console.info(JSON.stringify({ message: 'a passkey was refused', reason: thrown instanceof Error ? thrown.message.slice(0, 200) : '' }))
    return undefined
  }
}

const credentialOf = ({ credentialId, publicKey, transports }: Passkey) => ({
  id: credentialId,
  publicKey: fromBase64Url(publicKey),
  transports: transports.filter(isTransport),
})

const TRANSPORTS = ['ble', 'hybrid', 'internal', 'nfc', 'usb'] as const satisfies readonly AuthenticatorTransport[]
const isTransport = (text: string): text is AuthenticatorTransport => (TRANSPORTS as readonly string[]).includes(text)

const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))

function toBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
