/** Security associations: `vpp.ipsec.sa`. */

import { parseIp } from '../../../model/address.ts';
import {
  CryptoAlg,
  IntegAlg,
  SecurityAssociation_IPSecProtocol as Protocol,
} from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { SecurityAssociation } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { Kind, Problem } from '../../../scheduler/kind.ts';
import { enumProblem, indexProblem, ipProblem, rangeProblem, report } from '../../check.ts';
import { equivalence, sameIpText } from '../../equality.ts';
import { SA_PREFIX } from './keys.ts';

/** Bytes of the key of each encryption algorithm, salt not included. */
const KEY_BYTES: { readonly [A in CryptoAlg]?: number } = {
  [CryptoAlg.AES_CBC_128]: 16,
  [CryptoAlg.AES_CBC_192]: 24,
  [CryptoAlg.AES_CBC_256]: 32,
  [CryptoAlg.AES_CTR_128]: 16,
  [CryptoAlg.AES_CTR_192]: 24,
  [CryptoAlg.AES_CTR_256]: 32,
  [CryptoAlg.AES_GCM_128]: 16,
  [CryptoAlg.AES_GCM_192]: 24,
  [CryptoAlg.AES_GCM_256]: 32,
  [CryptoAlg.DES_CBC]: 8,
  [CryptoAlg.DES3_CBC]: 24,
};
/** The longest HMAC key that VPP takes, in bytes. */
const LONGEST_INTEG_KEY = 128;
/** UDP port of ESP in UDP (RFC 3948), used where a port is 0. */
export const UDP_ENCAPSULATION_PORT = 4500;

export const securityAssociation: Kind<SecurityAssociation> = {
  name: 'vpp.ipsec.sa',
  prefix: SA_PREFIX,
  validate: (_key, value) => validate(value),
  equivalent: equivalence<SecurityAssociation>({
    cryptoKey: sameHex,
    integKey: sameHex,
    tunnelSrcAddr: sameIpText,
    tunnelDstAddr: sameIpText,
    tunnelSrcPort: samePort,
    tunnelDstPort: samePort,
  }),
  secrets: ['crypto_key', 'integ_key', 'crypto_salt'],
};

function sameHex(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function samePort(left: number, right: number): boolean {
  return (left || UDP_ENCAPSULATION_PORT) === (right || UDP_ENCAPSULATION_PORT);
}

function validate(value: SecurityAssociation): readonly Problem[] {
  const { protocol, cryptoAlg, integAlg } = value;
  const problems: Problem[] = [];
  report(problems, indexProblem(value.index), 'index');
  // 0 never appears on the wire (RFC 4303 section 2.1).
  report(problems, rangeProblem(value.spi, 1, 0xffff_ffff), 'spi');
  report(problems, enumProblem(protocol, Protocol), 'protocol');
  report(problems, enumProblem(cryptoAlg, CryptoAlg), 'crypto_alg');
  report(problems, enumProblem(integAlg, IntegAlg), 'integ_alg');
  if (protocol === Protocol.AH && cryptoAlg !== CryptoAlg.NONE_CRYPTO) {
    report(problems, 'AH does not encrypt; NONE_CRYPTO is accepted (or protocol ESP)', 'crypto_alg');
  }
  if (protocol === Protocol.AH && integAlg === IntegAlg.NONE_INTEG) {
    report(problems, 'AH needs an integrity algorithm', 'integ_alg');
  }
  report(problems, cryptoKeyProblem(cryptoAlg, value.cryptoKey), 'crypto_key');
  report(problems, integKeyProblem(integAlg, value.integKey), 'integ_key');
  reportTunnel(problems, value);
  return problems;
}

/** The key itself is never repeated in the message. */
function cryptoKeyProblem(algorithm: CryptoAlg, key: string): string | undefined {
  const bytes = KEY_BYTES[algorithm] ?? 0;
  if (bytes === 0 && key === '') return undefined;
  if (algorithm === CryptoAlg.NONE_CRYPTO) return 'is given without an algorithm; crypto_alg is wanted, too';
  if (isHex(key) && key.length === bytes * 2) return undefined;
  return `is no key of ${CryptoAlg[algorithm] ?? algorithm}: ${bytes * 2} hexadecimal digits (${bytes} bytes) are required`;
}

function integKeyProblem(algorithm: IntegAlg, key: string): string | undefined {
  if (algorithm === IntegAlg.NONE_INTEG) {
    return key === '' ? undefined : 'is given without an algorithm; integ_alg is wanted, too';
  }
  if (key !== '' && isHex(key) && key.length <= LONGEST_INTEG_KEY * 2) return undefined;
  return `is no key: an even number of hexadecimal digits, up to ${LONGEST_INTEG_KEY * 2}, is required`;
}

function isHex(text: string): boolean {
  return text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text);
}

function reportTunnel(problems: Problem[], value: SecurityAssociation): void {
  const { tunnelSrcAddr: from, tunnelDstAddr: to, enableUdpEncap } = value;
  if (from !== '' || to !== '') {
    report(problems, ipProblem(from), 'tunnel_src_addr');
    const family = parseIp(from)?.family;
    const same = from === to ? `${to} is the source, too` : undefined;
    report(problems, ipProblem(to, family && { family }) ?? same, 'tunnel_dst_addr');
  }
  for (const [port, field] of [
    [value.tunnelSrcPort, 'tunnel_src_port'],
    [value.tunnelDstPort, 'tunnel_dst_port'],
  ] as const) {
    const unused = port !== 0 && !enableUdpEncap ? `${port} has no meaning without enable_udp_encap` : undefined;
    report(problems, rangeProblem(port, 0, 65535, 'UDP port') ?? unused, field);
  }
}
