/** Nothing is fetched: the tests use the bindings. */
export default { fetch: () => new Response('the D1 tests have no routes', { status: 404 }) }
