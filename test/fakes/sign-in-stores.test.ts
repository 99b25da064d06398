import { describeScimUsers } from '../contracts/scim-users'
import { describeIdentityProviders, describePasskeys, describeSignInChallenges } from '../contracts/sign-in-stores'
import { createFakeIdentity } from './identity'
import { createFakeIdentityProviders } from './identity-providers'
import { createFakePasskeys } from './passkeys'
import { createFakeScimUsers } from './scim-users'
import { createFakeSignInChallenges } from './sign-in-challenges'

describePasskeys('the fake passkeys', createFakePasskeys)
describeSignInChallenges('the fake challenges', createFakeSignInChallenges)
describeIdentityProviders('the fake identity providers', createFakeIdentityProviders)
describeScimUsers('the fake accounts of a directory', () => {
  const identity = createFakeIdentity()
  return { identity, scimUsers: createFakeScimUsers(identity) }
})
