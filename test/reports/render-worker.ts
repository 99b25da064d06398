/** A script without doors: the tests of this folder that run in workerd call the renderers themselves. */
export default { fetch: () => new Response('tests only', { status: 404 }) } satisfies ExportedHandler
