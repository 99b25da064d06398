import { describe, expect, it } from 'vitest'
import { addressKind, networkOf, parseIpv4 } from '../../workers/domain/addresses'

const kindOfUrl = (url: string) => addressKind(new URL(url).hostname)

describe('networkOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:a:b:1:2:3:4', '2001:db8:a:b::/64'],
    ['2001:0DB8:000a:b::', '2001:db8:a:b::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['', ''],
    ['x:y', 'x:y'],
  ])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network))
})

describe('addressKind', () => {
  it.each([
    'http://127.0.0.1',
    'http://127.9.9.9',
    'http://2130706433',
    'http://0x7f.1',
    'http://0177.0.0.1',
    'http://127.1',
    'http://[::1]',
    'http://localhost',
    'http://localhost.',
    'http://x.localhost',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
  ])('%s is loopback', (url) => expect(kindOfUrl(url)).toBe('loopback'))

  it.each([
    'http://10.0.0.1',
    'http://172.16.0.1',
    'http://172.31.255.255',
    'http://192.168.1.1',
    'http://169.254.169.254',
    'http://0xa9fea9fe',
    'http://2852039166',
    'http://0251.0376.0251.0376',
    'http://169.254.169.254.',
    'http://100.64.0.1',
    'http://100.127.255.255',
    'http://224.0.0.1',
    'http://255.255.255.255',
    'http://0.0.0.0',
    'http://0',
    'http://198.18.0.1',
    'http://192.0.2.5',
    'http://240.0.0.1',
    'http://[::]',
    'http://[fe80::1]',
    'http://[fc00::1]',
    'http://[fd12:3456::1]',
    'http://[ff02::1]',
    'http://[::ffff:10.0.0.1]',
    'http://[::ffff:a9fe:a9fe]',
    'http://[::10.0.0.1]',
    'http://[64:ff9b::10.0.0.1]',
    'http://[2002:a00:1::]',
    'http://[2001:db8::1]',
    'http://[2001::1]',
    'http://[64:ff9b:1::1]',
    'http://metadata.google.internal',
    'http://printer',
    'http://nas.local',
    'http://router.lan',
    'http://x.home.arpa',
  ])('%s is forbidden', (url) => expect(kindOfUrl(url)).toBe('forbidden'))

  it.each([
    'https://example.com',
    'https://8.8.8.8',
    'https://172.32.0.1',
    'https://100.128.0.1',
    'https://[2606:4700::1111]',
    'https://[::ffff:8.8.8.8]',
    'https://hooks.example.co.uk.',
  ])('%s is public', (url) => expect(kindOfUrl(url)).toBe('public'))

  it('forbids addresses that are malformed', () => {
    for (const host of ['[::1::2]', '1:2:3', '::ffff:1.2.3.999', '']) expect(addressKind(host)).toBe('forbidden')
  })
})

describe('parseIpv4', () => {
  it('reads every notation and leaves names alone', () => {
    expect(parseIpv4('1.2')).toBe(2 ** 24 + 2)
    expect(parseIpv4('0x10.010.8')).toBe(16 * 2 ** 24 + 8 * 65_536 + 8)
    expect(parseIpv4('1.2.3.4.5')).toBeUndefined()
    expect(parseIpv4('256.1.1.1')).toBeUndefined()
    expect(parseIpv4('example.com')).toBeUndefined()
  })
})
