import * as z from 'zod'

/** A password that somebody chooses. Length is what counts; no rules about characters, as NIST SP 800-63B advises. */
export const NewPassword = z.string().min(12, 'use at least 12 characters').max(1_024)
