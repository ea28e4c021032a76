/** From the algorithms of an association to those of the kernel's crypto API. */

import { CryptoAlg, IntegAlg } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { SecurityAssociation } from '../../../model/gen/ligato/vpp/ipsec/ipsec_pb.js';
import type { StateSpec } from '../../../kernel/netlink/xfrm-state.ts';

type Algorithms = Pick<StateSpec, 'encryption' | 'authentication' | 'combined'>;

/** Names of encryption algorithms; `salt`: four bytes of it follow the key. */
const ENCRYPTION: {
  readonly [A in CryptoAlg]?: { readonly name: string; readonly salt?: true; readonly combined?: true };
} = {
  [CryptoAlg.NONE_CRYPTO]: { name: 'ecb(cipher_null)' },
  [CryptoAlg.AES_CBC_128]: { name: 'cbc(aes)' },
  [CryptoAlg.AES_CBC_192]: { name: 'cbc(aes)' },
  [CryptoAlg.AES_CBC_256]: { name: 'cbc(aes)' },
  [CryptoAlg.AES_CTR_128]: { name: 'rfc3686(ctr(aes))', salt: true },
  [CryptoAlg.AES_CTR_192]: { name: 'rfc3686(ctr(aes))', salt: true },
  [CryptoAlg.AES_CTR_256]: { name: 'rfc3686(ctr(aes))', salt: true },
  [CryptoAlg.AES_GCM_128]: { name: 'rfc4106(gcm(aes))', salt: true, combined: true },
  [CryptoAlg.AES_GCM_192]: { name: 'rfc4106(gcm(aes))', salt: true, combined: true },
  [CryptoAlg.AES_GCM_256]: { name: 'rfc4106(gcm(aes))', salt: true, combined: true },
  [CryptoAlg.DES_CBC]: { name: 'cbc(des)' },
  [CryptoAlg.DES3_CBC]: { name: 'cbc(des3_ede)' },
};

/** Names of integrity algorithms, and to how many bits they are cut. */
const INTEGRITY: { readonly [A in IntegAlg]?: readonly [name: string, bits: number] } = {
  [IntegAlg.MD5_96]: ['hmac(md5)', 96],
  [IntegAlg.SHA1_96]: ['hmac(sha1)', 96],
  [IntegAlg.SHA_256_96]: ['hmac(sha256)', 96],
  [IntegAlg.SHA_256_128]: ['hmac(sha256)', 128],
  [IntegAlg.SHA_384_192]: ['hmac(sha384)', 192],
  [IntegAlg.SHA_512_256]: ['hmac(sha512)', 256],
};

/** Bits of the integrity check value of GCM (RFC 4106 section 6). */
const GCM_CHECK_BITS = 128;

export function algorithmsOf(value: SecurityAssociation, isEsp: boolean): Algorithms {
  const { name, salt, combined } = ENCRYPTION[value.cryptoAlg]!;
  const key = bytesOf(value.cryptoKey, salt ? value.cryptoSalt : undefined);
  // GCM checks integrity itself; what is asked for besides is left out, as VPP does.
  if (isEsp && combined) return { combined: { name, key, checkBits: GCM_CHECK_BITS } };
  return { ...(isEsp ? { encryption: { name, key } } : {}), ...integrityOf(value) };
}

function integrityOf({ integAlg, integKey }: SecurityAssociation): Algorithms {
  const algorithm = INTEGRITY[integAlg];
  if (!algorithm) return {};
  return { authentication: { name: algorithm[0], checkBits: algorithm[1], key: bytesOf(integKey, undefined) } };
}

/** The salt in network order, as it goes into nonces (RFC 4106 section 4, RFC 3686 section 4). */
function bytesOf(hex: string, salt: number | undefined): Uint8Array {
  const key = Buffer.from(hex, 'hex');
  if (salt === undefined) return Uint8Array.from(key);
  const end = Buffer.alloc(4);
  end.writeUInt32BE(salt);
  return Uint8Array.from(Buffer.concat([key, end]));
}
