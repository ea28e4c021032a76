/** Keys and algorithms for tests of IPsec. */

export const KEY = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
export const CHECK =
  'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf';
export const SALT = 0x01020304;
/** Stands for the key of the null cipher. */
export const NO_KEY = 'NO-KEY';
/** What the hosts of the lab ping with. */
export const CLEAR = Buffer.from('aaaaaaaaaaaaaaaa');

/** The first bytes of a key, and the same as arguments of `ip xfrm`. */
export const key = (bytes: number): string => KEY.slice(0, bytes * 2);
export const check = (bytes: number): string => CHECK.slice(0, bytes * 2);

/** Fields of an association, and what `ip xfrm state` calls the same. */
export const CIPHERS: readonly (readonly [fields: string, crypto: string])[] = [
  ...[16, 24, 32].flatMap((bytes) => [
    [
      `cryptoAlg: AES_CBC_${bytes * 8}, cryptoKey: "${key(bytes)}", ${sha1()}`,
      `enc cbc(aes) 0x${key(bytes)} ${trunc('sha1', 20, 96)}`,
    ] as const,
    [
      `cryptoAlg: AES_CTR_${bytes * 8}, cryptoKey: "${key(bytes)}", cryptoSalt: ${SALT}, ${sha1()}`,
      `enc rfc3686(ctr(aes)) 0x${key(bytes)}01020304 ${trunc('sha1', 20, 96)}`,
    ] as const,
    [
      `cryptoAlg: AES_GCM_${bytes * 8}, cryptoKey: "${key(bytes)}", cryptoSalt: ${SALT}`,
      `aead rfc4106(gcm(aes)) 0x${key(bytes)}01020304 128`,
    ] as const,
  ]),
  [
    `cryptoAlg: DES3_CBC, cryptoKey: "${key(24)}", integAlg: MD5_96, integKey: "${check(16)}"`,
    `enc cbc(des3_ede) 0x${key(24)} ${trunc('md5', 16, 96)}`,
  ],
  [`cryptoAlg: DES_CBC, cryptoKey: "${key(8)}", ${sha1()}`, `enc cbc(des) 0x${key(8)} ${trunc('sha1', 20, 96)}`],
  [`integAlg: SHA_256_96, integKey: "${check(32)}"`, `enc ecb(cipher_null) ${NO_KEY} ${trunc('sha256', 32, 96)}`],
  [
    `cryptoAlg: AES_CBC_128, cryptoKey: "${key(16)}", integAlg: SHA_256_128, integKey: "${check(32)}"`,
    `enc cbc(aes) 0x${key(16)} ${trunc('sha256', 32, 128)}`,
  ],
  [
    `cryptoAlg: AES_CBC_128, cryptoKey: "${key(16)}", integAlg: SHA_384_192, integKey: "${check(48)}"`,
    `enc cbc(aes) 0x${key(16)} ${trunc('sha384', 48, 192)}`,
  ],
  [
    `cryptoAlg: AES_CBC_128, cryptoKey: "${key(16)}", integAlg: SHA_512_256, integKey: "${check(64)}"`,
    `enc cbc(aes) 0x${key(16)} ${trunc('sha512', 64, 256)}`,
  ],
];

export function sha1(): string {
  return `integAlg: SHA1_96, integKey: "${check(20)}"`;
}

export function trunc(name: string, bytes: number, bits: number): string {
  return `auth-trunc hmac(${name}) 0x${check(bytes)} ${bits}`;
}
