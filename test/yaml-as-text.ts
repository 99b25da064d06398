import type { Plugin } from 'vitest/config'

/** Workflow files are imported as text, as wrangler's Text rule does. */
export const yamlAsText: Plugin = {
  name: 'yaml-as-text',
  enforce: 'pre',
  transform: (code, id) => (id.endsWith('.yaml') ? `export default ${JSON.stringify(code)}` : undefined),
}
