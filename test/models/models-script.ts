import { exports } from 'cloudflare:workers'
import type Models from '../../workers/models/worker'

/** The script's own default entry point, called by RPC as another script would. */
export const models = (exports as Cloudflare.Exports & { default: Service<typeof Models> }).default
