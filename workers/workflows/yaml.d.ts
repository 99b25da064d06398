/** Workflow files are imported as text: wrangler's Text rule, and a plugin of the same effect in the tests. */
declare module '*.yaml' {
  const text: string
  export default text
}
