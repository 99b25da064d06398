/** What may be reached from inside: loopback only where configuration allows it, public addresses, nothing else. */
export type AddressKind = 'public' | 'loopback' | 'forbidden'

/**
 * Kind of a host as `URL` gives it (`url.hostname`), which has already turned decimal, octal and hexadecimal notations into four
 * numbers. A name is `public` here: where it leads is checked after resolution, with the addresses it resolves to.
 */
export function addressKind(hostname: string): AddressKind {
  const host = hostname.toLowerCase().replace(/\.$/, '')
  if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback'
  if (host.startsWith('[') || host.includes(':')) return kindOfIpv6(host.replace(/^\[|\]$/g, '').replace(/%.*$/, ''))
  const ipv4 = parseIpv4(host)
  if (ipv4 !== undefined) return kindOfIpv4(ipv4)
  return isPublicName(host) ? 'public' : 'forbidden'
}

/** Whether the host is written as an address, so that nothing has to be resolved. */
export const isAddress = (hostname: string): boolean =>
  hostname.startsWith('[') || hostname.includes(':') || parseIpv4(hostname.replace(/\.$/, '')) !== undefined

/**
 * What limits by address count: an IPv4 address, or the /64 of an IPv6 address, because whoever has one has all of its 2^64 addresses.
 * What is neither is its own network.
 */
export function networkOf(address: string): string {
  const groups = address.includes(':') ? parseIpv6(address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')) : undefined
  if (groups === undefined) return address
  // An IPv4 address in another dress.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return groups.slice(6).map(toBytes).join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

const toBytes = (group: number): string => `${group >> 8}.${group & 0xff}`

/**
 * Ports on which web services speak TLS: 443 and those that need no privilege, without the ones of databases, caches, queues, mail and
 * control planes, which a request could confuse or wake up. Of the first kind are the fetch standard's bad ports.
 */
export const isWebPort = (port: number): boolean => port === 443 || (port >= 1_024 && port <= 65_535 && !FORBIDDEN_PORTS.has(port))

const FORBIDDEN_PORTS: ReadonlySet<number> = new Set([
  ...[1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080],
  ...[1433, 1521, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4222, 5432, 5672, 5900, 5984, 5985, 5986, 6379, 6380, 7000, 7001, 8500, 9042],
  ...[9092, 9160, 9200, 9300, 10250, 10255, 11211, 15672, 25565, 27017, 27018, 28017, 50000],
])

/** Names that are meant for private networks or lead to the cloud's metadata; a name without a dot is one of the local network. */
const PRIVATE_SUFFIXES = [
  '.local',
  '.internal',
  '.intranet',
  '.lan',
  '.home',
  '.corp',
  '.home.arpa',
  '.localdomain',
  '.private',
  '.svc',
  '.cluster',
  '.consul',
  '.docker',
  '.onion',
  '.invalid',
  '.test',
]

const isPublicName = (host: string): boolean => host.includes('.') && !PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix))

/** First address and prefix length; IANA's special-purpose registry plus multicast, the reserved block and Azure's host agent. */
const FORBIDDEN_IPV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const

function kindOfIpv4(address: number): AddressKind {
  if (inBlock(address, '127.0.0.0', 8)) return 'loopback'
  return FORBIDDEN_IPV4.some(([first, bits]) => inBlock(address, first, bits)) ? 'forbidden' : 'public'
}

function inBlock(address: number, first: string, bits: number): boolean {
  const size = 2 ** (32 - bits)
  return Math.floor(address / size) === Math.floor((parseIpv4(first) ?? Number.NaN) / size)
}

/** `a.b.c.d`, and what `inet_aton` takes: fewer parts, octal with a leading 0, hexadecimal with 0x. Undefined when it is a name. */
export function parseIpv4(host: string): number | undefined {
  const parts = host.split('.')
  if (parts.length > 4 || !parts.every((part) => /^(0x[0-9a-f]*|\d+)$/i.test(part))) return undefined
  const numbers = parts.map((part) =>
    /^0x/i.test(part) ? Number.parseInt(part.slice(2) || '0', 16) : /^0\d/.test(part) ? Number.parseInt(part, 8) : Number(part),
  )
  const last = numbers.pop() ?? Number.NaN
  if (numbers.some((n) => !(n <= 255)) || !(last < 256 ** (4 - numbers.length))) return undefined
  return numbers.reduce((total, n, at) => total + n * 256 ** (3 - at), last)
}

function kindOfIpv6(text: string): AddressKind {
  const groups = parseIpv6(text)
  if (!groups) return 'forbidden'
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups
  const leadingZeros = [a, b, c, d, e].every((group) => group === 0)
  if (leadingZeros && f === 0 && g === 0 && h === 1) return 'loopback'
  const embedded = g * 65_536 + h
  // ::ffff:a.b.c.d and ::a.b.c.d are IPv4 in another dress, and so are NAT64 (64:ff9b::/96) and 6to4 (2002::/16).
  if (leadingZeros && (f === 0xffff || f === 0)) return embedded === 0 ? 'forbidden' : kindOfIpv4(embedded)
  if (a === 0x64 && b === 0xff9b) return c === 0 && d === 0 && e === 0 && f === 0 ? kindOfIpv4(embedded) : 'forbidden'
  if (a === 0x2002) return kindOfIpv4(b * 65_536 + c)
  // Only 2000::/3 is given out; in it Teredo, ORCHID, documentation, benchmarking and AS112 addresses lead nowhere good.
  if (a < 0x2000 || a > 0x3fff) return 'forbidden'
  if (a === 0x2001 && (b < 0x200 || b === 0xdb8)) return 'forbidden'
  if (a === 0x2620 && b === 0x4f && c === 0x8000) return 'forbidden'
  return a === 0x3fff && b < 0x1000 ? 'forbidden' : 'public'
}

function parseIpv6(text: string): number[] | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const ipv4 = dotted?.[2] === undefined ? undefined : parseIpv4(dotted[2])
  if (dotted && ipv4 === undefined) return undefined
  const plain =
    dotted && ipv4 !== undefined ? `${dotted[1]}${Math.floor(ipv4 / 65_536).toString(16)}:${(ipv4 % 65_536).toString(16)}` : text
  const halves = plain.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? groups.map((group) => Number.parseInt(group, 16)) : undefined
}
